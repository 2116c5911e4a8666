from odoo import fields
from odoo.tests import tagged

from .common import MONDAY, WEDNESDAY
from .common_cycle import CycleCommon


@tagged("post_install", "-at_install")
class TestPaymentCycleTimeline(CycleCommon):
    """Everything that happened, and by whom."""

    def events(self, record, *args):
        cycle = self.env["payment.cycle"].with_user(self.finance)
        return cycle.get_events(record._name, record.id, *args)

    def told(self, record):
        return {(event["model"], event["text"]) for event in self.events(record, 500)["events"]}

    def test_the_time_line_tells_what_happened_the_newest_first(self):
        debit = self.debited("fail:AM04")
        debit.installment_id.with_user(self.finance).action_hold()
        events = self.cycle(debit)["events"]
        days = [event["day"] for event in events]
        self.assertEqual(days, sorted(days, reverse=True))
        self.assertLessEqual(
            {("payment.transaction", "Failed"), ("payment.installment", "Held")}, self.told(debit)
        )
        self.assertTrue([e for e in events if e["kind"] == "event"], "what the bank notified")
        held = next(e for e in events if e["text"] == "Held")
        self.assertEqual(held["user"], self.finance.name)
        engine = next(e for e in events if e["text"] == "Failed")
        self.assertEqual(engine["user"], "Automatic")

    def test_sent_confirmed_paid_out_on_the_bank_and_returned(self):
        debit, chain = self.came_back()
        self.assertLessEqual(
            {
                ("payment.transaction", "Debit made"),
                ("payment.transaction", "Sent"),
                ("payment.transaction", "Collected"),
                ("payment.transaction", "Paid out"),
                ("payment.payout", "On the bank statement"),
                ("payment.transaction", "Returned"),
                ("payment.installment", "Disputed"),
            },
            self.told(debit),
        )
        self.assertEqual(self.told(chain["bank_lines"].move_id), self.told(debit))

    def test_it_begins_with_the_run_and_why_this_provider(self):
        debit = self.debited()
        begun = self.events(debit, 50, True)["events"]
        made = next(event for event in begun if event["kind"] == "begun")
        self.assertEqual(made["link"]["id"], debit.run_id.id)
        self.assertEqual(made["day"], fields.Date.to_string(MONDAY))
        self.assertIn("holds the mandate", made["detail"])

    def test_the_oldest_first_is_the_same_the_other_way_round(self):
        debit = self.debited("fail:AM04")
        newest = [event["key"] for event in self.events(debit, 500)["events"]]
        oldest = [event["key"] for event in self.events(debit, 500, True)["events"]]
        self.assertEqual(newest, oldest[::-1])
        self.assertEqual(len(set(newest)), len(newest))
        first = self.events(debit, 2, True)
        self.assertEqual([event["key"] for event in first["events"]], oldest[:2])
        self.assertTrue(first["has_more"])
        self.assertFalse(self.events(debit, 500)["has_more"])

    def test_mails_stay_after_they_were_deleted(self):
        """Odoo deletes a mail that has left, and its message: the history still tells of it."""
        debit = self.debited("fail:AM04")
        debit.partner_id.email = "client@example.com"
        template = self.env.ref("payment_collection.mail_template_link")
        template.auto_delete = True
        debit._page_send_links()
        mails = [e for e in self.events(debit, 500)["events"] if e["kind"] == "mail"]
        self.assertEqual([mail["text"] for mail in mails], ["Payment link sent to the client"])
        self.assertTrue(mails[0]["detail"], "the subject, as long as the message is there")
        self.env["mail.message"].search(
            [("model", "=", "payment.installment"), ("res_id", "=", debit.installment_id.id)]
        ).unlink()
        self.assertIn(("payment.installment", "Payment link sent to the client"), self.told(debit))

    def test_a_mail_without_a_line_of_the_history_is_told_by_its_subject(self):
        debit = self.debited()
        invoice = debit.installment_id.invoice_id
        for subject, subtype in (("Facture", "mail.mt_comment"), ("Secret", "mail.mt_note")):
            invoice.message_post(
                body="Voici.", subject=subject, message_type="comment", subtype_xmlid=subtype
            )
        mails = [e for e in self.events(debit, 500)["events"] if e["kind"] == "mail"]
        self.assertEqual(
            [(m["model"], m["text"], m["detail"]) for m in mails],
            [("account.move", "Mail sent", "Facture")],
        )

    def test_an_alert_and_who_closed_it(self):
        debit = self.debited()
        alert = self.env["payment.alert"]._raise_alert("drift", debit, "Look at it.")
        self.assertIn(
            ("payment.transaction", "Alert: Status differs at the provider"), self.told(debit)
        )
        alert.with_user(self.finance).close("It is the provider's mistake.")
        closed = [e for e in self.events(debit, 500)["events"] if e["kind"] == "closed"]
        self.assertEqual(
            [(event["user"], event["detail"]) for event in closed],
            [(self.finance.name, "It is the provider's mistake.")],
        )

    def test_the_announcement_is_there_with_its_subject(self):
        self.company.prenotification_required = True
        installment = self.installment(due=fields.Date.add(WEDNESDAY, days=40))
        installment.partner_id.email = "client@example.com"
        notices = self.env["payment.notice"].with_company(self.company)
        draft = notices._make_drafts(installment.mandate_id, fields.Date.add(MONDAY, days=20))
        draft._state_write({"subject": "Your debits", "content": "<p>120</p>"})
        draft._mark_sent(MONDAY, "letter")
        told = [e for e in self.events(installment, 500)["events"] if e["model"] == draft._name]
        self.assertEqual(
            [(e["text"], e["detail"], e["day"]) for e in told],
            [("Announced to the client: Letter", "Your debits", fields.Date.to_string(MONDAY))],
        )
