from collections import defaultdict
from datetime import datetime, time

from odoo import api, fields, models

from odoo.addons.payment_collection.models.installment.payment_installment_guards import PARIS
from odoo.addons.payment_collection.pure import debit_calendar
from odoo.addons.payment_direct_debit import debit_states
from odoo.addons.payment_direct_debit.pure import target_calendar

FIGURES = [
    ("planned", "Planned"),
    ("sent", "Sent"),
    ("collected", "Collected"),
    ("failed", "Failed"),
]
CAME_BACK = ("failed", "returned")
STATUSES = {
    "sent": debit_states.OPEN,
    "collected": debit_states.MONEY_IN,
    "failed": CAME_BACK,
}
FIGURE_OF = {status: figure for figure, statuses in STATUSES.items() for status in statuses}
FINANCE = "payment_direct_debit.group_payment_user"


class PaymentInstallment(models.Model):
    """The day on which an installment is debited, and what came of it: one place in the calendar.

    What has an attempt under way, or one that brought money, stands on the day of that attempt;
    what is to be debited, on the day that the engine would ask for; what failed, on the day of its
    last attempt. What never was, and is not going to be, a debit has no place.
    """

    _inherit = "payment.installment"

    debit_day = fields.Date(
        string="Debited On",
        compute="_compute_debit_place",
        search="_search_debit_day",
        groups=FINANCE,
        help="The day on which the debit is presented: asked for, or expected.",
    )
    debit_figure = fields.Selection(
        FIGURES,
        string="In the Calendar",
        compute="_compute_debit_place",
        search="_search_debit_figure",
        groups=FINANCE,
    )
    debit_provider_id = fields.Many2one(
        "payment.provider",
        string="Debited By",
        compute="_compute_debit_place",
        search="_search_debit_provider_id",
        groups=FINANCE,
    )

    @api.depends(
        "state",
        "due_date",
        "announced_date",
        "retry_on",
        "retry_for",
        "mandate_id.provider_id",
        "transaction_ids.debit_status",
        "transaction_ids.debit_requested_date",
    )
    def _compute_debit_place(self):
        """Find day, figure and provider for all records at once, as the search finds them."""
        attempts = self._debit_attempts()
        earliest = self._debit_earliest()
        for installment in self:
            attempt = attempts.get(installment.id)
            waits = installment._debit_waits()
            if waits and not (attempt and attempt.debit_status in debit_states.LIVE):
                provider = installment.sudo().mandate_id.provider_id
                installment.debit_figure = "planned"
                installment.debit_day = debit_calendar.presented_on(
                    max(filter(None, (installment._day_to_debit(), installment.announced_date))),
                    earliest.get(provider.id),
                )
                installment.debit_provider_id = provider
            else:
                installment.debit_figure = attempt and FIGURE_OF[attempt.debit_status]
                installment.debit_day = attempt and attempt.debit_requested_date
                installment.debit_provider_id = attempt and attempt.provider_id

    def _debit_waits(self):
        """Tell whether this is to be debited, unless an attempt is under way; as WAITS does."""
        self.ensure_one()
        open_state = self.state in ("planned", "notified", "invoiced", "held")
        again = self.state == "unpaid" and self.retry_on
        return bool(self.collection_mode == "automatic" and (open_state or again))

    def _debit_attempts(self):
        """Return {installment id: the attempt that counts}: the live one, else the last."""
        found = defaultdict(lambda: self.env["payment.transaction"].sudo())
        debits = found.default_factory().search(
            [
                ("installment_id", "in", self.ids),
                ("debit_status", "in", (*debit_states.LIVE, *CAME_BACK)),
            ],
            order="id",
        )
        for debit in debits:
            if found[debit.installment_id.id].debit_status not in debit_states.LIVE:
                found[debit.installment_id.id] = debit
        return dict(found)

    @api.model
    def _debit_earliest(self):
        """Return {provider id: the first day that a debit which leaves today can still have}."""
        today = fields.Date.context_today(self)
        morning = datetime.combine(today, time(8), PARIS)  # as `_possible_date` counts
        earliest = {}
        for provider in self.env["payment.provider"].sudo().search([("code", "!=", "none")]):
            profile = provider._debit_profile()
            if profile:
                earliest[provider.id] = target_calendar.earliest_due_date(
                    morning, profile.lead_days, profile.cutoff
                )
        return earliest
