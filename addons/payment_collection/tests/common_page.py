"""What the tests of the Payments page share: debits that went well, failed, or wait."""

from odoo.addons.payment_collection.tests.common import WEDNESDAY, CollectionCommon


class PageCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payments = cls.env["payment.transaction"]
        cls.finance = cls.person("page_finance", "payment_direct_debit.group_payment_user")

    def debited(self, *scripts):
        """Return the debits of new installments, in order, after the bank has had its say."""
        made = [self.installment(script) for script in scripts or ("collect",)]
        self.execute()
        self.bank_reaches(WEDNESDAY)
        return self.payments.union(*(installment.transaction_ids for installment in made))

    def attempt(self, installment, suffix):
        """Return another attempt on an installment, ready to be sent."""
        return self.payments._debit_create(
            [
                {
                    "installment_id": installment.id,
                    "mandate_id": installment.mandate_id.id,
                    "partner_id": installment.partner_id.id,
                    "amount": installment.amount,
                    "currency_id": installment.currency_id.id,
                    "reference": f"{installment.name}-{suffix}",
                    "debit_requested_date": WEDNESDAY,
                    "debit_description": installment.name,
                }
            ]
        )

    def online(self, operation="online_redirect", **values):
        """Return what a client has begun to pay by card."""
        partner = self.env["res.partner"].create({"name": "Librairie Castelnoir"})
        return self.payments.create(
            {
                "provider_id": self.env["payment.provider"]
                .create({"name": "Card", "company_id": self.company.id})
                .id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"WEB-{partner.id}",
                "amount": 60,
                "currency_id": self.company.currency_id.id,
                "partner_id": partner.id,
                "operation": operation,
                **values,
            }
        )
