from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.exceptions import DebitError, DebitRefused

from .payment_mandate import DORMANT_MONTHS

SNAPSHOT_STATES = {
    seam.MANDATE_ACTIVE: "active",
    seam.MANDATE_SUSPENDED: "suspended",
    seam.MANDATE_FAILED: "failed",
    seam.MANDATE_CANCELLED: "cancelled",
    seam.MANDATE_EXPIRED: "expired",
    seam.MANDATE_REPLACED: "replaced",
}
# Debits that a cancelled mandate would take with it at some providers.
UNDER_WAY = ("draft", "submitting", "unknown", "submitted")
BATCH = 100
# What one night may read: the rest is the next night's, those not read for longest first.
NIGHTLY = 5000


class PaymentMandate(models.Model):
    """How a mandate follows its provider: by notification, by the nightly poll, by the calendar."""

    _inherit = "payment.mandate"

    provider_checked_at = fields.Datetime(readonly=True, copy=False)
    suspended_by_provider = fields.Boolean(readonly=True, copy=False)

    _checked_idx = models.Index(
        "(provider_id, provider_checked_at) WHERE state IN ('active', 'suspended')"
    )

    def _apply_snapshot(self, snapshot, on=None):
        """Take over what the provider says about one mandate.

        :param seam.MandateSnapshot snapshot: as the provider's client gave it.
        :param date on: the engine's date; today by default.
        """
        self.ensure_one()
        self._state_write(
            {
                "provider_mandate_ref": snapshot.ref,
                "bank_name": snapshot.bank_name or self.bank_name,
                "creditor_identifier": snapshot.creditor_identifier or self.creditor_identifier,
            }
        )
        self._follow_account(snapshot, on)
        target = SNAPSHOT_STATES.get(snapshot.status)
        if snapshot.status == seam.UNMAPPED:
            self._unknown_status(snapshot)
        elif snapshot.replaced_by and self.state in ("active", "suspended"):
            self._replaced_at_provider(snapshot, on)
        elif target and self.state != target:
            self._move_to_provider_state(target, snapshot, on)

    def _unknown_status(self, snapshot):
        self.env["payment.alert"]._raise_alert(
            "unknown_status",
            self,
            self.env._(
                "%(provider)s gave mandate %(rum)s the status “%(status)s”, which is not"
                " known here; nothing was changed.",
                provider=self.provider_id.name,
                rum=self.name,
                status=snapshot.raw_status,
            ),
        )

    def _move_to_provider_state(self, target, snapshot, on):
        if self.state == "replaced" and target == "cancelled":
            return  # the end of a former mandate, which we asked for
        if self.state == "suspended" and target == "active" and not self.suspended_by_provider:
            # A debit came back for a reason that ends it: many a provider calls it active still.
            return
        slept_too_long = (
            self.state == "expired"
            and target == "active"
            and self.expires_on <= (on or fields.Date.context_today(self))
        )
        if slept_too_long or not self._state_may(self.state, target):
            self._state_note(
                self.env._("The provider says “%(status)s”.", status=snapshot.raw_status), on
            )
            return
        reason = " ".join(filter(None, (snapshot.reason_code, snapshot.cause)))
        first = self.state in ("draft", "to_sign")
        values = {"suspended_by_provider": target == "suspended"}
        self._set_state(target, reason or snapshot.raw_status, on, values)
        if target == "active":
            self._ensure_tokens()
            self._ask_document()
            if first and self.replaces_id:
                self.replaces_id._replace_by(self, on)

    # === WHERE NO NOTIFICATION COMES === #

    @api.model
    def _cron_poll_mandates(self, on=None, limit=NIGHTLY):
        """Re-read the mandates that can be debited, those not read for longest first; nightly.

        Each batch is committed: what was heard stays heard.

        :param date on: the engine's date; today by default.
        :param int limit: how many mandates at most for each provider.
        """
        providers = self.env["payment.provider"].search([("state", "in", ("enabled", "test"))])
        for provider in providers.filtered("is_debit_provider"):
            client = provider._debit_client_or_pause()
            if client is None:
                continue
            due = self.search(
                [
                    ("provider_id", "=", provider.id),
                    ("provider_mandate_ref", "!=", False),
                    "|",
                    ("state", "in", ("draft", "to_sign", "active", "suspended")),
                    ("close_at_provider", "=", True),
                ],
                order="provider_checked_at NULLS FIRST, id",
                limit=limit,
            )
            for start in range(0, len(due), BATCH):
                due[start : start + BATCH]._poll_batch(provider, client, on)
                self.env["ir.cron"]._commit_progress(len(due[start : start + BATCH]))

    def _poll_batch(self, provider, client, on):
        """Read some mandates of one provider, several at a time, and follow each on its own."""
        self._state_write({"provider_checked_at": fields.Datetime.now()})
        calls = [partial(client.mandate_fetch, mandate.provider_mandate_ref) for mandate in self]
        answers = dict(zip(self.ids, provider._debit_run(calls), strict=True))
        for mandate in self:
            answer = answers[mandate.id]
            if isinstance(answer, Exception):
                if not isinstance(answer, DebitError):
                    raise answer
                if isinstance(answer, DebitRefused):
                    mandate._state_note(str(answer), on)
                continue
            in_savepoints(
                mandate,
                lambda record, answer=answer: record._apply_polled(client, answer, on),
                lambda record, error: record._state_note(str(error) or type(error).__name__, on),
            )

    def _apply_polled(self, client, snapshot, on):
        self._apply_snapshot(snapshot, on)
        self._settle_unknown_change(snapshot, on)
        if self.close_at_provider and not self._has_debits_under_way():
            self._close_at_provider(client, snapshot, on)

    def _has_debits_under_way(self):
        domain = [
            ("mandate_id", "in", self.ids),
            "|",
            ("debit_status", "in", UNDER_WAY),
            "&",
            ("debit_status", "=", "failed"),
            ("debit_will_retry", "=", True),
        ]
        return bool(self.env["payment.transaction"].sudo().search_count(domain, limit=1))

    def _close_at_provider(self, client, snapshot, on):
        """End a former mandate at its provider too, now that none of its debits is under way."""
        if snapshot.status in (seam.MANDATE_ACTIVE, seam.MANDATE_SUSPENDED):
            client.mandate_cancel(self.provider_mandate_ref)
            self._state_note(self.env._("Ended at the provider too"), on)
        self._state_write({"close_at_provider": False})

    @api.model
    def _cron_expire(self, today=None):
        """Expire what slept for 36 months; daily.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        dormant = self.search(
            [("state", "in", ("active", "suspended")), ("expires_on", "<=", today)]
        )
        dormant._set_state(
            "expired", self.env._("No debit for %(months)s months.", months=DORMANT_MONTHS), today
        )

    @api.depends("signed_on", "last_debit_date")
    def _compute_expires_on(self):
        for mandate in self:
            start = mandate.last_debit_date or mandate.signed_on
            mandate.expires_on = start and start + relativedelta(months=DORMANT_MONTHS)
