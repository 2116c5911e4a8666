from odoo.tests import TransactionCase, tagged

CODE = "env.company.partner_id.write({'street': env.context.get('lang') or 'none'})"


@tagged("post_install", "-at_install")
class TestCronLanguage(TransactionCase):
    """What jobs write for people is in the company's language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env.company.partner_id.lang = "fr_FR"

    def _language_of_a_job(self, **values):
        job = self.env["ir.cron"].create(
            {
                "name": "Says its language",
                "model_id": self.env["ir.model"]._get_id("res.company"),
                "state": "code",
                "code": CODE,
                **values,
            }
        )
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            as_scheduled = job.with_env(self.env(cr=cr, context={}))
            as_scheduled._callback(job.name, job.ir_actions_server_id.id)
        self.env.invalidate_all()
        return self.env.company.partner_id.street

    def test_a_job_of_ours_speaks_the_language_of_the_company(self):
        self.assertEqual(self._language_of_a_job(in_company_language=True), "fr_FR")

    def test_other_jobs_stay_as_they_are(self):
        self.assertEqual(self._language_of_a_job(), "none")

    def test_every_job_that_belongs_to_direct_debits_does(self):
        jobs = self.env["ir.cron"].with_context(active_test=False).search([])
        ours = jobs.filtered(
            lambda job: (job.get_external_id().get(job.id) or "").startswith(
                "payment_direct_debit."
            )
        )
        self.assertTrue(ours)
        self.assertFalse(ours.filtered(lambda job: not job.in_company_language).mapped("name"))
