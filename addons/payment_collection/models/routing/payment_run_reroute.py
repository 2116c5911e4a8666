from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.payment_collection.models.installment.payment_installment import COLLECTABLE


class PaymentRun(models.Model):
    """What a provider that is down leaves behind: taken back, decided again, never lost."""

    _inherit = "payment.run"

    def _take_back_stranded(self, debits, on):
        """Take back what waits for a provider that takes nothing now, and has never left.

        Their installments are decided about again, in this run: another provider that knows the
        mandate takes them, or they are held. What may have left is looked up, never replaced.

        :param debits: payment.transaction records of this run.
        :param date on: the engine's date.
        """
        for provider, waiting in debits.grouped("provider_id").items():
            stranded = waiting.filtered(lambda debit: debit.debit_status == "draft")
            if not stranded or provider._debit_ready():
                continue
            taken = stranded._routing_take_back(
                self.env._(
                    "Rerouted: %(provider)s takes nothing now; this was never sent",
                    provider=provider.name,
                ),
                on,
            )
            self._lines([("transaction_id", "in", taken.ids)]).unlink()
        self._commit()

    def _forget_released(self):
        """Let this run decide again about what it held and what has been released since.

        :return: whether there is anything to decide about.
        """
        again = Domain("installment_id.state", "=", "unpaid") & Domain(
            "installment_id.retry_on", "<=", self.date
        )
        released = self._lines(
            Domain("decision", "=", "held")
            & (Domain("installment_id.state", "in", COLLECTABLE) | again)
        )
        return released.unlink() if released else False

    def _lines(self, domain):
        return (
            self.env["payment.run.line"]
            .sudo()
            .search(Domain("run_id", "=", self.id) & Domain(domain))
        )

    @api.model
    def _cron_run(self, today=None):
        """Also take up again what today's runs held, once its provider is back."""
        result = super()._cron_run(today)
        today = today or fields.Date.context_today(self)
        finished = self.search(
            [("date", "=", today), ("state", "in", ("done", "done_with_errors"))], order="id"
        )
        for run in finished.filtered(lambda run: run._holds_for_a_provider()):
            run = run.with_company(run.company_id)
            run._release_mended(run.company_id, today)
            if run._forget_released():
                run._set_state("running", self.env._("A provider is back"), today)
                run._execute(today)
        return result

    def _holds_for_a_provider(self):
        held = [
            ("decision", "=", "held"),
            ("installment_id.state", "=", "held"),
            ("installment_id.hold_reason", "=", "provider_unavailable"),
        ]
        return bool(self._lines(held))
