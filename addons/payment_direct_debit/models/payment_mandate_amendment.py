from odoo import fields, models

from odoo.addons.payment_direct_debit import seam


class PaymentMandateAmendment(models.Model):
    """What changed about a mandate after it was signed, who asked for it, and the proof.

    A changed account must be told to the debtor's bank with the next debit (SDD Core rulebook,
    amendment of a mandate): the provider that holds the mandate does so.
    """

    _name = "payment.mandate.amendment"
    _description = "Mandate Amendment"
    _inherit = ["payment.state.mixin"]
    _order = "id desc"
    _rec_name = "mandate_id"

    _state_initial = ()
    _state_transitions = frozenset(
        {
            ("asked", "done"),
            ("asked", "cancelled"),
            ("sent", "done"),
            ("sent", "unknown"),
            ("sent", "refused"),
            ("unknown", "done"),
            ("unknown", "refused"),
        }
    )

    mandate_id = fields.Many2one(
        "payment.mandate", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="mandate_id.company_id", store=True)
    date = fields.Date(required=True, readonly=True)
    kind = fields.Selection(
        [("account", "Bank account"), ("successor", "New mandate")],
        string="What Changed",
        required=True,
        readonly=True,
    )
    origin = fields.Selection(
        [
            ("debtor", "The debtor, on the provider's page"),
            ("office", "Entered here"),
            ("provider", "Told by the provider"),
        ],
        string="Asked By",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", string="Entered By", readonly=True)
    account_before = fields.Char(string="Former Account", readonly=True)
    account_after = fields.Char(string="New Account", readonly=True)
    account_fingerprint = fields.Char(readonly=True, groups="base.group_system")
    successor_id = fields.Many2one("payment.mandate", readonly=True)
    session_ref = fields.Char(readonly=True, groups="base.group_system")
    evidence = fields.Binary(attachment=True, readonly=True)
    evidence_name = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("asked", "Waiting for the debtor"),
            ("sent", "Sent"),
            ("unknown", "Outcome not known"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Not carried out"),
        ],
        required=True,
        readonly=True,
        index=True,
    )

    _state_guarded = frozenset(
        {
            "mandate_id",
            "date",
            "kind",
            "origin",
            "user_id",
            "account_before",
            "account_after",
            "account_fingerprint",
            "successor_id",
            "session_ref",
            "evidence",
            "evidence_name",
        }
    )
    # A mandate has one account: two changes of it can not be under way at once.
    _open_uniq = models.UniqueIndex(
        "(mandate_id) WHERE state IN ('asked', 'sent', 'unknown')",
        "A change of this mandate's bank account is under way already.",
    )

    def _done(self, snapshot, on):
        """The provider debits the new account now.

        :param seam.MandateSnapshot snapshot: what it says about the mandate; None when that was
            taken over already.
        :param date on: the engine's date.
        """
        self.ensure_one()
        self.mandate_id._state_write(
            {
                "iban_masked": self.account_after,
                "iban_country": self.account_after[:2],
                "iban_fingerprint": self.account_fingerprint,
            }
        )
        self._set_state("done", on=on)
        if snapshot is not None:
            self.mandate_id._apply_snapshot(snapshot, on)
        if snapshot is None or snapshot.status == seam.MANDATE_ACTIVE:
            self.mandate_id._resume_with_new_account(on)
