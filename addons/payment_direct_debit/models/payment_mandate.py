from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit.pure import iban as iban_tools

# A mandate without a collection for so long must not be used any more: EPC rulebook, section on
# the cancellation of mandates; Banque de France.
DORMANT_MONTHS = 36

# What the debtor signed: another debtor, account or creditor is another mandate.
TERMS = frozenset(
    {
        "name",
        "partner_id",
        "company_id",
        "provider_id",
        "creditor_identifier",
        "scheme",
        "signed_on",
        "signature_method",
    }
)


class PaymentMandate(models.Model):
    """The debtor's authorisation to debit an account; ours, whoever holds a copy of it."""

    _name = "payment.mandate"
    _description = "SEPA Mandate"
    _inherit = ["mail.thread", "payment.state.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _state_transitions = frozenset(
        {
            ("draft", "to_sign"),
            ("draft", "active"),
            ("draft", "cancelled"),
            ("draft", "failed"),
            ("to_sign", "active"),
            ("to_sign", "failed"),
            ("to_sign", "cancelled"),
            ("active", "suspended"),
            ("suspended", "active"),
            ("active", "failed"),
            ("active", "cancelled"),
            ("active", "expired"),
            ("active", "replaced"),
            ("suspended", "cancelled"),
            ("suspended", "expired"),
            ("suspended", "failed"),
            ("suspended", "replaced"),
            # The provider takes a mandate up again (reinstated at the bank).
            ("cancelled", "active"),
            ("expired", "active"),
        }
    )
    _state_guarded = frozenset(
        {
            "provider_mandate_ref",
            "signature_session_ref",
            "iban_fingerprint",
            "iban_masked",
            "iban_country",
            "bank_name",
            "first_debit_date",
            "last_debit_date",
            "replaced_by_id",
            "document",
            "document_next_try",
            "document_tries",
            "replaces_id",
            "close_at_provider",
            "suspended_by_provider",
            "provider_checked_at",
            "signature_expires_on",
            "registration_key",
            "registration_sent_at",
            "registration_pending",
            "account_holder",
        }
    )

    name = fields.Char(
        string="RUM",
        required=True,
        copy=False,
        default=lambda self: self.env["ir.sequence"].next_by_code("payment.mandate"),
        help="Unique mandate reference: what the debtor and his bank know the mandate by.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Debtor", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    provider_id = fields.Many2one(
        "payment.provider",
        string="Held By",
        check_company=True,
        ondelete="restrict",
        domain=[("state", "!=", "disabled")],
    )
    creditor_identifier = fields.Char(string="Creditor Identifier (ICS)", copy=False)
    scheme = fields.Selection(
        [("core", "SEPA Core"), ("b2b", "SEPA B2B")], required=True, default="core"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_sign", "To sign"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
            ("replaced", "Replaced"),
            ("failed", "Failed"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    provider_mandate_ref = fields.Char(
        string="Reference at the Provider", copy=False, readonly=True, index="btree_not_null"
    )
    signature_session_ref = fields.Char(copy=False, readonly=True, index="btree_not_null")
    token_ids = fields.One2many("payment.token", "mandate_id", readonly=True)
    transaction_ids = fields.One2many("payment.transaction", "mandate_id", readonly=True)
    debit_count = fields.Integer(compute="_compute_debit_count")

    iban_masked = fields.Char(string="Account", copy=False, readonly=True)
    iban_country = fields.Char(string="Account Country", size=2, copy=False, readonly=True)
    iban_fingerprint = fields.Char(copy=False, readonly=True, groups="base.group_system")
    bank_name = fields.Char(string="Bank", copy=False, readonly=True)

    signed_on = fields.Date(copy=False)
    signature_method = fields.Selection(
        [
            ("provider_page", "On the provider's page"),
            ("paper", "On paper"),
            ("imported", "Taken over from elsewhere"),
        ],
        copy=False,
    )
    first_debit_date = fields.Date(copy=False, readonly=True)
    last_debit_date = fields.Date(copy=False, readonly=True)
    expires_on = fields.Date(compute="_compute_expires_on", store=True)

    _rum_uniq = models.UniqueIndex(
        "(company_id, upper(name))",
        "This mandate reference (RUM) is taken: it stays unique for ever, cancelled or not.",
    )
    _provider_ref_uniq = models.UniqueIndex(
        "(provider_id, provider_mandate_ref) WHERE provider_mandate_ref IS NOT NULL",
        "This mandate of the provider is linked to another mandate already.",
    )

    def _compute_debit_count(self):
        counts = dict(
            self.env["payment.transaction"]
            .sudo()
            ._read_group([("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"])
        )
        for mandate in self:
            mandate.debit_count = counts.get(mandate, 0)

    @api.constrains("scheme", "provider_id")
    def _check_scheme_is_offered(self):
        for mandate in self:
            if problem := mandate._scheme_problem(mandate.provider_id, mandate.scheme):
                raise ValidationError(problem)

    @api.model
    def _scheme_problem(self, provider, scheme):
        """Return why a provider can not hold mandates of a scheme; empty when it can."""
        profile = provider._debit_profile() if provider else None
        if profile is None or scheme in profile.schemes:
            return ""
        return self.env._(
            "%(provider)s does not collect by %(scheme)s.",
            provider=provider.name,
            scheme=dict(self._fields["scheme"].selection)[scheme],
        )

    @api.constrains("name")
    def _check_rum(self):
        for mandate in self:
            if not iban_tools.is_valid_rum(mandate.name):
                raise ValidationError(
                    self.env._(
                        "“%(rum)s” can not be a mandate reference: up to 35 letters, digits and"
                        " + ? / - : ( ) . , ' without a slash at either end.",
                        rum=mandate.name,
                    )
                )

    def write(self, vals):
        if TERMS & vals.keys() and not self._state_is_writer():
            signed = self.filtered(lambda mandate: mandate.state not in ("draft", "to_sign"))
            if signed:
                raise UserError(
                    self.env._(
                        "%(mandates)s: the terms of a mandate that was signed stay as they are.",
                        mandates=", ".join(signed.mapped("name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if kept := self.filtered(lambda mandate: mandate.state != "draft"):
            raise UserError(
                self.env._(
                    "%(mandates)s: a mandate is proof and can not be deleted; cancel it instead.",
                    mandates=", ".join(kept.mapped("name")),
                )
            )

    # === WHAT THE ENGINE ASKS === #

    def _usable_on(self, date):
        """Tell whether a debit of that date may use this mandate; never raises.

        :param date date: the day of the debit.
        """
        self.ensure_one()
        return (
            self.state == "active"
            and bool(self.provider_mandate_ref)
            and (not self.signed_on or self.signed_on <= date)
            and (not self.expires_on or date < self.expires_on)
        )

    def _ensure_tokens(self):
        """Give each mandate one active token at its provider, in one create."""
        method = self.env["payment.provider"]._debit_payment_method()
        held = self._own_tokens().mandate_id
        values = [
            {
                "provider_id": mandate.provider_id.id,
                "payment_method_id": method.id,
                "partner_id": mandate.partner_id.id,
                "provider_ref": mandate.provider_mandate_ref,
                "payment_details": (mandate.iban_masked or "")[-4:],
                "mandate_id": mandate.id,
            }
            for mandate in (self | self) - held  # a mandate may be there twice
            if mandate.provider_mandate_ref
        ]
        self.env["payment.token"].sudo().create(values)

    def _own_tokens(self):
        """Return the active tokens at the providers that hold the mandates; others may know a
        mandate besides."""
        return self.token_ids.filtered(
            lambda token: token.active and token.provider_id == token.mandate_id.provider_id
        )

    def _touch_debit_dates(self, dates):
        """Keep the first and the last debit date.

        :param dict dates: {mandate id: date of a debit presented}.
        """
        for mandate in self:
            date = dates[mandate.id]
            values = {}
            if not mandate.first_debit_date or date < mandate.first_debit_date:
                values["first_debit_date"] = date
            if not mandate.last_debit_date or date > mandate.last_debit_date:
                values["last_debit_date"] = date
            if values:
                mandate._state_write(values)
