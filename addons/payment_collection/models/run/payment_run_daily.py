from datetime import datetime, time
from zoneinfo import ZoneInfo

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.payment_collection.models.installment.payment_installment import COLLECTABLE
from odoo.addons.payment_direct_debit.pure import target_calendar

PARIS = ZoneInfo("Europe/Paris")


class PaymentRun(models.Model):
    """One run a day, for each company that is owed something."""

    _inherit = "payment.run"

    @api.model
    def _default_until(self, company, on):
        """Return up to which due date installments have to leave on a day.

        :param company: whose providers' lead times count; the longest one.
        :param date on: the day of the run.
        """
        providers = (
            self.env["payment.provider"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "in", ("enabled", "test"))])
        )
        leads = [p._debit_profile().lead_days for p in providers if p._debit_profile()]
        if not leads:
            return on
        noon = datetime.combine(on, time(8), PARIS)
        first = target_calendar.earliest_due_date(noon, max(leads), time(12))
        # Days on which nothing settles roll forward to the next one, and leave with it.
        following = target_calendar.add_target_days(first, 1)
        return fields.Date.subtract(following, days=1)

    @api.model
    def _run_of_the_day(self, company, on):
        """Return the run of a company for a day, made where it is missing and needed.

        :return: none where nothing is due, or where another process has made it at this moment.
        """
        until = self._default_until(company, on)
        run = self.search(
            [("company_id", "=", company.id), ("date", "=", on), ("state", "!=", "cancelled")],
            limit=1,  # the latest: what was stopped may have a successor on the same day
        )
        if run:
            return run
        self._release_mended(company, on)
        invoiced_only = Domain("collection_mode", "=", "one_off") & Domain("state", "=", "invoiced")
        due = Domain("state", "in", COLLECTABLE) & Domain("due_date", "<=", until) & ~invoiced_only
        again = Domain("state", "=", "unpaid") & Domain("retry_on", "<=", on)
        announced = Domain("announced_date", "=", False) | Domain("announced_date", "<=", until)
        if not self.env["payment.installment"].search_count(
            Domain("company_id", "=", company.id) & (due | again) & announced, limit=1
        ):
            return run
        try:
            with self.env.cr.savepoint():
                return self.create({"company_id": company.id, "date": on, "date_until": until})
        except UniqueViolation:
            return run  # whoever has made it executes it

    @api.model
    def _cron_run(self, today=None):
        """Go on with runs that did not finish, then make and execute today's; daily and triggered.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        for run in self.search([("state", "=", "running")], order="date, id"):
            run.with_company(run.company_id)._execute(max(run.date, today))
        if not target_calendar.is_target_day(today):
            return  # no bank settles; what is due leaves with the last or the next working day
        due = self.env["payment.installment"]._read_group(
            [("state", "in", (*COLLECTABLE, "held", "unpaid"))], ["company_id"]
        )
        for (company,) in due:
            run = self.with_company(company)._run_of_the_day(company, today)
            if run.state == "planned":
                run._execute(today)
