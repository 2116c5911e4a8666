from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.mandates.changing import Succeeding
from odoo.addons.payment_stripe_sepa.tests.common import FlowCase


@tagged("post_install", "-at_install")
class TestChanging(Succeeding, FlowCase):
    SIGNATURE = {"name": "Zoé Lefèvre", "email": "zoe@example.com"}
