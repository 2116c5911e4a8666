from odoo.tests import tagged

from odoo.addons.payment_direct_debit_demo.tests.common import DebitCommon


@tagged("post_install", "-at_install")
class TestOutage(DebitCommon):
    def test_an_outage_loses_the_debit_or_its_answer_and_once_over_it_is_there_once(self):
        for outage, executed in (("deaf", 0), ("mute", 1)):
            with self.subTest(outage=outage):
                debit = self._debit()
                self.provider.demo_debit_outage = outage
                self._send(debit)
                self.assertEqual(debit.debit_status, "unknown")
                self.assertEqual(len(self._at_bank(debit)), executed)
                self._resolve(debit)
                self.assertEqual(debit.debit_status, "unknown")
                self.provider.demo_debit_outage = False
                self._resolve(debit)
                self.assertEqual(debit.debit_status, "submitted")
                self.assertEqual(len(self._at_bank(debit)), 1)
