"""What is true after every story, whatever happened in it."""

from collections import Counter

from odoo.fields import Domain

from odoo.addons.payment_collection.models.installment.payment_installment import HOLD_REASONS
from odoo.addons.payment_direct_debit.debit_states import LIVE, OPEN
from odoo.addons.payment_direct_debit.models.payment_transaction_watch import LONG_SILENCE
from odoo.addons.payment_direct_debit.pure import money, target_calendar

FINAL = ("paid", "cancelled", "written_off")
# Without a word for longer than this, a person has been told.
PATIENCE = LONG_SILENCE + 1
# Given by the engine to itself, never a reason to stay held.
NO_EXPLANATION = ("live_attempt", "invoice_error", "amount_mismatch")


class Sound:
    """Mixed into a test with `company`, `day` and `ledgers()`: what each provider says it has."""

    def ledgers(self):
        """Return {provider: (attempts, cents)}.

        `attempts` are (reference at the provider, whether money came or may come by it) of all
        payments that it has; `cents` what it took from our debtors, less what it gave back.
        """
        raise AssertionError("to be told by each story")

    def assert_sound(self):
        """Ask everything; the story is over."""
        self.assert_one_live_attempt()
        self.assert_books_are_the_providers()
        self.assert_paid_means_paid()
        self.assert_all_explained()

    def installments(self):
        return self.env["payment.installment"].search([("company_id", "=", self.company.id)])

    def attempts(self, *domain):
        """The debits of the company."""
        mine = Domain("company_id", "=", self.company.id) & Domain("debit_status", "!=", False)
        return self.env["payment.transaction"].search(mine & Domain(list(domain)), order="id")

    # === ONE ATTEMPT === #

    def assert_one_live_attempt(self):
        """Here by our states, there by what each provider holds, over all providers together."""
        debits = self.attempts()
        here = Counter(d.installment_id for d in debits if d.debit_status in LIVE)
        self.assertLessEqual(max(here.values(), default=0), 1, "two live attempts here")
        of = {(d.provider_id, d.provider_reference): d.installment_id for d in debits}
        # What the provider executed and nobody has heard of yet is unknown here, not missing.
        unheard = Counter(d.provider_id for d in debits if d.debit_status in OPEN)
        there = Counter()
        for provider, (attempts, _cents) in self.ledgers().items():
            strangers = [ref for ref, _live in attempts if (provider, ref) not in of]
            self.assertLessEqual(len(strangers), unheard[provider], strangers)
            there.update(of.get((provider, ref)) for ref, is_live in attempts if is_live)
        there.pop(None, None)
        self.assertLessEqual(max(there.values(), default=0), 1, "two live attempts at providers")

    # === THE BOOKS === #

    def assert_books_are_the_providers(self):
        """The money that we booked for debits is the money that the providers took, to the cent."""
        ours, theirs = {}, {}
        for provider, (_attempts, cents) in self.ledgers().items():
            lines = self.env["account.move.line"].search(
                [
                    ("debit_transaction_id.provider_id", "=", provider.id),
                    ("parent_state", "=", "posted"),
                ]
            )
            ours[provider.name] = sum(money.to_cents(-line.balance) for line in lines)
            theirs[provider.name] = cents
        self.assertEqual(ours, theirs)

    def assert_paid_means_paid(self):
        for installment in self.installments():
            paid_there = installment.invoice_id.payment_state in ("paid", "in_payment")
            if installment.state == "written_off":
                continue  # the loss closes the invoice too
            said = f"{installment.name} is {installment.state}"
            self.assertEqual(installment.state == "paid", paid_there, said)
            if paid_there:
                self.assertEqual(installment.invoice_id.amount_residual, 0.0, said)

    # === NOTHING WITHOUT A REASON === #

    def assert_all_explained(self):
        unexplained = {
            i.name: f"{i.state} {i.due_date} {i.transaction_ids.mapped('debit_status')}"
            for i in self.installments()
            if i.state not in FINAL and not getattr(self, f"_explained_{i.state}")(i)
        }
        self.assertEqual(unexplained, {})

    def _explained_planned(self, installment):
        """Not due yet: the run of that day takes it."""
        return installment.due_date >= self.day

    _explained_notified = _explained_planned

    def _explained_invoiced(self, installment):
        """The client pays by himself; a debit only waits in between two steps."""
        return installment.collection_mode == "one_off"

    def _explained_in_collection(self, installment):
        """A bank has the word, or will have it once the outcome is known."""
        (live,) = installment._live_debits()
        if self._has_alert(live) or (live.provider_id.debit_paused and self._is_told(live)):
            return True
        if live.debit_status != "submitted":
            # On its way since today; after that it is told.
            return live.debit_sent_at and live.debit_sent_at.date() >= self.day
        latest = target_calendar.add_target_days(self.day, -PATIENCE)
        return live.debit_expected_date >= latest

    def _explained_held(self, installment):
        known = dict(HOLD_REASONS) | {"contract_suspended": "", "contract_terminated": ""}
        reason = installment.hold_reason
        return reason in known and reason not in NO_EXPLANATION

    def _explained_unpaid(self, installment):
        """Chased, to be presented again, or a person was told."""
        chased = installment.dunning_ids.filtered(
            lambda d: d.state == "paused" or (d.state == "running" and d.next_on >= self.day)
        )
        return bool(chased or installment.retry_on or self._has_alert(installment))

    _explained_disputed = _explained_unpaid

    def _explained_in_recovery(self, installment):
        """A person has it."""
        return "exhausted" in installment.dunning_ids.mapped("state")

    def _is_told(self, debit):
        """A provider that lets nobody in: what waits for it leaves once a person has mended it."""
        return debit.debit_status in ("draft", "unknown") and self._has_alert(debit.provider_id)

    def _has_alert(self, record):
        found = self.env["payment.alert"].search_count(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("state", "=", "open")]
        )
        return bool(found)
