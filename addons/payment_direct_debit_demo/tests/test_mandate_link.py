from datetime import timedelta

from odoo import SUPERUSER_ID, fields, http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged


class MandatePages(HttpCase):
    """Two clients with a mandate each, and the portal user of the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID)
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Demo", "code": "demo_debit", "state": "test"}
        )
        cls.user = new_test_user(
            cls.env, "zoe", password="zoe-password", groups="base.group_portal"
        )
        cls.debtor = cls.user.partner_id
        cls.debtor.write({"name": "Zoé Debtor", "email": "zoe@example.com"})
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Stranger", "email": "stranger@example.com"}
        )
        cls.mandate = cls._mandate(cls.debtor)
        cls.foreign = cls._mandate(cls.stranger)

    @classmethod
    def _mandate(cls, partner, state="draft"):
        if state == "active":
            return cls.provider._demo_open_mandates([{"partner_id": partner.id}])
        return cls.env["payment.mandate"].create(
            {"partner_id": partner.id, "provider_id": cls.provider.id}
        )

    def _iban(self, mandate):
        held = self.env["payment.demo.mandate"].search([("ref", "=", mandate.provider_mandate_ref)])
        return held._iban()

    def _link(self, mandate, path=""):
        return self.url_open("/" + mandate._signature_url().split("/", 3)[3] + path)


@tagged("post_install", "-at_install")
class TestLink(MandatePages):
    def _send(self, mandate=None):
        (mandate or self.mandate).action_send_signature_link()
        return self.env["mail.mail"].search([], order="id desc", limit=1)

    def test_the_debtor_gets_the_link_by_mail_and_only_he(self):
        mail = self._send()
        self.assertEqual(self.mandate.state, "to_sign")
        self.assertEqual(mail.recipient_ids, self.debtor)
        self.assertIn(self.mandate._signature_token(), mail.body_html)
        self.assertTrue(mail.auto_delete, "the link is a key: no copy is kept")
        last = self.mandate.history_ids.sorted("id")[-1]
        self.assertIn("zoe@example.com", last.reason)
        self.assertNotIn(self.mandate._signature_token(), str(self.mandate.history_ids.read()))

    def test_the_link_of_the_mail_leads_to_the_signature(self):
        self._send()
        self.assertEqual(self._link(self.mandate).status_code, 200)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")

    def test_a_link_is_good_for_thirty_days_and_the_next_mail_for_as_long_again(self):
        self._send()
        today = fields.Date.context_today(self.mandate)
        self.assertEqual(self.mandate.signature_expires_on, today + timedelta(days=30))
        self.mandate._state_write({"signature_expires_on": today - timedelta(days=1)})
        answer = self._link(self.mandate)
        self.assertEqual(answer.status_code, 410)
        self.assertIn("expired", answer.text)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "to_sign")
        self._send()
        self.assertEqual(self._link(self.mandate).status_code, 200)

    def test_who_signed_in_time_comes_back_whatever_the_day(self):
        self._send()
        self.mandate._signature_start()
        yesterday = fields.Date.context_today(self.mandate) - timedelta(days=1)
        self.mandate._state_write({"signature_expires_on": yesterday})
        self.assertEqual(self._link(self.mandate, "/back").status_code, 200)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")

    def test_a_wrong_link_is_no_page(self):
        self._send()
        token = self.mandate._signature_token()
        wrong = (
            f"{self.mandate.id}/{token[:-1]}x",
            f"{self.foreign.id}/{token}",
            f"{self.mandate.id}/é",
            f"999999999/{token}",
        )
        for path in wrong:
            for end in ("", "/back"):
                with self.subTest(path=path, end=end):
                    answer = self.url_open(f"/payment/mandate/sign/{path}{end}")
                    self.assertEqual(answer.status_code, 404)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "to_sign")

    def test_the_link_outlives_a_reference_that_the_provider_gives(self):
        self._send()
        url = self.mandate._signature_url()
        self.mandate.write({"name": "RUM-OF-THE-BANK"})
        self.assertEqual(self.mandate._signature_url(), url)

    def test_no_page_shows_the_whole_account(self):
        self._send()
        pages = [self._link(self.mandate), self._link(self.mandate, "/back")]
        self.mandate.invalidate_recordset()
        iban = self._iban(self.mandate)
        for page in pages:
            self.assertNotIn(iban, page.text)
            self.assertNotIn(iban[4:], page.text)
        self.assertIn(self.mandate.iban_masked, pages[1].text)

    def test_nothing_is_sent_without_an_address_or_for_what_is_signed(self):
        self.debtor.email = False
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self._send()
        signed = self._mandate(self.stranger, "active")
        with self.assertRaisesRegex(UserError, "not waiting"):
            signed.action_send_signature_link()
        self.assertEqual(self.mandate.state, "draft")


@tagged("post_install", "-at_install")
class TestPortal(MandatePages):
    def setUp(self):
        super().setUp()
        (self.mandate + self.foreign).action_request_signature()
        self.active = self._mandate(self.debtor, "active")
        self.env.flush_all()

    def _post(self, mandate, verb):
        self.url_open("/my/mandates")
        data = {"csrf_token": http.Request.csrf_token(self)}
        return self.url_open(f"/my/mandates/{mandate.id}/{verb}", data=data)

    def test_a_client_sees_his_own_mandates_masked(self):
        self.authenticate("zoe", "zoe-password")
        page = self.url_open("/my/mandates").text
        self.assertIn(self.mandate.name, page)
        self.assertIn(self.active.iban_masked, page)
        self.assertNotIn(self.foreign.name, page)
        self.assertNotIn(self._iban(self.active), page)

    def test_the_mandates_of_his_company_are_his_too(self):
        company = self.env["res.partner"].create({"name": "Debtor Ltd", "is_company": True})
        held = self._mandate(company, "active")
        self.authenticate("zoe", "zoe-password")
        self.assertNotIn(held.name, self.url_open("/my/mandates").text)
        self.debtor.parent_id = company
        self.env.flush_all()
        self.assertIn(held.name, self.url_open("/my/mandates").text)

    def test_a_draft_is_nothing_to_a_client(self):
        draft = self._mandate(self.debtor)
        self.authenticate("zoe", "zoe-password")
        self.assertNotIn(draft.name, self.url_open("/my/mandates").text)

    def test_he_signs_from_his_page(self):
        self.authenticate("zoe", "zoe-password")
        answer = self._post(self.mandate, "sign")
        self.assertEqual(answer.status_code, 200)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")

    def test_he_signs_from_his_page_after_the_link_has_expired(self):
        yesterday = fields.Date.context_today(self.mandate) - timedelta(days=1)
        self.mandate._state_write({"signature_expires_on": yesterday})
        self.authenticate("zoe", "zoe-password")
        self._post(self.mandate, "sign")
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")

    def test_he_changes_his_account_under_the_same_mandate(self):
        before = self.active.iban_masked
        self.authenticate("zoe", "zoe-password")
        answer = self._post(self.active, "change")
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertNotEqual(self.active.iban_masked, before)
        self.assertEqual(self.active.amendment_ids.mapped("state"), ["done"])
        self.assertIn(self.active.iban_masked, self.url_open("/my/mandates").text)

    def test_where_a_mandate_can_not_be_changed_he_signs_another_one(self):
        self.provider.demo_debit_can_amend = False
        self.authenticate("zoe", "zoe-password")
        self._post(self.active, "change")
        self.env.invalidate_all()
        self.assertEqual(self.active.state, "replaced")
        self.assertEqual(self.active.replaced_by_id.state, "active")

    def test_a_stranger_is_refused_everywhere(self):
        other = self._mandate(self.stranger, "active")
        self.authenticate("zoe", "zoe-password")
        for mandate, verb in ((self.foreign, "sign"), (other, "change"), (other, "sign")):
            with self.subTest(verb=verb):
                self.assertEqual(self._post(mandate, verb).status_code, 404)
        self.env.invalidate_all()
        self.assertEqual((self.foreign.state, other.state), ("to_sign", "active"))
        self.assertFalse(other.amendment_ids)

    def test_nobody_comes_in_without_logging_in_nor_by_a_mere_link(self):
        answer = self.url_open("/my/mandates", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.authenticate("zoe", "zoe-password")
        for verb in ("sign", "change"):
            answer = self.url_open(f"/my/mandates/{self.mandate.id}/{verb}")
            self.assertEqual(answer.status_code, 405, "a click from elsewhere does nothing")
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "to_sign")

    def test_the_home_page_counts_his_mandates(self):
        self.authenticate("zoe", "zoe-password")
        self.assertIn("/my/mandates", self.url_open("/my/home").text)
        answer = self.make_jsonrpc_request("/my/counters", {"counters": ["mandate_count"]})
        self.assertEqual(answer["mandate_count"], 2)
