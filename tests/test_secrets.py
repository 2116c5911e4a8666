"""No secret and no full account number leaves the place where it is kept.

Neither into the log at DEBUG, nor into an exception, nor into any other text of the database:
chatter, history, events, alerts, messages of transactions, Odoo's own log table.
"""

import logging

import pytest

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import DebitError, EventRejected

from . import secret_scan
from .provider_story import (
    COLLECTED_DAY,
    FORMER_IBAN,
    MONDAY,
    REFUND_DAY,
    SIGNER_IBAN,
    ProviderStory,
)

WRONG = "wR0ngKey7f3a9c51"


class SecretsStory(ProviderStory):
    def told_by(self, work, expected):
        """Return what the exception of some work tells."""
        with self.assertRaises(expected) as caught:
            work()
        return secret_scan.told(caught.exception)

    def wrong_key(self):
        """Replace the credentials that a token is made of by wrong ones."""
        keys = set(secret_scan.guarded_fields(self.env)) & self.credentials.keys()
        secret = {name for name in keys if not name.startswith("debit_webhook")}
        self.provider.write({name: self.credentials[name][:8] + WRONG for name in secret})

    def right_key(self):
        """Put the right ones back."""
        self.provider.write(self.credentials)
        if self.provider.debit_paused:
            self.provider.action_debit_resume()

    def with_a_wrong_key(self, mandate):
        """Everything that asks the provider while the key is wrong; return what was told."""
        self.wrong_key()
        debit = self.debit(mandate, 12.5, "WRONGKEY")
        told = [
            self.told_by(self.provider.action_debit_check_connection, UserError),
            self.told_by(lambda: self.provider._debit_client().account(), DebitError),
        ]
        self.send(debit)
        self.assertTrue(self.provider.debit_paused)
        self.right_key()
        return told

    def with_a_broken_server(self, mandate):
        """A debit whose outcome is unknown, found out afterwards; reads that fail."""
        debit = self.debit(mandate, 13.5, "BROKEN")
        self.sandbox.fault("500", method="POST", path="payment", count=1)
        self.send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
        told = []
        for kind in ("500", "html_200", "drop_after", "429"):
            self.sandbox.fault(kind, method="GET", count=None)
            client = self.provider._debit_client()
            told.append(self.told_by(lambda client=client: client.account(), DebitError))
            told.append(self.told_by(self.provider.action_debit_check_connection, UserError))
            self.sandbox.clear("faults")
        return told

    def with_forged_notifications(self):
        """Notifications that are not the provider's; return what was told."""
        headers = {"content-type": "application/json"}
        signed = ("Webhook-Signature", "Stripe-Signature", "slimpay-signature")
        told = []
        for name in signed:
            forged = {**headers, name: f"t=1,v1={'0' * 64}"}
            self.deliver(forged, b'{"events": []}')
            try:
                self.provider._event_verify(b'{"events": []}', forged)
            except EventRejected as error:
                told.append(secret_scan.told(error))
        self.assertTrue(told)
        return told

    def play(self):
        """The story; return what exceptions told."""
        self.provider.action_debit_check_connection()
        signed, former = self.signed_mandate(), self.former_mandate()
        self.sandbox.plan({"iban": SIGNER_IBAN}, "paid")
        self.sandbox.plan({"iban": FORMER_IBAN}, "chargeback:MD06")
        told = self.with_a_wrong_key(signed)
        paid, back = self.debit(signed, 49.9, "PAID"), self.debit(former, 20.0, "BACK")
        self.send(paid | back)
        told += self.with_a_broken_server(signed)
        self.reach(COLLECTED_DAY)
        self.reach(REFUND_DAY)
        self.assertIn(paid.debit_status, ("collected", "paid_out"))
        self.assertEqual(back.debit_status, "returned")
        self.give_back(paid, 10.0)
        told += self.with_forged_notifications()
        signed.action_cancel()
        return told

    def check_nothing_leaked(self):
        with secret_scan.everything_logged() as listener:
            told = self.play()
        fields = secret_scan.guarded_fields(self.env)
        kept = [self.provider[name] for name in fields if self.provider[name]]
        self.assertGreaterEqual(len(kept), 1)
        secrets = {*kept, WRONG, SIGNER_IBAN, FORMER_IBAN}
        # The name of an app is guarded, but is no secret: every page of SlimPay's shows it.
        secrets.discard(self.sandbox.credentials.get("app_name"))
        self.check_there_was_something_to_find(listener, told)
        self.assertFalse(secret_scan.leaks("\n".join(told), secrets), "in an exception")
        lines = [line for line in listener.lines if secret_scan.leaks(line, secrets)]
        self.assertFalse(lines, "in the log")
        self.assertFalse(secret_scan.database_leaks(self.env, secrets), "in the database")

    def check_there_was_something_to_find(self, listener, told):
        """A test that looks into empty drawers finds nothing."""
        self.assertGreater(len(told), 8)
        self.assertLessEqual({"odoo", "urllib3"}, listener.names)
        ours = [("provider_id", "=", self.provider.id)]
        events = self.env["payment.event"].search(ours)
        self.assertTrue(any(events.mapped("payload")))
        debits = self.env["payment.transaction"].search(ours)
        self.assertTrue(self.env["payment.alert"].search_count([]))
        for record in (*debits, *debits.mandate_id):
            domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
            self.assertTrue(self.env["payment.history"].search_count(domain))
        self.assertTrue(self.env["payment.refund"].search(ours).filtered("provider_ref"))


