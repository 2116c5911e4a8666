"""The batches of the engine leave the books that Odoo leaves one document at a time."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import ContractCommon

START = date(2026, 2, 2)  # a Monday
DUE = date(2026, 2, 4)
RETURNED = date(2026, 2, 6)


@tagged("post_install", "-at_install")
class TestBooksEqual(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env["account.tax"].with_context(active_test=False)
        cls.included = cls.tax_20.copy(
            {"name": "20 % TTC", "price_include_override": "tax_included"}
        )
        cls.on_payment = taxes.search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 20.0),
                ("tax_exigibility", "=", "on_payment"),
                ("amount_type", "=", "percent"),
            ],
            limit=1,
        )
        cls.on_payment.active = True
        cls.group = cls.tax_20.copy(
            {
                "name": "20 % and 10 %",
                "amount_type": "group",
                "children_tax_ids": [Command.set((cls.tax_20 | cls.tax_10).ids)],
            }
        )

    # === THE SAME DEBTS TWICE === #

    def kinds(self):
        """Return the lines of contracts that differ in what taxes can do to an invoice."""
        return [
            [{"price_unit": 19.99}],
            [{"price_unit": 0.33, "quantity": 3, "discount": 12.5}],
            [{"price_unit": 8.20, "tax_ids": [Command.set(self.tax_10.ids)]}, {"price_unit": 1.15}],
            [{"price_unit": 9.99, "tax_ids": [Command.set(self.included.ids)]}],
            [{"price_unit": 33.33, "tax_ids": [Command.clear()]}],
            [{"price_unit": 7.77, "tax_ids": [Command.set(self.group.ids)]}],
            [
                {"price_unit": 10.05},
                {"price_unit": 10.05, "discount": 33.33},
                {"price_unit": 10.05, "quantity": 1.5},
            ],
        ]

    def installments_of(self, kinds):
        """Return one due installment for each kind, each of a client and contract of its own."""
        installments = self.env["payment.installment"]
        for number, lines in enumerate(kinds):
            client, mandate = self.client_with_mandate("collect,return:MD06+2", name=f"C{number}")
            contract = self.contract(
                *[dict(line) for line in lines],
                partner_id=client.id,
                mandate_id=mandate.id,
                collection_mode="automatic",
                date_start=DUE,
                billing_day=DUE.day,
                date_end=date(2026, 3, 3),
            )
            contract._activate(START)
            installments |= contract.installment_ids
        self.assertEqual(len(installments), len(kinds))
        return installments

    def batched(self, kinds):
        """Collect by the engine, in batches."""
        installments = self.installments_of(kinds)
        self.execute(START, DUE)
        self.bank_reaches(DUE)
        return installments.invoice_id.sorted("id")

    def one_by_one(self, kinds):
        """Invoice and collect as a person does with Odoo alone: document by document."""
        invoices = self.env["account.move"]
        for installment in self.installments_of(kinds):
            invoice = invoices.create(installment._prepare_invoice_values(START))
            invoice.action_post()
            installment._cancel()
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create(
                {
                    "journal_id": self.provider.journal_id.id,
                    "payment_date": DUE,
                    "payment_method_line_id": self.manual_method().id,
                }
            )._create_payments()
            invoices |= invoice
        return invoices

    def manual_method(self):
        methods = self.provider.journal_id.inbound_payment_method_line_ids
        method = methods.filtered(lambda line: line.code == "manual")[:1]
        method.payment_account_id = self.provider._debit_outstanding_account()
        return method

    # === WHAT THE BOOKS SAY === #

    def line_facts(self, line):
        return (
            line.display_type,
            line.account_id.code,
            line.name if line.display_type != "payment_term" else "",
            line.balance,
            line.amount_currency,
            line.currency_id.name,
            line.amount_residual,
            line.reconciled,
            line.price_unit,
            line.quantity,
            line.discount,
            line.price_subtotal,
            line.price_total,
            tuple(line.tax_ids.mapped("name")),
            line.tax_line_id.name,
            line.tax_repartition_line_id.id,
            tuple(sorted(line.tax_tag_ids.ids)),
            line.tax_base_amount,
            line.date_maturity,
            line.date,
            line.analytic_distribution,
        )

    def invoice_facts(self, invoice):
        return {
            "state": (invoice.state, invoice.payment_state),
            "amounts": (invoice.amount_untaxed, invoice.amount_tax, invoice.amount_total),
            "residual": invoice.amount_residual,
            "dates": (invoice.invoice_date, invoice.invoice_date_due, invoice.date),
            "journal": invoice.journal_id.id,
            "terms": (invoice.invoice_payment_term_id.id, invoice.fiscal_position_id.id),
            "lines": sorted(map(self.line_facts, invoice.line_ids), key=str),
            "cash basis": self.cash_basis_facts(invoice),
            "client": self.client_facts(invoice.partner_id),
        }

    def cash_basis_facts(self, invoice):
        """Return what fell due with the payment, and was taken back with its return."""
        moves = self.env["account.move"].search(
            [("tax_cash_basis_origin_move_id", "=", invoice.id)]
        )
        return sorted(
            (
                line.account_id.code,
                line.balance,
                tuple(line.tax_ids.ids),
                line.tax_line_id.id,
                tuple(sorted(line.tax_tag_ids.ids)),
                line.tax_base_amount,
                line.date,
                line.parent_state,
            )
            for line in (moves | moves.reversal_move_ids).line_ids
        )

    def client_facts(self, client):
        """Return the client's balance of each account, whatever entries it is made of."""
        rows = self.env["account.move.line"]._read_group(
            [("partner_id", "=", client.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum", "amount_residual:sum"],
        )
        cents = self.company.currency_id.round
        return {
            account.code: (cents(balance), cents(residual))
            for account, balance, residual in rows
            if account.account_type == "asset_receivable" or not account.reconcile
        }

    def outstanding(self):
        """Return what waits for the bank."""
        account = self.provider._debit_outstanding_account()
        [(balance,)] = self.env["account.move.line"]._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")], [], ["balance:sum"]
        )
        return self.company.currency_id.round(balance or 0.0)

    def assert_equal_books(self, ours, theirs):
        for batched, single in zip(ours, theirs, strict=True):
            with self.subTest(amount=batched.amount_total):
                mine, other = self.invoice_facts(batched), self.invoice_facts(single)
                for name, fact in mine.items():
                    self.assertEqual(fact, other[name], name)

    # === THE RULES === #

    def test_books_of_a_batch_equal_those_of_single_documents(self):
        before = self.outstanding()
        theirs = self.one_by_one(self.kinds())
        collected = self.outstanding() - before
        ours = self.batched(self.kinds())
        self.assert_equal_books(ours, theirs)
        self.assertEqual(set(ours.mapped("payment_state")), {"paid"})
        self.assertAlmostEqual(self.outstanding() - before, 2 * collected)

    def test_books_are_equal_where_the_company_rounds_globally(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        theirs = self.one_by_one(self.kinds())
        self.assert_equal_books(self.batched(self.kinds()), theirs)

    def test_vat_on_payments_falls_due_the_same(self):
        self.assertEqual(self.on_payment.tax_exigibility, "on_payment")
        kinds = [[{"price_unit": 19.99, "tax_ids": [Command.set(self.on_payment.ids)]}]] * 2
        kinds += self.kinds()[:2]
        theirs = self.one_by_one(kinds)
        ours = self.batched(kinds)
        self.assert_equal_books(ours, theirs)
        self.assertTrue(self.cash_basis_facts(ours[0]))
        self.assertFalse(self.cash_basis_facts(ours[2]))

    def test_books_are_equal_after_everything_came_back(self):
        vat = [[{"price_unit": 19.99, "tax_ids": [Command.set(self.on_payment.ids)]}]]
        kinds = self.kinds() + vat
        before = self.outstanding()
        theirs = self.one_by_one(kinds)
        payments = theirs.matched_payment_ids.move_id
        payments._reverse_moves([{"date": RETURNED}] * len(payments), cancel=True)
        ours = self.batched(kinds)
        self.bank_reaches(RETURNED)
        self.assert_equal_books(ours, theirs)
        self.assertEqual(set(ours.mapped("payment_state")), {"not_paid"})
        self.assertAlmostEqual(self.outstanding(), before)

    def test_numbers_of_a_batch_follow_each_other(self):
        single = self.one_by_one(self.kinds()[:1])
        batch = self.batched(self.kinds())
        numbers = batch.mapped("sequence_number")
        first = single.sequence_number + 1
        self.assertEqual(numbers, list(range(first, first + len(batch))))
        self.assertEqual(set(batch.mapped("sequence_prefix")), {single.sequence_prefix})
        self.assertFalse(any(batch.mapped("made_sequence_gap")))

    def test_first_numbers_of_a_journal_are_those_that_odoo_gives(self):
        self.assertFalse(
            self.env["account.move"].search([("move_type", "=", "out_invoice")]).filtered("name")
            & self.env["account.move"].search([("company_id", "=", self.company.id)])
        )
        batch = self.batched(self.kinds()[:3])
        journal = batch.journal_id
        self.assertEqual(
            batch.mapped("name"), [f"{journal.code}/2026/{n:05d}" for n in range(1, 4)]
        )
