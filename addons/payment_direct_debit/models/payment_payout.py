from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.exceptions import DebitError, DebitRefused
from odoo.addons.payment_direct_debit.pure import money

# How far back each look goes: a payout may be made up, or its items completed, later.
LOOK_BACK = timedelta(days=10)
# What is still not booked is looked for as far back; providers archive items after six months.
LONGEST_LOOK = timedelta(days=180)


class PaymentPayout(models.Model):
    """What a provider paid into the bank, with everything that it is made of.

    Booked when its items add up to the cent: the outstanding account gives up what was collected,
    the fees go to their account, and the net waits for the bank statement.
    """

    _name = "payment.payout"
    _description = "Provider Payout"
    _inherit = ["payment.state.mixin"]
    _order = "arrival_date desc, id desc"
    _rec_name = "ref"

    _state_initial = ("received",)
    _state_transitions = frozenset(
        {
            ("received", "booked"),
            ("received", "mismatch"),
            ("received", "bounced"),
            ("mismatch", "booked"),
            ("mismatch", "bounced"),
            ("booked", "matched"),
            ("booked", "bounced"),
        }
    )
    _state_guarded = frozenset(
        {
            "provider_id",
            "ref",
            "currency_id",
            "amount",
            "arrival_date",
            "bank_reference",
            "raw_status",
            "line_ids",
            "move_id",
        }
    )

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    ref = fields.Char(string="Reference at the Provider", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="The net amount that arrives in the bank.")
    arrival_date = fields.Date(readonly=True)
    bank_reference = fields.Char(string="On the Statement", readonly=True)
    raw_status = fields.Char(string="Provider's Status", readonly=True)
    line_ids = fields.One2many("payment.payout.line", "payout_id", readonly=True)
    items_total = fields.Monetary(compute="_compute_totals", store=True)
    fees = fields.Monetary(compute="_compute_totals", store=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("mismatch", "Does not add up"),
            ("booked", "Booked"),
            ("matched", "On the bank statement"),
            ("bounced", "Bounced"),
        ],
        default="received",
        required=True,
        readonly=True,
        index=True,
    )
    move_id = fields.Many2one("account.move", string="Entry", readonly=True, index="btree_not_null")

    _ref_uniq = models.UniqueIndex("(provider_id, ref)")

    @api.depends("line_ids.amount", "line_ids.kind")
    def _compute_totals(self):
        for payout in self:
            payout.items_total = sum(payout.line_ids.mapped("amount"))
            payout.fees = -sum(
                payout.line_ids.filtered(lambda line: line.kind == "fee").mapped("amount")
            )

    # === READING === #

    @api.model
    @api.private
    def _fetch(self, provider, since, on=None):
        """Read a provider's payouts and book those that add up.

        :param provider: a payment.provider whose profile says `pays_out`.
        :param date since: payouts made from this day on.
        :param date on: the engine's date; today by default.
        :return: the payouts that are new.
        :raise DebitError: when the provider can not be read.
        """
        on = on or fields.Date.context_today(self)
        client = provider._debit_client()
        snapshots = {snapshot.ref: snapshot for snapshot in client.payouts_since(since)}
        known = self.search([("provider_id", "=", provider.id), ("ref", "in", list(snapshots))])
        fresh = set(snapshots) - set(known.mapped("ref"))
        by_name = self._currencies(provider, snapshots)
        snapshots = {ref: s for ref, s in snapshots.items() if s.currency in by_name}
        payouts = (
            self._state_writer()
            .create(
                [
                    {
                        "provider_id": provider.id,
                        "ref": ref,
                        **self._values(snapshot, by_name[snapshot.currency]),
                    }
                    for ref, snapshot in snapshots.items()
                    if ref in fresh
                ]
            )
            .with_env(self.env)
        )
        for payout in (payouts + known).filtered(lambda p: p.ref in snapshots).sorted("id"):
            payout._apply_payout(snapshots[payout.ref], client, on)
        return payouts

    @api.model
    def _currencies(self, provider, snapshots):
        """Return {name: currency}; a payout in none of ours is told to a person."""
        currencies = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "!=", False)])
        )
        by_name = {currency.name: currency for currency in currencies}
        for snapshot in snapshots.values():
            if snapshot.currency not in by_name:
                self.env["payment.alert"]._raise_alert(
                    "payout_mismatch",
                    provider,
                    self.env._(
                        "%(provider)s made payout %(payout)s in “%(currency)s”, which is no"
                        " currency here; it was not read.",
                        provider=provider.name,
                        payout=snapshot.ref,
                        currency=snapshot.currency,
                    ),
                    severity="high",
                )
        return by_name

    @api.model
    def _values(self, snapshot, currency):
        return {
            "currency_id": currency.id,
            "amount": float(money.from_cents(snapshot.amount_cents, currency.decimal_places)),
            "arrival_date": snapshot.arrival_date,
            "bank_reference": snapshot.bank_reference,
            "raw_status": snapshot.raw_status,
        }

    def _apply_payout(self, snapshot, client, on):
        """Take over what the provider says; what can not be booked waits for the next look."""
        self.ensure_one()
        if self.state in ("received", "mismatch"):
            self._state_write(self._values(snapshot, self.currency_id))
        if snapshot.status == seam.UNMAPPED:
            self._alert(
                "unknown_status",
                self.env._(
                    "%(provider)s gave payout %(payout)s the status “%(status)s”, which is not"
                    " known here; nothing was changed.",
                    provider=self.provider_id.name,
                    payout=self.ref,
                    status=snapshot.raw_status,
                ),
            )
        elif snapshot.status == seam.PAYOUT_BOUNCED:
            if self.state == "matched":
                self._alert_bounced_after_arrival()
            elif self.state != "bounced":
                self._bounce(on)
        elif snapshot.status == seam.PAYOUT_PAID and self.state in ("received", "mismatch"):
            try:
                items = list(client.payout_items(self.ref))
            except DebitRefused as error:  # this one only, such as a payout whose items are gone
                self._alert("payout_mismatch", str(error))
                return
            in_savepoints(
                self,
                lambda payout: (payout._read_items(items), payout._check_and_book(on)),
                lambda payout, error: payout._alert("payout_mismatch", str(error)),
            )

    def _read_items(self, items):
        """Replace the items by what the provider says, each with what it is about here."""
        refs = list({item.ref for item in items if item.ref})
        debits = self.env["payment.transaction"].search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("provider_reference", "in", refs),
                ("debit_status", "!=", False),
            ]
        )
        refunds = self.env["payment.refund"].search(
            [("provider_id", "=", self.provider_id.id), ("provider_ref", "in", refs)]
        )
        debit_of = {debit.provider_reference: debit.id for debit in debits}
        refund_of = {refund.provider_ref: refund for refund in refunds}
        unit = 10**self.currency_id.decimal_places
        self.line_ids.sudo().unlink()
        self.env["payment.payout.line"].sudo().create(
            [
                {
                    "payout_id": self.id,
                    "kind": item.kind,
                    "raw_kind": item.raw_kind,
                    "ref": item.ref,
                    "cents": str(item.amount_cents),
                    "amount": float(item.amount_cents / unit),
                    "refund_id": refund_of[item.ref].id if item.ref in refund_of else False,
                    "transaction_id": refund_of[item.ref].transaction_id.id
                    if item.ref in refund_of
                    else debit_of.get(item.ref),
                }
                for item in items
            ]
        )

    def _alert_bounced_after_arrival(self):
        self._alert(
            "payout_mismatch",
            self.env._(
                "%(provider)s says that payout %(payout)s of %(amount)s bounced, but it is on the"
                " bank statement. Nothing was changed: ask the bank and %(provider)s.",
                provider=self.provider_id.name,
                payout=self.bank_reference or self.ref,
                amount=self.currency_id.format(self.amount),
            ),
        )

    def _alert(self, kind, message):
        self.env["payment.alert"]._raise_alert(kind, self, message, severity="high")

    # === CRONS AND ACTIONS === #

    def action_match(self):
        """Look for the payouts on the bank statement now."""
        self.check_access("read")
        self.sudo()._match_statement()

    @api.model
    def _cron_fetch(self, today=None):
        """Read new payouts, and match those that have arrived; daily.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        providers = self.env["payment.provider"].search([("state", "in", ("enabled", "test"))])
        for provider in providers:
            profile = provider._debit_profile()
            if profile and profile.pays_out and not provider.debit_paused:
                try:
                    self._fetch(provider, self._look_from(provider, today), today)
                except DebitError as error:
                    provider.debit_last_error = str(error)[:500]
                self.env["ir.cron"]._commit_progress(1)
        self.search([("state", "=", "booked")])._match_statement(today)

    @api.model
    def _look_from(self, provider, today):
        """Return the day to read payouts from: what is not booked yet must not be forgotten."""
        oldest = self.search(
            [
                ("provider_id", "=", provider.id),
                ("state", "in", ("received", "mismatch")),
                ("arrival_date", ">", today - LONGEST_LOOK),
            ],
            order="arrival_date",
            limit=1,
        )
        return min(today, oldest.arrival_date or today) - LOOK_BACK
