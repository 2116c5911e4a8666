"""A company with books and an account at the stand-in, and the steps of a debit's life."""

from contextlib import ExitStack, contextmanager
from datetime import date, datetime

from odoo import SUPERUSER_ID, Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.payment_direct_debit import seam

from .world import CHARGE_DAY, IBAN, MONDAY, World


class Books(World, AccountTestInvoicingCommon):
    """What tests of a whole debit share, for each provider."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fr")
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID, context={"tracking_disable": True})
        cls.euro = cls.env.ref("base.EUR")
        cls.company = cls.company_data["company"].with_env(cls.env)
        cls._lead_to(cls.sandbox.url)
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Provider of the tests",
                "code": cls.code,
                "company_id": cls.company.id,
                "state": "test",
                **cls.provider_values(),
            }
        )
        cls.provider.debit_fee_account_id = cls.company_data["default_account_expense"]
        cls.client = cls.partner_a.with_env(cls.env)
        # The polls of the tests ask this provider only.
        others = cls.env["payment.provider"].search(
            [("id", "!=", cls.provider.id), ("state", "!=", "disabled")]
        )
        others.state = "disabled"

    @classmethod
    def _lead_to(cls, url):
        """Send the provider's requests elsewhere."""
        cls.env["ir.config_parameter"].set_param(cls.address_parameter, url)

    @contextmanager
    def _led_to(self, url):
        """Send the provider's requests elsewhere for a while."""
        self._lead_to(url)
        try:
            yield
        finally:
            self._lead_to(self.sandbox.url)

    def _mandate(self, ref=None, partner=None, **values):
        """The mandate that the provider holds as `ref`, taken over where it is not known yet."""
        ref = ref or self.MANDATE
        known = self.env["payment.mandate"].search(
            [("provider_id", "=", self.provider.id), ("provider_mandate_ref", "=", ref)]
        )
        if known:
            return known
        (mandate,) = self.env["payment.mandate"]._register_existing(
            [self._mandate_values(ref, partner or self.client) | values], MONDAY
        )
        return mandate

    def _mandate_values(self, ref, partner):
        return {
            "name": self.mandate_name(ref),
            "partner_id": partner.id,
            "iban": IBAN,
            "scheme": "core",
            "signed_on": date(2026, 1, 5),
            "provider_id": self.provider.id,
            "provider_ref": ref,
            "company_id": self.company.id,
        }

    def _bill(self, amount):
        line = {"name": "Service", "price_unit": amount, "tax_ids": [Command.clear()]}
        move = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.client.id,
                    "invoice_date": MONDAY,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )
        move.action_post()
        return move

    def _debits(self, mandate, *amounts, **values):
        start = self.env["payment.transaction"].search_count([])
        return self.env["payment.transaction"]._debit_create(
            [
                {
                    "mandate_id": mandate.id,
                    "partner_id": mandate.partner_id.id,
                    "amount": amount,
                    "currency_id": self.euro.id,
                    "reference": f"DEBIT-{start + number}",
                    "debit_requested_date": CHARGE_DAY,
                    "debit_description": "Abonnement « été »",
                    "invoice_ids": [Command.set(self._bill(amount).ids)],
                    **values,
                }
                for number, amount in enumerate(amounts)
            ]
        )

    @contextmanager
    def _committing(self, records):
        """Give the records on a cursor that may commit (to savepoints of the test)."""
        with ExitStack() as stack:
            if not type(self)._registry_patched:  # tests over HTTP are in this mode all along
                stack.enter_context(self.enter_registry_test_mode())
            self.env.flush_all()
            cr = stack.enter_context(self.registry.cursor())
            yield records.with_env(records.env(cr=cr))
        self.env.invalidate_all()

    def _send(self, debits):
        with self._committing(debits) as sending:
            sending._debit_send(MONDAY)

    def _sent(self, *amounts):
        debits = self._debits(self._mandate(), *amounts)
        self._send(debits)
        return debits

    def _resolve(self, debits):
        """Find unknown outcomes out, as long after they left as the stand-in's clock says."""
        morning = datetime(2026, 3, 2, 9)
        debits._state_writer().write({"debit_sent_at": morning, "debit_last_sent_at": morning})
        with self._committing(debits) as model:
            model._debit_resolve_unknown(MONDAY, everything=True, domain=[("id", "in", debits.ids)])

    def _poll(self, day):
        """What the crons do: read the provider's own list of events, and apply it."""
        with self._committing(self.env["payment.event"]) as inbox:
            inbox._cron_poll(datetime.combine(day, datetime.min.time()))
        self._apply(day)

    def _apply(self, day):
        """Apply what waits in the inbox, now."""
        waiting = self._events().filtered(lambda event: event.state == "received")
        waiting._state_write({"next_try": False})
        self.env["payment.event"]._apply_received(day)

    def _days_until(self, day, *_debits):
        """The bank reaches the day; what the provider says by itself is heard and applied, and
        what it never says is asked."""
        self.sandbox.advance(day)
        self._poll(day)
        self._all_debits().filtered(lambda d: d.debit_status == "submitted")._debit_refresh(day)

    def _hear(self, events):
        """Take in notifications, each through the signature."""
        for raw in self.bodies(events):
            checked = self.provider._event_verify(raw, self.signed(raw))
            self.env["payment.event"]._receive(self.provider, checked, "webhook")

    def _all_debits(self):
        return self.env["payment.transaction"].search(
            [("provider_id", "=", self.provider.id), ("debit_status", "!=", False)], order="id"
        )

    def _events(self):
        return self.env["payment.event"].search([("provider_id", "=", self.provider.id)])

    def _alerts(self, record):
        return self.env["payment.alert"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        )

    def _there(self, *debits):
        """The payments of the stand-in, those of the debits where there are any."""
        rows = self.sandbox.payments()
        if not debits:
            return rows
        names = {self.reference_of(debit) for debit in debits}
        return [row for row in rows if self.reference_there(row) in names]

    def _elsewhere(self, cents):
        """Make a payment at the stand-in that Odoo knows nothing of; returns its id there."""
        order = seam.DebitOrder(
            self.FOREIGN, "of-somebody", cents, "EUR", self.MANDATE, CHARGE_DAY, "Foreign"
        )
        return self.provider._debit_client().send(order).ref
