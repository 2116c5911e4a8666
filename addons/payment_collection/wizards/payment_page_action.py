from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_collection.models.page import payment_page_effects

# So many lines are made by one request; a run is the tool for more.
LIMIT = 2000

ACTIONS = [
    ("retry", "Retry now"),
    ("hold", "Hold"),
    ("release", "Release"),
    ("resync", "Resync with the provider"),
    ("link", "Send a payment link"),
    ("refund", "Refund"),
]


class PaymentPageAction(models.TransientModel):
    """What is done to many payments: shown first, then done, then told payment by payment."""

    _name = "payment.page.action"
    _description = "Action on Payments"

    action = fields.Selection(ACTIONS, required=True, readonly=True)
    state = fields.Selection(
        [("preview", "Preview"), ("done", "Done")], default="preview", readonly=True
    )
    line_ids = fields.One2many("payment.page.action.line", "wizard_id", readonly=True)
    doable_count = fields.Integer(compute="_compute_counts")
    left_out_count = fields.Integer(compute="_compute_counts")
    summary = fields.Char(compute="_compute_counts")
    note = fields.Char(string="Reason", help="Why the money goes back; stays in this database.")
    confirm_within_8_weeks = fields.Boolean(
        string="Refund although it may be paid twice",
        groups="payment_direct_debit.group_payment_manager",
        help="For eight weeks the client can have a Core debit paid back by his bank, whether we"
        " have refunded it or not.",
    )

    @api.depends("line_ids.is_left_out", "state")
    @api.depends_context("lang")
    def _compute_counts(self):
        for wizard in self:
            left_out = wizard.line_ids.filtered("is_left_out")
            doable = wizard.line_ids - left_out
            wizard.doable_count = len(doable)
            wizard.left_out_count = len(left_out)
            totals = " + ".join(
                currency.format(sum(lines.mapped("amount")))
                for currency, lines in doable.grouped("currency_id").items()
            )
            names = {
                "done": len(doable),
                "all": len(wizard.line_ids),
                "amount": totals or "0",
                "left": len(left_out),
            }
            if wizard.state == "done":
                text = self.env._("%(done)s done (%(amount)s), %(left)s left out", **names)
            else:
                text = self.env._(
                    "%(done)s of %(all)s payments (%(amount)s); %(left)s left out", **names
                )
            wizard.summary = text

    @api.model
    @api.private
    def _open_for(self, payments, action):
        """Make the preview of an action on payments; the action that opens it.

        :param payments: payment.transaction that the user may read.
        :param str action: one of ACTIONS.
        :raise UserError: nothing is selected, or more than one request should do.
        """
        if not payments:
            raise UserError(self.env._("Select the payments first."))
        if len(payments) > LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s payments are selected; at most %(limit)s can be done at once."
                    " Narrow the filter.",
                    count=len(payments),
                    limit=LIMIT,
                )
            )
        wizard = self.create({"action": action})
        wizard._preview(payments)
        return wizard._reopen()

    def _reopen(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": labels[self.action],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _preview(self, payments):
        """Ask of each payment what the action would do, and write it down."""
        effects = self._effects(payments)
        self.env["payment.page.action.line"].sudo().create(
            [
                {
                    "wizard_id": self.id,
                    "transaction_id": payment.id,
                    "is_left_out": effects[payment.id].is_left_out,
                    "effect": effects[payment.id].text,
                }
                for payment in payments
            ]
        )

    def _effects(self, payments):
        """Return {payment id: Effect} under the options of the wizard."""
        options = payment_page_effects.Options(
            on=fields.Date.context_today(self),
            confirmed=self.sudo().confirm_within_8_weeks,
        )
        effects = getattr(payments, f"_page_effects_{self.action}")(options)
        for payment_id, reason in payments._page_effects_archived().items():
            effects[payment_id] = payment_page_effects.Effect(reason, is_left_out=True)
        return effects

    def write(self, vals):
        result = super().write(vals)
        if "confirm_within_8_weeks" in vals:
            self._preview_again()
        return result

    def _preview_again(self):
        for wizard in self.filtered(lambda w: w.state == "preview"):
            effects = wizard._effects(wizard.line_ids.transaction_id)
            for line in wizard.line_ids:
                effect = effects[line.transaction_id.id]
                line.sudo().write({"is_left_out": effect.is_left_out, "effect": effect.text})

    def action_preview_again(self):
        """Show the preview under the options as they are now."""
        self._preview_again()
        return self._reopen()

    def action_confirm(self):
        """Do it to those that may, as they are now; tell what became of each."""
        self.ensure_one()
        self.env["payment.transaction"].check_access("write")
        if self.state == "done":
            raise UserError(self.env._("This was done already."))
        # The world has moved on since the preview.
        self._preview_again()
        doable = self.line_ids.filtered(lambda line: not line.is_left_out)
        getattr(doable.transaction_id, f"_page_do_{self.action}")(self._told(doable), self.note)
        self.state = "done"
        return self._reopen()

    def _told(self, lines):
        """Return the function that notes on the lines what became of a payment."""
        by_payment = {line.transaction_id.id: line for line in lines}

        def tell(payment, error):
            line = by_payment[payment.id]
            line.sudo().write(
                {"is_left_out": True, "effect": (str(error) or type(error).__name__)[:500]}
            )

        return tell
