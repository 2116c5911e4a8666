from odoo import fields, models

from odoo.addons.payment_direct_debit import debit_states


class PaymentTransaction(models.Model):
    """The debit as one attempt on an installment."""

    _inherit = "payment.transaction"

    installment_id = fields.Many2one(
        "payment.installment", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    run_id = fields.Many2one(
        "payment.run", index="btree_not_null", readonly=True, ondelete="restrict"
    )

    # Whatever goes wrong above, the database does not take a second live attempt.
    _one_live_attempt = models.UniqueIndex(
        f"(installment_id) WHERE debit_status IN {debit_states.LIVE}",
        "This installment has an attempt under way already.",
    )

    def _debit_after(self, status, on):
        """Carry what happened to the debits over to their installments."""
        result = super()._debit_after(status, on)
        mine = self.filtered("installment_id")
        if mine:
            getattr(mine, f"_installments_{status}", mine._installments_unmoved)(on)
        return result

    def _installments_unmoved(self, on):
        """Nothing to carry over for this status."""

    def _installments_submitted(self, on):
        # Only after a failure, a return or a cancellation that the provider knows nothing of: it
        # has taken the same debit up again.
        again = self.installment_id.filtered(
            lambda i: i.state in ("unpaid", "disputed", "invoiced")
        )
        again._set_state("in_collection", self.env._("Taken up again by the provider"), on)

    def _installments_collected(self, on):
        for day, debits in self.grouped("debit_settled_date").items():
            debits.installment_id._settle(on, paid_on=day)

    def _installments_failed(self, on):
        self._installments_undone("unpaid", on)

    def _installments_returned(self, on):
        disputed = self.filtered(lambda d: d.debit_reason_id.category == "dispute")
        disputed._installments_undone("disputed", on)
        (self - disputed)._installments_undone("unpaid", on)

    def _installments_undone(self, state, on):
        for reason, debits in self.grouped("debit_reason_id").items():
            # Paid by other means while the debit was under way: it owes nothing any more.
            debits.installment_id._settle(on)
            installments = debits.installment_id.filtered(lambda i: not i._is_settled())
            installments._set_state(
                state,
                reason.display_name or debits[:1].debit_reason_raw or "",
                on,
                {
                    "last_reason_id": reason.id,
                    "paid_on": False,
                    # A new attempt is a new collection: it is announced anew (SDD rulebook).
                    "notice_line_id": False,
                    "announced_date": False,
                },
            )

    def _installments_cancelled(self, on):
        under_way = self.installment_id.filtered(lambda i: i.state == "in_collection")
        under_way._set_state("invoiced", self.env._("Debit cancelled before it left"), on)
        under_way._settle(on)
