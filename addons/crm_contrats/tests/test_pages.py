from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

PAGES = {
    "crm_contract_action": ".o_list_view, .o_view_nocontent",
    "res_partner_action_clients": ".o_kanban_view, .o_list_view",
    "crm_contract_action_subscriptions": ".o_list_view, .o_view_nocontent",
    "crm_contract_import_action": ".o_form_view",
}


@tagged("post_install", "-at_install")
class TestPages(HttpCase):
    def test_pages_open_without_a_script_error(self):
        new_test_user(
            self.env,
            login="contract_pages",
            groups="sales_team.group_sale_manager,payment_direct_debit.group_payment_user",
        )
        partner = self.env["res.partner"].create({"name": "Ateliers Mirevaux"})
        product = self.env["product.product"].create({"name": "Maintenance", "list_price": 10})
        contract = self.env["crm.contract"].create(
            {
                "partner_id": partner.id,
                "line_ids": [Command.create({"product_id": product.id})],
            }
        )
        contract.action_activate()
        pages = {f"/odoo/action-crm_contrats.{name}": ready for name, ready in PAGES.items()}
        pages[f"/odoo/action-crm_contrats.crm_contract_action/{contract.id}"] = (
            ".o_form_view .o_data_row"
        )
        for url, ready in pages.items():
            with self.subTest(url=url):
                self.browser_js(
                    url,
                    "console.log('test successful')",
                    ready=f"!!document.querySelector('{ready}')",
                    login="contract_pages",
                    # The first page builds the assets.
                    timeout=120,
                )
                self.assertTrue(contract.exists())
