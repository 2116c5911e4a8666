from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit_demo import plan

BANK = "Demo Bank"


class PaymentDemoMandate(models.Model):
    """A mandate in the books of the demo bank, with what happens to debits that use it."""

    _name = "payment.demo.mandate"
    _description = "Demo Bank Mandate"
    _order = "id desc"
    _rec_name = "ref"

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="cascade", index=True
    )
    ref = fields.Char(string="Bank's Reference", compute="_compute_refs", store=True, index=True)
    session_ref = fields.Char(compute="_compute_refs", store=True, index=True)
    rum = fields.Char(string="RUM", required=True, readonly=True)
    holder = fields.Char(readonly=True)
    scheme = fields.Selection(
        [("core", "SEPA Core"), ("b2b", "SEPA B2B")], required=True, default="core", readonly=True
    )
    status = fields.Selection(
        [
            (seam.MANDATE_PENDING, "Pending"),
            (seam.MANDATE_ACTIVE, "Active"),
            (seam.MANDATE_SUSPENDED, "Suspended"),
            (seam.MANDATE_FAILED, "Failed"),
            (seam.MANDATE_CANCELLED, "Cancelled"),
            (seam.MANDATE_EXPIRED, "Expired"),
            (seam.UNMAPPED, "Unheard of"),
        ],
        required=True,
        default=seam.MANDATE_ACTIVE,
    )
    script = fields.Char(
        default=plan.DEFAULT,
        help="What happens to debits, e.g. “collect”, “fail:AM04; collect” (the first one fails,"
        " later ones succeed), “collect, return:MD06+40” (comes back 40 days later), “lost”.",
    )
    account_ending = fields.Char(
        readonly=True, help="Where it is not the account that the number of this mandate gives."
    )
    registration_key = fields.Char(readonly=True, index="btree_not_null")
    replaced_by_ref = fields.Char()
    debit_ids = fields.One2many("payment.demo.debit", "mandate_id", readonly=True)

    _ref_uniq = models.UniqueIndex("(provider_id, ref)")

    @api.depends("provider_id")
    def _compute_refs(self):
        for mandate in self:
            mandate.ref = mandate.id and f"DM{mandate.id:07d}"
            mandate.session_ref = mandate.id and f"DS{mandate.id:07d}"

    @api.constrains("script")
    def _check_script(self):
        for mandate in self:
            try:
                for attempt in (mandate.script or "").split(";"):
                    plan.parse(attempt)
            except ValueError as error:
                raise ValidationError(str(error)) from error

    def _iban(self):
        """Return a French IBAN with right check digits, one for each mandate."""
        self.ensure_one()
        # Key of a French account number, from bank, branch and account.
        key = 97 - (89 * 30006 + 15 * 1 + 3 * self.id) % 97
        bban = f"3000600001{self.id:011d}{key:02d}"
        # ISO 13616: letters are numbers from A = 10, country and check digits stand last.
        check = 98 - int(f"{bban}152700") % 97
        return f"FR{check:02d}{bban}"

    def _snapshot(self):
        """Return what the bank says about this mandate (`seam.MandateSnapshot`)."""
        self.ensure_one()
        return seam.MandateSnapshot(
            ref=self.ref,
            status=self.status,
            raw_status=f"demo_{self.status}",
            rum=self.rum,
            scheme=self.scheme,
            iban_ending=self.account_ending or self._iban()[-4:],
            bank_name=BANK,
            country_code="FR",
            replaced_by=self.replaced_by_ref or "",
        )

    def _by_key(self, provider, key):
        """Return the mandate that a registration made; empty when there is none."""
        return self.search([("provider_id", "=", provider.id), ("registration_key", "=", key)])

    def _registered(self, provider, order):
        """Return the mandate of a registration, made once.

        :param seam.MandateRegistration order: what the engine asks for; of the account only the
            last characters are kept.
        """
        return self._by_key(provider, order.idempotency_key) or self.create(
            {
                "provider_id": provider.id,
                "rum": order.reference,
                "holder": order.holder,
                "scheme": order.scheme,
                "script": provider.demo_debit_script,
                "account_ending": order.iban[-4:],
                "registration_key": order.idempotency_key,
            }
        )

    def _of_order(self, provider, order):
        """Return the mandate of a signature, a new one where it is just beginning.

        :param seam.MandateOrder order: what the engine asks for; where it changes the account of
            a mandate, that mandate, with another account.
        """
        if order.amends:
            mandate = self.search(
                [("provider_id", "=", provider.id), ("ref", "=", order.amends)]
            ).ensure_one()
            mandate.account_ending = mandate._next_ending()
            return mandate
        known = self.search(
            [("provider_id", "=", provider.id), ("session_ref", "=", order.session_ref)]
        )
        return known or self.create(
            {
                "provider_id": provider.id,
                "rum": order.reference,
                "holder": order.partner_name,
                "scheme": order.scheme,
                "status": seam.MANDATE_PENDING,
                "script": provider.demo_debit_script,
            }
        )

    def _next_ending(self):
        """Return how the account ends that a debtor gives on the page of the demo bank."""
        return f"{(int((self.account_ending or self._iban())[-4:]) + 1) % 10000:04d}"

    def _sign(self, return_url):
        """Let the debtor sign at once: the demo bank has no page of its own."""
        self.ensure_one()
        self.status = seam.MANDATE_ACTIVE
        return seam.MandateSession(url=return_url, session_ref=self.session_ref)

    def _move(self, status, on):
        """Change the status at the bank.

        :param str status: one of `seam`'s mandate statuses.
        :param date on: the bank's day.
        :return: the payment.demo.event records, not notified yet.
        """
        self.status = status
        return self.env["payment.demo.event"].create(
            [
                {
                    "provider_id": mandate.provider_id.id,
                    "topic": seam.TOPIC_MANDATE,
                    "ref": mandate.ref,
                    "action": status,
                    "occurred_at": datetime.combine(on, time(8)),
                }
                for mandate in self
            ]
        )
