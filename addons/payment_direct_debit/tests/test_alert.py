from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.common import EngineCommon


@tagged("post_install", "-at_install")
class TestAlert(EngineCommon):
    def _raise(self, kind="drift", record=None, message="look"):
        return self.env["payment.alert"]._raise_alert(kind, record or self.debtor, message)

    def test_the_same_cause_counts_up_instead_of_repeating(self):
        first = self._raise(message="once")
        again = self._raise(message="twice")
        self.assertEqual(first, again)
        self.assertEqual((again.times, again.message), (2, "twice"))

    def test_another_cause_or_record_is_another_alert(self):
        alerts = self._raise() | self._raise("overpaid") | self._raise(record=self.provider)
        self.assertEqual(len(alerts), 3)

    def test_a_closed_alert_is_not_reopened(self):
        first = self._raise()
        first.with_user(self.finance).action_close()
        self.assertEqual((first.state, first.closed_by_id), ("closed", self.finance))
        self.assertNotEqual(self._raise(), first)

    def test_an_alert_is_closed_when_its_cause_is_gone(self):
        kept, gone = self._raise("overpaid"), self._raise("drift")
        self.env["payment.alert"]._close_alerts("drift", self.debtor)
        self.assertEqual((kept.state, gone.state), ("open", "closed"))

    def test_an_alert_leads_to_its_record(self):
        action = self._raise().action_open_record()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.debtor.id))

    def test_a_paused_provider_raises_one_alert(self):
        self.provider._debit_pause("the key is wrong.")
        self.provider._debit_pause("the key is still wrong.")
        alert = self.env["payment.alert"].search(
            [("res_model", "=", "payment.provider"), ("res_id", "=", self.provider.id)]
        )
        self.assertEqual((len(alert), alert.times), (1, 1))
        self.assertIn("the key is wrong", alert.message)