@tagged("post_install", "-at_install")
class TestSecretsOfGoCardless(SecretsStory):
    code = "gocardless"

    def test_nothing_leaks(self):
        self.check_nothing_leaked()


@tagged("post_install", "-at_install")
class TestSecretsOfSlimPay(SecretsStory):
    code = "slimpay"

    def test_nothing_leaks(self):
        self.check_nothing_leaked()


@tagged("post_install", "-at_install")
class TestSecretsOfStripe(SecretsStory):
    code = "stripe_sepa"

    def test_nothing_leaks(self):
        self.check_nothing_leaked()

    def test_a_new_webhook_secret_is_not_logged(self):
        """Stripe's library logs whole answers at DEBUG, and this one holds a secret."""
        with secret_scan.everything_logged() as listener:
            secret = self.provider._debit_client().webhook_create("https://odoo.example/hook")
        self.assertTrue(listener.lines)
        self.assertFalse(secret_scan.leaks("\n".join(listener.lines), {secret}))


@tagged("post_install", "-at_install")
class TestThePlantedLeakIsFound(ProviderStory):
    """The search itself can fail: what is planted is found, wherever it was planted."""

    code = "gocardless"

    def test_in_the_log_and_its_tracebacks(self):
        secret = self.sandbox.token
        with secret_scan.everything_logged() as listener:
            logging.getLogger("odoo.addons.x").debug("token %s", secret)
            try:
                int(secret)
            except ValueError:
                logging.getLogger("urllib3.x").debug("it failed", exc_info=True)
        self.assertEqual([bool(secret_scan.leaks(s, {secret})) for s in listener.lines], [True] * 2)

    def test_in_every_kind_of_record(self):
        mandate = self.former_mandate()
        debit = self.debit(mandate, 10.0, "PLANTED")
        mandate.partner_id.message_post(body=f"account {FORMER_IBAN}")
        debit.state_message = f"account {FORMER_IBAN}"
        debit._state_note(f"account {FORMER_IBAN}", MONDAY)
        self.env["payment.alert"]._raise_alert("not_applied", debit, f"account {FORMER_IBAN}")
        self.env["ir.logging"].create(
            {
                "name": "x",
                "type": "server",
                "message": FORMER_IBAN,
                "path": "x",
                "func": "x",
                "line": "1",
            }
        )
        found = {table for table, _column in secret_scan.database_leaks(self.env, {FORMER_IBAN})}
        tables = {"mail_message", "payment_transaction", "payment_history", "payment_alert"}
        self.assertLessEqual(tables | {"ir_logging"}, found)


@pytest.mark.parametrize(
    "text",
    [
        f"the account {FORMER_IBAN}",
        "the account DE89 3704 0044 0532 0130 00",
        "token s3cret!",
        "Authorization: Basic czNjcmV0IQ==",
        "Bearer abcdefgh",
        "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6Wy.x",
    ],
)
def test_a_leak_is_recognized_in_its_disguises(text):
    assert secret_scan.leaks(text, {"s3cret!", FORMER_IBAN})


@pytest.mark.parametrize(
    "text", ["the account DE•• •••• 3000", "Bearer ***", "Basic rules", "the token is wrong"]
)
def test_what_is_masked_is_no_leak(text):
    assert not secret_scan.leaks(text, {"s3cret!", FORMER_IBAN})
