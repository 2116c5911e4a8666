from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from odoo.addons.payment_collection.models.calendar.payment_installment_calendar import (
    FIGURE_OF,
    FIGURES,
    FINANCE,
)
from odoo.addons.payment_collection.pure import debit_calendar
from odoo.addons.payment_direct_debit.pure import target_calendar


class PaymentDebitCalendar(models.AbstractModel):
    """A month of debits, day by day: planned, sent, collected, failed."""

    _name = "payment.debit.calendar"
    _description = "Debit Calendar"

    @api.model
    @api.readonly
    def get_calendar(self, day, provider_id=False, rep_id=False):
        """Count and add up the debits of a month, in two queries and under the user's rights.

        :param day: any day of the month (date, or its ISO form).
        :param int provider_id: only what this provider debits; all where it is not given.
        :param int rep_id: only clients of this sales rep.
        :return: {first, last, today, earliest, days, totals}. `days` are the whole weeks that the
            month touches: [{day, is_outside, is_closed, holiday, figures}]; `figures` and `totals`
            are {figure: {count, held, amounts: [[currency id, amount]]}}, where there is something.
            `earliest` is the first day that a debit which leaves today can have, or False.
        :raise AccessError: the user is not of finance.
        """
        self._check_finance()
        day = fields.Date.to_date(day)
        first, last = debit_calendar.grid(day, int(get_lang(self.env).week_start) - 1)
        cells = defaultdict(lambda: defaultdict(_Sum))
        totals = defaultdict(_Sum)
        counted = (
            *self._planned_rows(first, last, provider_id, rep_id),
            *self._attempt_rows(first, last, provider_id, rep_id),
        )
        for on, figure, is_held, currency_id, count, amount in counted:
            cells[on][figure].add(is_held, currency_id, count, amount)
            if (on.year, on.month) == (day.year, day.month):
                totals[figure].add(is_held, currency_id, count, amount)
        earliest = self.env["payment.installment"]._debit_earliest()
        mine = {provider_id} if provider_id else set(self._providers().ids)
        names = self._holiday_names()
        return {
            "first": first,
            "last": last,
            "today": fields.Date.context_today(self),
            "earliest": min((earliest[id_] for id_ in mine & earliest.keys()), default=False),
            "days": [
                {
                    "is_outside": (date.year, date.month) != (day.year, day.month),
                    **self._day(date, names, cells[date]),
                }
                for date in debit_calendar.days_between(first, last)
            ],
            "totals": {figure: total.plain(self.env) for figure, total in totals.items()},
        }

    @api.model
    @api.readonly
    def get_filters(self):
        """Return {providers, reps, figures}: what the calendar can be narrowed to, and its words.

        :return: each a list of [id, name].
        :raise AccessError: the user is not of finance.
        """
        self._check_finance()
        reps = (
            self.env["res.partner"]
            .sudo()
            ._read_group(
                [("user_id", "!=", False), ("company_id", "in", [*self.env.companies.ids, False])],
                ["user_id"],
            )
        )
        words = self.env["payment.installment"]._fields["debit_figure"]._description_selection
        return {
            "providers": [[provider.id, provider.name] for provider in self._providers()],
            "reps": sorted(([rep.id, rep.name] for (rep,) in reps), key=lambda row: row[1].lower()),
            "figures": [list(row) for row in words(self.env)],
        }

    def _check_finance(self):
        if not self.env.user.has_group(FINANCE):
            raise AccessError(self.env._("The debit calendar is for the users of finance."))

    def _providers(self):
        """Return the providers of debits of the companies at hand."""
        providers = self.env["payment.provider"].sudo()
        return providers.search(
            [("company_id", "in", self.env.companies.ids), ("state", "!=", "disabled")]
        ).filtered("is_debit_provider")

    # === WHAT IS COUNTED === #

    def _planned_rows(self, first, last, provider_id, rep_id):
        """Return [(day, "planned", held?, currency id, count, amount)] of what is to be debited."""
        installments = self.env["payment.installment"]
        installments.flush_model()
        self.env["payment.transaction"].flush_model(["installment_id", "debit_status"])
        query = installments._search(
            Domain("partner_id.user_id", "=", rep_id) if rep_id else Domain.TRUE
        )
        alias = query.table
        mandate = query.left_join(alias, "mandate_id", "payment_mandate", "id", "mandate_id")
        provider = SQL.identifier(mandate, "provider_id")
        query.add_where(installments._debit_planned_sql(alias))
        query.add_where(installments._debit_wanted_sql(alias, first, last, mandate))
        if provider_id:
            query.add_where(SQL("%s = %s", provider, provider_id))
        columns = (
            installments._debit_wanted_day_sql(alias),
            provider,
            SQL("%s = 'held'", SQL.identifier(alias, "state")),
            SQL.identifier(alias, "currency_id"),
        )
        earliest = installments._debit_earliest()
        return [
            (debit_calendar.presented_on(wanted, earliest.get(id_)), "planned", *counted)
            for wanted, id_, *counted in self._grouped(query, alias, columns)
        ]

    def _attempt_rows(self, first, last, provider_id, rep_id):
        """Return the same of what was tried: its figure follows from the status of the attempt."""
        payments = self.env["payment.transaction"]
        domain = Domain("payment_day", ">=", first) & Domain("payment_day", "<=", last)
        if provider_id:
            domain &= Domain("provider_id", "=", provider_id)
        if rep_id:
            domain &= Domain("rep_id", "=", rep_id)
        payments.flush_model()
        query = payments._search(domain)
        alias = query.table
        query.add_where(self.env["payment.installment"]._debit_counts_sql(alias))
        columns = (
            SQL.identifier(alias, "payment_day"),
            SQL.identifier(alias, "debit_status"),
            SQL("FALSE"),
            SQL.identifier(alias, "currency_id"),
        )
        return [
            (on, FIGURE_OF[status], *counted)
            for on, status, *counted in self._grouped(query, alias, columns)
        ]

    def _grouped(self, query, alias, columns):
        """Return the rows of a query counted and added up by columns."""
        query.groupby = SQL("1, 2, 3, 4")
        query.order = None
        amount = SQL("sum(%s)", SQL.identifier(alias, "amount"))
        return self.env.execute_query(query.select(*columns, SQL("count(*)"), amount))

    # === A DAY === #

    def _day(self, date, names, figures):
        """Return what the web client shows of a day.

        :param dict names: {key of `named_days`: name}.
        """
        key = debit_calendar.named_days(date.year).get(date)
        return {
            "day": date,
            "is_closed": not target_calendar.is_target_day(date),
            "holiday": key and names[key],
            "figures": {
                name: figures[name].plain(self.env) for name, _label in FIGURES if name in figures
            },
        }

    def _holiday_names(self):
        """Return {key of `named_days`: name in the user's language}."""
        return {
            "new_year": self.env._("New Year's Day"),
            "good_friday": self.env._("Good Friday"),
            "easter_sunday": self.env._("Easter Sunday"),
            "easter_monday": self.env._("Easter Monday"),
            "labour_day": self.env._("Labour Day"),
            "victory_day": self.env._("Victory Day 1945"),
            "ascension": self.env._("Ascension Day"),
            "whit_monday": self.env._("Whit Monday"),
            "national_day": self.env._("Bastille Day"),
            "assumption": self.env._("Assumption Day"),
            "all_saints": self.env._("All Saints' Day"),
            "armistice": self.env._("Armistice Day 1918"),
            "christmas": self.env._("Christmas Day"),
            "second_christmas": self.env._("Banks closed"),
        }


class _Sum:
    """How many, how many of them held, and how much in each currency."""

    def __init__(self):
        self.count = self.held = 0
        self.amounts = {}

    def add(self, is_held, currency_id, count, amount):
        self.count += count
        self.held += count if is_held else 0
        self.amounts[currency_id] = self.amounts.get(currency_id, 0) + amount

    def plain(self, env):
        currencies = env["res.currency"].browse(sorted(self.amounts))
        return {
            "count": self.count,
            "held": self.held,
            # PostgreSQL adds numerics up; what is left is the float that the driver makes of them.
            "amounts": [
                [currency.id, currency.round(self.amounts[currency.id])] for currency in currencies
            ],
        }
