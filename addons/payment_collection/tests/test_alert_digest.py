from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon

WEDNESDAY = date(2026, 3, 4)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestAlertDigest(CollectionCommon):
    """Finance gets a mail a day at most, and only when there is something to tell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.alerts = cls.env["payment.alert"]
        cls.alerts.search([("state", "=", "open")])._set_state("closed", "for the test")
        cls.env["res.users"].search([]).payment_alert_digest = "off"
        cls.finance = cls.member("digest_finance", "payment_direct_debit.group_payment_user")
        cls.client, cls.mandate = cls.client_with_mandate(name="Librairie Castelnoir")

    @classmethod
    def member(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login,
            groups,
            **{
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "email": f"{login}@example.com",
                "lang": "en_US",
                **values,
            },
        )

    def told(self, kind="drift", record=None, severity="normal", on=WEDNESDAY):
        with freeze_time(f"{on} 03:00:00"):
            alert = self.alerts._raise_alert(
                kind, record or self.mandate, "IBAN FR76 is secret", severity
            )
            # The clock of the database is not frozen.
            self.env.cr.execute(
                "UPDATE payment_alert SET create_date = %s WHERE id = %s",
                (datetime(on.year, on.month, on.day, 3), alert.id),
            )
            alert.invalidate_recordset()
        return alert

    def digest(self, on=WEDNESDAY):
        """Return the mails made by one passage of the cron."""
        before = self.env["mail.mail"].search([])
        with freeze_time(f"{on} 05:30:00"):
            self.env["payment.alert.digest"]._cron_digest(on)
            self.env.cr.execute(
                "UPDATE payment_alert_digest SET create_date = %s WHERE date = %s",
                (datetime(on.year, on.month, on.day, 5, 30), on),
            )
            self.env["payment.alert.digest"].invalidate_model()
        return self.env["mail.mail"].search([]) - before

    def test_nothing_open_is_no_mail(self):
        self.assertFalse(self.digest())

    def test_what_is_new_is_mailed_once(self):
        self.told()
        mail = self.digest()
        self.assertEqual(mail.recipient_ids, self.finance.partner_id)
        self.assertEqual(mail.subject, "Payment alerts: 1 new, 1 open")
        self.assertFalse(self.digest(), "a second passage on the same day")
        self.assertFalse(self.digest(WEDNESDAY + DAY), "nothing new, nothing severe")
        self.told("overpaid", on=WEDNESDAY + DAY)
        self.assertIn("1 new, 2 open", self.digest(WEDNESDAY + DAY).subject)

    def test_what_is_severe_is_told_every_working_day_until_it_is_closed(self):
        alert = self.told(severity="high")
        for day, mails in ((0, 1), (1, 1), (2, 1), (3, 0), (4, 0), (5, 1)):
            with self.subTest(day=day):
                self.assertEqual(len(self.digest(WEDNESDAY + day * DAY)), mails)
        alert.close("Done.")
        self.assertFalse(self.digest(WEDNESDAY + 6 * DAY))

    def test_what_is_snoozed_is_not_told(self):
        alert = self.told(severity="high")
        alert.snooze("2100-01-01")
        self.assertFalse(self.digest())

    def test_the_mail_shows_kinds_counts_and_clients_and_no_free_text(self):
        alert = self.told(severity="high")
        self.told("overpaid")
        self.told("overpaid", self.client)
        body = self.digest().body_html
        for shown in (
            "Status differs at the provider",
            "Collected, but nothing was owed",
            "Librairie Castelnoir",
            f"/odoo/payment-alerts/{alert.id}",
            "03/04/2026",
        ):
            self.assertIn(shown, body)
        for hidden in ("FR76", "secret", self.mandate.name, self.mandate.iban_masked or "\0"):
            self.assertNotIn(hidden, body)

    def test_the_ten_worst_come_first_and_the_oldest_of_them(self):
        for number in range(12):
            client = self.env["res.partner"].create({"name": f"Client {number}"})
            severity = "high" if number >= 10 else "low"
            self.told("overpaid", client, severity, WEDNESDAY - number * DAY)
        self.digest()
        digest = self.env["payment.alert.digest"].search([("user_id", "=", self.finance.id)])
        worst = [line["about"] for line in digest._shown_worst()]
        self.assertEqual(worst[:3], ["Client 11", "Client 10", "Client 9"])
        self.assertEqual(len(worst), 10)
        kind = "Collected, but nothing was owed"
        self.assertEqual(
            digest._shown_groups(), [("High", [(kind, 2, 2)]), ("Low", [(kind, 10, 10)])]
        )

    def test_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.finance.lang = "fr_FR"
        template = self.env.ref("payment_collection.mail_template_alert_digest")
        template.with_context(lang="fr_FR").subject = "Paiements : {{ object.new_count }}"
        self.told()
        mail = self.digest()
        self.assertEqual(mail.subject, "Paiements : 1")
        self.assertIn("04/03/2026", mail.body_html)

    def test_weekly_is_once_a_week_and_off_is_never(self):
        self.finance.payment_alert_digest = "weekly"
        self.told(severity="high")
        days = [len(self.digest(WEDNESDAY + day * DAY)) for day in range(8)]
        self.assertEqual(days, [1, 0, 0, 0, 0, 1, 0, 0])
        self.finance.payment_alert_digest = "off"
        self.assertFalse(self.digest(WEDNESDAY + 14 * DAY))

    def test_only_finance_of_the_company_is_written_to(self):
        other = self.env["res.company"].create({"name": "Another"})
        for login, group, values in (
            ("digest_rep", "sales_team.group_sale_salesman", {}),
            ("digest_client", "base.group_portal", {}),
            (
                "digest_stranger",
                "payment_direct_debit.group_payment_user",
                {"company_id": other.id, "company_ids": [Command.set(other.ids)]},
            ),
            ("digest_mute", "payment_direct_debit.group_payment_user", {"email": False}),
        ):
            self.member(login, group, **values)
        self.told(severity="high")
        self.assertEqual(self.digest().recipient_ids, self.finance.partner_id)

    def test_a_crash_in_between_leaves_neither_row_nor_mail(self):
        self.told()
        template = self.registry["mail.template"]
        send = template.send_mail_batch

        def crash(*args, **options):
            send(*args, **options)
            raise ValueError("the power is gone")

        with self.subTest("crash"):
            self.patch(template, "send_mail_batch", crash)
            self.assertFalse(self.digest())
            self.assertFalse(self.env["payment.alert.digest"].search([("date", "=", WEDNESDAY)]))
        self.patch(template, "send_mail_batch", send)
        self.assertEqual(len(self.digest()), 1)

    def test_each_reads_his_own_and_chooses_how_often(self):
        self.told()
        self.digest()
        colleague = self.member("digest_colleague", "payment_direct_debit.group_payment_user")
        digests = self.env["payment.alert.digest"]
        self.assertTrue(digests.with_user(self.finance).search([]))
        self.assertFalse(digests.with_user(colleague).search([]))
        with self.assertRaises(AccessError):
            digests.search([]).with_user(self.finance).write({"date": WEDNESDAY - DAY})
        rep = self.member("digest_seller", "sales_team.group_sale_salesman")
        for user, offered in ((colleague, True), (rep, False)):
            self.assertEqual(user.with_user(user).sees_payment_alerts, offered)
        colleague.with_user(colleague).write({"payment_alert_digest": "weekly"})
        self.assertEqual(colleague.payment_alert_digest, "weekly")

    def test_old_ones_are_forgotten_but_the_last(self):
        digests = self.env["payment.alert.digest"]
        made = digests.create(
            [
                {"user_id": self.finance.id, "date": day, "groups": [], "worst": []}
                for day in (date(2020, 1, 1), date(2020, 1, 2))
            ]
        )
        digests._gc_digests()
        self.assertEqual(made.exists(), made[1])
