from datetime import datetime, time

from odoo import api, fields, models

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import target_calendar
from odoo.addons.payment_direct_debit_demo import plan

RETURN_FEE_CENTS = 350


class PaymentDemoDebit(models.Model):
    """The ledger of the demo bank: one row for each key that it heard of, or should have."""

    _name = "payment.demo.debit"
    _description = "Demo Bank Debit"
    _order = "id desc"
    _rec_name = "reference"

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="cascade", index=True
    )
    mandate_id = fields.Many2one(
        "payment.demo.mandate", readonly=True, ondelete="cascade", index=True
    )
    idempotency_key = fields.Char(required=True, readonly=True)
    ref = fields.Char(string="Bank's Reference", readonly=True, index=True)
    reference = fields.Char(required=True, readonly=True)
    amount_cents = fields.Integer(string="Amount (cents)", required=True, readonly=True)
    currency = fields.Char(required=True, readonly=True)
    status = fields.Selection(
        [
            ("unheard", "Never executed"),
            (seam.ACCEPTED, "Accepted"),
            (seam.COLLECTED, "Collected"),
            (seam.PAID_OUT, "Paid out"),
            (seam.FAILED, "Failed"),
            (seam.CANCELLED, "Cancelled"),
            (seam.RETURNED, "Returned"),
            (seam.UNMAPPED, "Unheard of"),
        ],
        required=True,
        default="unheard",
        readonly=True,
    )
    plan = fields.Char(string="Still to Come")
    calls = fields.Integer(string="Times Received", readonly=True)
    requested_date = fields.Date(readonly=True)
    charge_date = fields.Date(readonly=True)
    next_on = fields.Date(string="Next Step On")
    reason_code = fields.Char(readonly=True)
    occurred_on = fields.Date(readonly=True)

    _key_uniq = models.UniqueIndex("(provider_id, idempotency_key)")
    _ref_uniq = models.UniqueIndex("(provider_id, ref) WHERE ref IS NOT NULL")

    # === WHAT THE ENGINE ASKS === #

    @api.model
    def _by_key(self, provider, key):
        return self.search([("provider_id", "=", provider.id), ("idempotency_key", "=", key)])

    @api.model
    def _of_order(self, provider, order):
        """Return the row of the order's key, a new one the first time.

        :param seam.DebitOrder order: the attempt.
        """
        known = self._by_key(provider, order.idempotency_key)
        if known:
            return known
        mandate = self.env["payment.demo.mandate"].search(
            [("provider_id", "=", provider.id), ("ref", "=", order.mandate_ref)]
        )
        number = self.search_count([("mandate_id", "=", mandate.id)]) if mandate else 0
        return self.create(
            {
                "provider_id": provider.id,
                "mandate_id": mandate.id,
                "idempotency_key": order.idempotency_key,
                "reference": order.reference,
                "amount_cents": order.amount_cents,
                "currency": order.currency,
                "requested_date": order.requested_date,
                "plan": plan.attempt_of(mandate.script, number),
            }
        )

    def _submit(self):
        """Receive a debit once; the same key again gives what is here already.

        :raise DebitError: as the plan says.
        """
        self.ensure_one()
        self.calls += 1
        if self.status != "unheard":
            return self._snapshot()
        if self.mandate_id.status != seam.MANDATE_ACTIVE:
            raise DebitRefused("the demo bank knows no such mandate", code="MD01")
        step = self._take(plan.SENDING)
        if step and step.word == "wrong_amount":
            self.amount_cents += 1
        elif step and step.word != "lost":
            self._stumble(step)
        self._execute()
        if step and step.word == "lost":
            raise DebitOutcomeUnknown("the demo bank's answer got lost")
        return self._snapshot()

    def _stumble(self, step):
        """Raise what stands in the plan instead of executing."""
        if step.word == "lost_before":
            raise DebitOutcomeUnknown("the connection to the demo bank dropped")
        if step.word == "timeout":
            raise TimeoutError("no answer from the demo bank")
        if step.word == "retryable":
            raise DebitRetryable("the demo bank is busy", after=int(step.argument or 60))
        if step.word == "refuse":
            raise DebitRefused("the demo bank refuses", code=step.argument)
        raise ProviderMisconfigured("the demo bank does not let us in.")

    def _execute(self):
        day = target_calendar.roll_forward(self.requested_date)
        at_once = self._take({"unmapped"})
        following = plan.parse(self.plan or "")[:1]
        self.write(
            {
                "ref": f"DD{self.id:07d}",
                "status": seam.UNMAPPED if at_once else seam.ACCEPTED,
                "charge_date": day,
                "next_on": following[0].date_after(day) if following and following[0].days else day,
            }
        )

    def _look_up(self):
        """Answer a look-up by key: None for what was never executed."""
        if self and self._take(plan.ASKING):
            raise DebitOutcomeUnknown("the demo bank does not answer")
        if not self or self.status == "unheard":
            return None
        return self._snapshot()

    def _cancel(self):
        self.ensure_one()
        if self.status == seam.ACCEPTED:
            self.write({"status": seam.CANCELLED, "plan": False})
        if self.status != seam.CANCELLED:
            raise DebitRefused("it is too late to cancel", code="too_late")
        return self._snapshot()

    def _snapshot(self):
        """Return what the bank says about this debit (`seam.DebitSnapshot`)."""
        self.ensure_one()
        bad = self.status in (seam.FAILED, seam.RETURNED)
        return seam.DebitSnapshot(
            ref=self.ref,
            status=self.status,
            raw_status=f"demo_{self.status}",
            amount_cents=self.amount_cents,
            currency=self.currency,
            charge_date=self.charge_date,
            reason_code=(self.reason_code or "") if bad else "",
            cause="demo" if bad else "",
            will_retry=(self.plan or "").startswith("retry") if bad else False,
            fee_cents=RETURN_FEE_CENTS if self.status == seam.RETURNED else None,
            occurred_on=self.occurred_on if bad else None,
            reference=self.reference,
        )

    # === THE BANK'S DAYS === #

    def _take(self, words):
        """Take the next step off the plan if it is one of `words`; else None."""
        steps = plan.parse(self.plan or "")
        if not steps or steps[0].word not in words:
            return None
        self.plan = plan.render(steps[1:]) or False
        return steps[0]

    def _settle(self, today):
        """Do the steps that are due.

        :param date today: the bank's day.
        :return: list of values for payment.demo.event, one a step.
        """
        self.ensure_one()
        events = []
        while self.plan and self.next_on <= today:
            day = self.next_on
            step = self._take(plan.WORDS)
            if step.word in plan.SETTLING:
                self._do(step, day)
                events.append(self._event_values(day))
                following = plan.parse(self.plan or "")[:1]
                self.next_on = following[0].date_after(day) if following else False
        return events

    def _do(self, step, day):
        status = {
            "collect": seam.COLLECTED,
            "pay_out": seam.PAID_OUT,
            "fail": seam.FAILED,
            "return": seam.RETURNED,
            "cancel": seam.CANCELLED,
            "retry": seam.ACCEPTED,
            "unmapped": seam.UNMAPPED,
        }[step.word]
        self.status = status
        if status in (seam.FAILED, seam.RETURNED):
            self.write({"reason_code": step.argument or "MS03", "occurred_on": day})
        elif status in (seam.ACCEPTED, seam.COLLECTED):
            self.charge_date = day

    def _event_values(self, day):
        return {
            "provider_id": self.provider_id.id,
            "topic": seam.TOPIC_DEBIT,
            "ref": self.ref,
            "action": self.status,
            "occurred_at": datetime.combine(day, time(8)),
        }
