"""What the tests of the cycle share: money that is followed to the bank line and back."""

from datetime import date

from .common_page import PageCommon

ARRIVAL = date(2026, 2, 9)


class CycleCommon(PageCommon):
    def cycle(self, record, user=None):
        cycle = self.env["payment.cycle"].with_user(user or self.finance)
        return cycle.get_cycle(record._name, record.id)

    def steps(self, record, user=None):
        return {step["key"]: step for step in self.cycle(record, user)["steps"]}

    def paid_out(self, debit):
        """Return the payout of a collected debit, booked, and its line on the bank statement."""
        ref = f"PO{debit.id}"
        payout = (
            self.env["payment.payout"]
            ._state_writer()
            .create(
                {
                    "provider_id": self.provider.id,
                    "ref": ref,
                    "bank_reference": ref,
                    "currency_id": debit.currency_id.id,
                    "amount": debit.amount,
                    "arrival_date": ARRIVAL,
                }
            )
            .with_env(self.env)
        )
        self.env["payment.payout.line"].create(
            {
                "payout_id": payout.id,
                "kind": "debit",
                "ref": debit.provider_reference,
                "cents": str(round(debit.amount * 100)),
                "amount": debit.amount,
                "transaction_id": debit.id,
            }
        )
        payout._check_and_book(ARRIVAL)
        line = self.bank_line(debit.amount, f"VIR {ref}", ARRIVAL)
        payout._match_statement(ARRIVAL)
        self.assertEqual(payout.state, "matched")
        return payout, line

    def came_back(self):
        """Return a debit that was collected, paid out and returned afterwards, and its records.

        :return: (debit, {key of the step: the record of it}).
        """
        debit = self.debited("collect, return:MD06+10")
        self.assertEqual(debit.debit_status, "collected")
        payout, line = self.paid_out(debit)
        self.bank_reaches(date(2026, 2, 27))
        self.assertEqual(debit.debit_status, "returned")
        return debit, self.chain(debit, payout, line)

    def chain(self, debit, payout, line):
        """Return {key of the step: the record of it} of a debit, in the order that money takes."""
        return {
            "mandates": debit.mandate_id,
            "installments": debit.installment_id,
            "invoices": debit.installment_id.invoice_id,
            "payments": debit,
            "returns": debit.return_ids,
            "payouts": payout,
            "bank_lines": line,
        }

    def assert_two_clicks(self, chain):
        """Each record of the chain names each other one on its own cycle, or on that of one that
        it names; the forms that a person opens are those that the cycle opens."""
        seen = {}
        for key, record in chain.items():
            steps = self.steps(record)
            seen[key] = {
                name: {tuple(row["opens"]): row["id"] for row in step["records"]}
                for name, step in steps.items()
            }
        for start in chain:
            for goal, record in chain.items():
                one = record.id in seen[start].get(goal, {}).values()
                two = any(
                    record.id in seen[via].get(goal, {}).values()
                    for via in chain
                    if chain[via].id in seen[start].get(via, {}).values()
                )
                self.assertTrue(one or two, f"from {start} to {goal}")
