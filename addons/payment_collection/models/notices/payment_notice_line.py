from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_collection.pure import notices
from odoo.addons.payment_direct_debit.pure import money


class PaymentNoticeLine(models.Model):
    """One debit as it is announced; written by the engine, fixed once the notice has left."""

    _name = "payment.notice.line"
    _description = "Debit Notice Line"
    _order = "date, id"
    _rec_name = "installment_id"

    notice_id = fields.Many2one(
        "payment.notice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    installment_id = fields.Many2one(
        "payment.installment", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="notice_id.company_id")
    partner_id = fields.Many2one(related="notice_id.partner_id")
    state = fields.Selection(related="notice_id.state", string="Notice Status")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    label = fields.Char(readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    due_date = fields.Date(required=True, readonly=True)
    date = fields.Date(string="Debit On", required=True, readonly=True)
    notice_days = fields.Integer(string="Notice (Days)", readonly=True, aggregator=None)
    is_retry = fields.Boolean(string="New Attempt", readonly=True)
    fingerprint = fields.Char(required=True, readonly=True)

    _once_uniq = models.UniqueIndex("(notice_id, installment_id)")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_not_proof()
        return lines

    def write(self, vals):
        self._check_not_proof()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_proof(self):
        self._check_not_proof()

    def _check_not_proof(self):
        if any(notice._is_proof() for notice in self.notice_id):
            raise UserError(self.env._("What a client was told stays as it was told."))

    def _terms(self):
        """Return what the client was told, as `pure.notices.Terms`."""
        self.ensure_one()
        notice = self.notice_id.sudo()
        return notices.Terms(
            amount_cents=money.to_cents(self.amount, self.currency_id.decimal_places),
            currency=self.currency_id.name,
            due_date=self.due_date,
            account=notice.account_key or "",
            rum=notice.rum or "",
            creditor=notice.creditor_identifier or "",
        )
