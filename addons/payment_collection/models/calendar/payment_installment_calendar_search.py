from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.payment_collection.models.calendar.payment_installment_calendar import (
    CAME_BACK,
    STATUSES,
)
from odoo.addons.payment_collection.pure import debit_calendar
from odoo.addons.payment_direct_debit import debit_states

# The day that a debit is wanted for; without the nulls, which GREATEST leaves out.
WANTED = "GREATEST({0}due_date, {0}announced_date, {0}retry_on, {0}retry_for)"
# What is to be debited, where no attempt is under way; also the condition of the index.
WAITS = (
    "{0}collection_mode = 'automatic' AND ({0}state IN ('planned', 'notified', 'invoiced', 'held')"
    " OR {0}state = 'unpaid' AND {0}retry_on IS NOT NULL)"
)


class PaymentInstallment(models.Model):
    """The place in the calendar as conditions of the database, for its lists and its figures."""

    _inherit = "payment.installment"

    # A month is read from it; what waits is never looked for among years of what is paid.
    _debit_day_idx = models.Index(f"(company_id, ({WANTED.format('')})) WHERE {WAITS.format('')}")

    # === SEARCH === #

    @api.model
    def _search_debit_day(self, operator, value):
        bounds = {
            ">=": lambda day: [(day, None)],
            ">": lambda day: [(day + debit_calendar.ONE_DAY, None)],
            "<=": lambda day: [(None, day)],
            "<": lambda day: [(None, day - debit_calendar.ONE_DAY)],
        }
        if operator == "in":
            stretches = debit_calendar.stretches(fields.Date.to_date(day) for day in value if day)
        elif operator in bounds and value:
            stretches = bounds[operator](fields.Date.to_date(value))
        else:
            return NotImplemented
        places = [
            self._debit_place_domain(
                "debit_day",
                self._debit_wanted_sql("w", since, until),
                SQL(
                    "t.payment_day BETWEEN %s AND %s",
                    since or "-infinity",
                    until or "infinity",
                ),
            )
            for since, until in stretches
        ]
        return Domain.OR([*places, *self._debit_without_place("debit_day", operator, value)])

    @api.model
    def _search_debit_figure(self, operator, value):
        if operator != "in":
            return NotImplemented
        statuses = tuple(status for name in value for status in STATUSES.get(name, ()))
        place = self._debit_each_domain(
            "debit_figure",
            SQL("TRUE") if "planned" in value else SQL("FALSE"),
            SQL("t.debit_status IN %s", statuses) if statuses else SQL("FALSE"),
        )
        return Domain.OR([place, *self._debit_without_place("debit_figure", operator, value)])

    @api.model
    def _search_debit_provider_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = tuple(id_ for id_ in value if id_) or (0,)
        place = self._debit_each_domain(
            "debit_provider_id", SQL("m.provider_id IN %s", ids), SQL("t.provider_id IN %s", ids)
        )
        return Domain.OR([place, *self._debit_without_place("debit_provider_id", operator, value)])

    @api.model
    def _debit_without_place(self, name, operator, value):
        """Return the domain of what is no debit, where the empty value is searched for."""
        if operator == "in" and False in value:
            yield ~self._debit_place_domain(name, SQL("TRUE"), SQL("TRUE"))

    @api.model
    def _debit_place_domain(self, name, planned, attempted):
        """Return the domain of the installments whose place fulfils a condition.

        :param str name: the field that is searched; Odoo checks the groups of stored ones only.
        :param SQL planned: on what is to be debited: installment `w`, its mandate `m`.
        :param SQL attempted: on the attempt that counts, `t`.
        """
        self._debit_check_and_flush(name)

        def to_sql(model, alias, query):
            return SQL(
                """%s IN (SELECT w.id FROM payment_installment w
                           LEFT JOIN payment_mandate m ON m.id = w.mandate_id
                           WHERE %s AND %s
                           UNION ALL
                          SELECT t.installment_id FROM payment_transaction t
                           WHERE %s AND %s)""",
                SQL.identifier(alias, "id"),
                self._debit_planned_sql("w"),
                planned,
                self._debit_counts_sql("t"),
                attempted,
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _debit_each_domain(self, name, planned, attempted):
        """Return the same domain, asked of each installment that the rest of a domain leaves.

        Figure and provider are asked of the days of a calendar: all that was ever collected would
        be read otherwise.
        """
        self._debit_check_and_flush(name)

        def to_sql(model, alias, query):
            return SQL(
                """(EXISTS (SELECT 1 FROM payment_installment w
                              LEFT JOIN payment_mandate m ON m.id = w.mandate_id
                             WHERE w.id = %(id)s AND %(waits)s AND %(planned)s)
                    OR EXISTS (SELECT 1 FROM payment_transaction t
                                WHERE t.installment_id = %(id)s AND %(counts)s AND %(tried)s))""",
                id=SQL.identifier(alias, "id"),
                waits=self._debit_planned_sql("w"),
                planned=planned,
                counts=self._debit_counts_sql("t"),
                tried=attempted,
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _debit_check_and_flush(self, name):
        self._check_field_access(self._fields[name], "read")
        self.flush_model()
        self.env["payment.transaction"].flush_model(
            ["installment_id", "debit_status", "payment_day", "payment_status", "provider_id"]
        )

    # === THE CONDITIONS, SHARED WITH THE CALENDAR === #

    @api.model
    def _debit_planned_sql(self, alias):
        """Return the condition on installments that are to be debited."""
        return SQL(
            """%(waits)s AND (coalesce(%(attempts)s, 0) = 0 OR NOT EXISTS (
                   SELECT 1 FROM payment_transaction live
                    WHERE live.installment_id = %(id)s AND live.debit_status IN %(live)s))""",
            waits=_on(WAITS, alias),
            attempts=SQL.identifier(alias, "attempt_count"),
            id=SQL.identifier(alias, "id"),
            live=debit_states.LIVE,
        )

    @api.model
    def _debit_counts_sql(self, alias):
        """Return the condition on attempts that give an installment its place.

        A live one, of which there is one at most; or the last that failed of what is not to be
        debited again.
        """
        return SQL(
            """%(installment)s IS NOT NULL AND %(shown)s IS NOT NULL
               AND (%(status)s IN %(live)s OR %(status)s IN %(came_back)s
               AND NOT EXISTS (SELECT 1 FROM payment_transaction other
                                WHERE other.installment_id = %(installment)s
                                  AND (other.debit_status IN %(live)s
                                       OR other.debit_status IN %(came_back)s
                                      AND other.id > %(id)s))
               AND NOT EXISTS (SELECT 1 FROM payment_installment waiting
                                WHERE waiting.id = %(installment)s AND %(waits)s))""",
            installment=SQL.identifier(alias, "installment_id"),
            shown=SQL.identifier(alias, "payment_status"),
            status=SQL.identifier(alias, "debit_status"),
            id=SQL.identifier(alias, "id"),
            live=debit_states.LIVE,
            came_back=CAME_BACK,
            waits=_on(WAITS, "waiting"),
        )

    @api.model
    def _debit_wanted_sql(self, alias, since, until, mandate="m"):
        """Return the condition on installments whose debit would be presented between two days.

        :param since: first day; None for an open end.
        :param until: last day, or None.
        :param str mandate: the alias of their mandate.
        """
        intervals = defaultdict(list)
        for provider_id, earliest in (*self._debit_earliest().items(), (None, None)):
            wanted = debit_calendar.wanted_between(since, until, earliest)
            if wanted:
                intervals[wanted].append(provider_id)
        provider = SQL.identifier(mandate, "provider_id")
        conditions = [
            SQL(
                "%s BETWEEN %s AND %s AND (%s)",
                self._debit_wanted_day_sql(alias),
                first or "-infinity",
                last or "infinity",
                SQL(" OR ").join(
                    SQL("%s = %s", provider, id_) if id_ else SQL("%s IS NULL", provider)
                    for id_ in providers
                ),
            )
            for (first, last), providers in intervals.items()
        ]
        if not conditions:
            return SQL("FALSE")
        # The widest interval once more, where the index finds it.
        firsts = [first for first, _last in intervals]
        lasts = [last for _first, last in intervals]
        return SQL(
            "%s BETWEEN %s AND %s AND (%s)",
            self._debit_wanted_day_sql(alias),
            "-infinity" if None in firsts else min(firsts),
            "infinity" if None in lasts else max(lasts),
            SQL(" OR ").join(conditions),
        )

    @api.model
    def _debit_wanted_day_sql(self, alias):
        """Return the day that a debit is wanted for; the expression of the index."""
        return _on(WANTED, alias)


def _on(template, alias):
    """Return a condition of this file on a table alias, which only this addon chooses."""
    return SQL(template.format(f'"{alias}".'))  # pylint: disable=sql-injection
