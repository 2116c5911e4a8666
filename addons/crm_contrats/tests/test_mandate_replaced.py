from odoo.tests import tagged

from .common import TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestMandateReplaced(ContractCommon):
    def test_the_contract_and_its_schedule_move_to_the_successor(self):
        client, mandate = self.client_with_mandate()
        contract = self.active_contract(
            partner_id=client.id, mandate_id=mandate.id, collection_mode="automatic"
        )
        draft = self.contract(partner_id=client.id, mandate_id=mandate.id)
        over = self.contract(partner_id=client.id, mandate_id=mandate.id)
        over._set_state("cancelled")
        successor = self.provider._demo_open_mandates(
            [{"partner_id": client.id, "signed_on": TODAY}]
        )
        mandate._replace_by(successor, TODAY)
        self.assertEqual((contract + draft).mapped("mandate_id"), successor)
        self.assertEqual(contract.installment_ids.mandate_id, successor)
        self.assertEqual(over.mandate_id, mandate, "what is over stays as it was")
