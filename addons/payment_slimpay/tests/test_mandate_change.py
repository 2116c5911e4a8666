from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.mandates.changing import Amending
from odoo.addons.payment_slimpay.tests.common import FlowCase


@tagged("post_install", "-at_install")
class TestChanging(Amending, FlowCase):
    SIGNATURE = {}
    CHANGES = {"method": "POST", "path": "bank-accounts"}
