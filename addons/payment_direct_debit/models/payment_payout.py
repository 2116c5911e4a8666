from datetime import timedelta
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.exceptions import DebitError
from odoo.addons.payment_direct_debit.pure import money

# How far back each look goes: a payout may be made up, or its items completed, later.
LOOK_BACK = timedelta(days=10)


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
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)

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
        client = provider._debit_client()
        snapshots = {s.ref: s for s in client.payouts_since(since)}
        known = {
            payout.ref: payout
            for payout in self.search(
                [("provider_id", "=", provider.id), ("ref", "in", list(snapshots))]
            )
        }
        fresh = [snapshot for ref, snapshot in snapshots.items() if ref not in known]
        payouts = self.create([self._values(provider, snapshot) for snapshot in fresh])
        for payout in payouts.union(*known.values()):
            payout._apply_payout(snapshots[payout.ref], client, on)
        return payouts

    @api.model
    def _values(self, provider, snapshot):
        currency = self.env["res.currency"].search([("name", "=", snapshot.currency)], limit=1)
        return {
            "provider_id": provider.id,
            "ref": snapshot.ref,
            "currency_id": currency.id,
            "amount": float(money.from_cents(snapshot.amount_cents)),
            "arrival_date": snapshot.arrival_date,
            "bank_reference": snapshot.bank_reference,
            "raw_status": snapshot.raw_status,
        }

    def _apply_payout(self, snapshot, client, on):
        self.ensure_one()
        if snapshot.status == seam.PAYOUT_BOUNCED:
            if self.state not in ("bounced", "matched"):
                self._bounce(on)
        elif snapshot.status == seam.PAYOUT_PAID and self.state in ("received", "mismatch"):
            self._read_items(client.payout_items(self.ref))
            self._check_and_book(on)

    def _read_items(self, items):
        """Replace the items by what the provider says, each with its debit where it is ours."""
        items = list(items)
        debits = self.env["payment.transaction"].search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("provider_reference", "in", [item.ref for item in items if item.ref]),
                ("debit_status", "!=", False),
            ]
        )
        by_ref = {debit.provider_reference: debit.id for debit in debits}
        self.line_ids.sudo().unlink()
        self.env["payment.payout.line"].sudo().create(
            [
                {
                    "payout_id": self.id,
                    "kind": item.kind,
                    "raw_kind": item.raw_kind,
                    "ref": item.ref,
                    "cents": str(item.amount_cents),
                    "amount": float(item.amount_cents / 100),
                    "transaction_id": by_ref.get(item.ref),
                }
                for item in items
            ]
        )

    # === BOOKS === #

    def _check_and_book(self, on):
        """Book when the items add up; tell a person when they do not."""
        total = sum((Decimal(line.cents) for line in self.line_ids), Decimal())
        if int(total.to_integral_value()) != money.to_cents(self.amount):
            self._set_state("mismatch", self.env._("The items do not add up"), on)
            self._alert(
                "payout_mismatch",
                self.env._(
                    "Payout %(payout)s of %(amount)s: its items come to %(total)s. Nothing was"
                    " booked.",
                    payout=self.ref,
                    amount=self.currency_id.format(self.amount),
                    total=self.currency_id.format(float(total / 100)),
                ),
            )
            return
        in_savepoints(
            self,
            lambda payout: payout._book(on),
            lambda payout, error: payout._alert("payout_mismatch", str(error)),
        )

    def _book(self, on):
        provider = self.provider_id
        entry = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": provider.journal_id.id,
                    "date": self.env["payment.transaction"]._debit_open_date(
                        self.company_id, provider.journal_id, self.arrival_date or on
                    ),
                    "ref": self.env._("Payout %(payout)s", payout=self.bank_reference or self.ref),
                    "line_ids": [Command.create(values) for values in self._entry_lines()],
                }
            )
        )
        entry._post(soft=False)
        self._set_state("booked", on=on, values={"move_id": entry.id})
        self.env["payment.alert"]._close_alerts("payout_mismatch", self)
        ours = self.line_ids.filtered(lambda line: line.kind == "debit").transaction_id
        ours.payout_id = self

    def _entry_lines(self):
        """Return the lines: net to the bank, fees, what is ours off the outstanding account."""
        strangers = self.line_ids.filtered(
            lambda line: line.kind == "other" or (line.kind == "debit" and not line.transaction_id)
        )
        fees = self.line_ids.filtered(lambda line: line.kind == "fee")
        round_ = self.currency_id.round
        net, fee = self.amount, round_(-sum(fees.mapped("amount")))
        unknown = round_(sum(strangers.mapped("amount")))
        if strangers:
            self._alert(
                "unmatched",
                self.env._(
                    "Payout %(payout)s holds %(amount)s that no debit here explains: it stands on"
                    " the journal's suspense account.",
                    payout=self.ref,
                    amount=self.currency_id.format(unknown),
                ),
            )
        lines = [
            (self._transit_account(), net),
            (self._fee_account() if fee else None, fee),
            (self.provider_id.journal_id.suspense_account_id, -unknown),
            (self.provider_id._debit_outstanding_account(), -round_(net + fee - unknown)),
        ]
        return [
            {"account_id": account.id, "name": self.ref, "balance": balance}
            for account, balance in lines
            if balance
        ]

    def _transit_account(self):
        account = self.company_id.transfer_account_id
        if not account:
            raise UserError(
                self.env._("%(company)s has no transfer account.", company=self.company_id.name)
            )
        return account

    def _fee_account(self):
        account = self.provider_id.debit_fee_account_id
        if not account:
            raise UserError(
                self.env._(
                    "Choose the account for the fees of %(provider)s on the provider; payout"
                    " %(payout)s waits for it.",
                    provider=self.provider_id.name,
                    payout=self.ref,
                )
            )
        return account

    def _bounce(self, on):
        """The money did not arrive: undo the entry by its mirror, and tell a person."""
        if self.move_id:
            self.move_id._reverse_moves(
                [{"date": on or fields.Date.context_today(self)}], cancel=True
            )
        self._set_state("bounced", self.env._("The payout bounced"), on)
        self._alert(
            "payout_mismatch",
            self.env._(
                "Payout %(payout)s of %(amount)s bounced: check the bank account given to"
                " %(provider)s.",
                payout=self.ref,
                amount=self.currency_id.format(self.amount),
                provider=self.provider_id.name,
            ),
        )

    def _alert(self, kind, message):
        self.env["payment.alert"]._raise_alert(kind, self, message, severity="high")

    # === THE BANK STATEMENT === #

    @api.private
    def _match_statement(self, on=None):
        """Match booked payouts with their lines on the bank statement, by amount and reference.

        Two lines that fit equally well are left to a person.

        :param date on: the engine's date; today by default.
        :return: the payouts that were matched.
        """
        matched = self.browse()
        for payout in self.filtered(lambda p: p.state == "booked"):
            line = payout._statement_line()
            if line:
                payout._match(line)
                payout._set_state("matched", line.payment_ref, on)
                matched += payout
        return matched

    def _statement_line(self):
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("is_reconciled", "=", False),
                ("amount", "=", self.amount),
                ("date", ">=", self.arrival_date - timedelta(days=3)),
                ("date", "<=", self.arrival_date + timedelta(days=10)),
            ]
        )
        if self.bank_reference:
            named = lines.filtered(lambda item: self.bank_reference in (item.payment_ref or ""))
            lines = named or lines
        return lines if len(lines) == 1 else lines.browse()

    def _match(self, line):
        transit = self.move_id.line_ids.filtered(
            lambda item: item.account_id == self._transit_account()
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.with_context(
            skip_account_move_synchronization=True
        ).account_id = transit.account_id
        (suspense + transit).reconcile()

    # === CRONS AND ACTIONS === #

    def action_match(self):
        """Look for the payouts on the bank statement now."""
        self.check_access("write")
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
                    self._fetch(provider, today - LOOK_BACK, today)
                except DebitError as error:
                    provider.debit_last_error = str(error)[:500]
                self.env["ir.cron"]._commit_progress(1)
        self.search([("state", "=", "booked")])._match_statement(today)
