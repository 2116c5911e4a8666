from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.payment_collection.pure.failure_peak import Counts, Settings, peak

# What is usual is learnt from so many days before those that are looked at.
PAST_DAYS = 90
CAME_BACK = ("failed", "returned")
SENT = ("submitted", "unknown", "collected", "paid_out", *CAME_BACK)


class PaymentAlert(models.Model):
    """More debits fail than usual: by a provider, or all over a company."""

    _inherit = "payment.alert"

    @api.model
    @api.private
    def _look_for_failure_peaks(self, today):
        """Compare the last days with the months before, and tell a person.

        The alert is about the provider whose debits fail; about the company only where it shows
        in no single provider. It closes by itself once the share is back to what is usual, and
        what a person has closed is not raised again as long as the same days are looked at.

        :param date today: the engine's date.
        """
        # All of them: where the look-out was switched off, what it told is closed.
        everyone = self.env["res.company"].sudo().search(Domain.TRUE)
        for days, companies in everyone.grouped("failure_peak_days").items():
            peaks = self._failure_peaks(companies, today, days) if days else {}
            reasons = self._failure_reasons(peaks, today, days)
            texts = {}
            for record, (recent, found) in peaks.items():
                text = self._failure_text(record, recent, found, days, reasons.get(record))
                texts.setdefault((record._name, found.severe), {})[record] = text
            since = fields.Datetime.to_datetime(today) - timedelta(days=days)
            for (_model, severe), messages in texts.items():
                severity = "high" if severe else "normal"
                self._raise_missing("failure_peak", messages, severity, since)
            for model in ("payment.provider", "res.company"):
                told = self._open_about("failure_peak", model)
                told = told.filtered(lambda alert, c=companies: alert.company_id in c)
                records = self.env[model].browse(told.mapped("res_id"))
                over = records.filtered(lambda record, p=peaks: record not in p)
                self._close_alerts("failure_peak", over)

    @api.model
    def _failure_peaks(self, companies, today, days):
        """Return {provider or company: (`Counts` of the last days, `Peak`)}."""
        counts = self._failure_counts(companies, today, days)
        peaks = {}
        for company, providers in counts.items():
            settings = Settings(company.failure_peak_points, company.failure_peak_minimum)
            for provider, (recent, past) in providers.items():
                if found := peak(recent, past, settings):
                    peaks[provider] = recent, found
            if not peaks.keys() & providers.keys():
                recent = sum((recent for recent, _past in providers.values()), Counts())
                past = sum((past for _recent, past in providers.values()), Counts())
                if found := peak(recent, past, settings):
                    peaks[company] = recent, found
        return peaks

    @api.model
    def _failure_counts(self, companies, today, days):
        """Count first attempts, and those that failed, by the day that they were asked for.

        A debit presented again fails much more often: a week of nothing but those is no peak.

        :return: {company: {provider: (`Counts` of the last days, `Counts` before)}}.
        """
        self.env.flush_all()
        first = today - timedelta(days=days)
        self.env.cr.execute(
            SQL(
                """SELECT t.company_id, t.provider_id,
                          count(*) FILTER (WHERE t.payment_day > %(first)s),
                          count(*) FILTER (WHERE t.payment_day > %(first)s
                                             AND t.debit_status IN %(came_back)s),
                          count(*) FILTER (WHERE t.payment_day <= %(first)s),
                          count(*) FILTER (WHERE t.payment_day <= %(first)s
                                             AND t.debit_status IN %(came_back)s)
                     FROM payment_transaction t
                    WHERE t.payment_day > %(past)s AND t.payment_day <= %(today)s
                      AND t.debit_status IN %(sent)s AND t.company_id = ANY(%(companies)s)
                      AND NOT EXISTS (SELECT 1 FROM payment_transaction earlier
                                       WHERE earlier.installment_id = t.installment_id
                                         AND earlier.id < t.id
                                         AND earlier.debit_status IN %(came_back)s)
                 GROUP BY t.company_id, t.provider_id""",
                first=first,
                past=first - timedelta(days=PAST_DAYS),
                today=today,
                came_back=CAME_BACK,
                sent=SENT,
                companies=companies.ids,
            )
        )
        counts = {}
        for company_id, provider_id, *numbers in self.env.cr.fetchall():
            company = self.env["res.company"].browse(company_id)
            provider = self.env["payment.provider"].browse(provider_id)
            recent, past = Counts(*numbers[:2]), Counts(*numbers[2:])
            counts.setdefault(company, {})[provider] = recent, past
        return counts

    @api.model
    def _failure_reasons(self, peaks, today, days):
        """Return {provider or company: the reason met most often} of those that peak."""
        if not peaks:
            return {}
        groups = (
            self.env["payment.transaction"]
            .sudo()
            ._read_group(
                [
                    ("payment_day", ">", today - timedelta(days=days)),
                    ("payment_day", "<=", today),
                    ("debit_status", "in", CAME_BACK),
                    ("debit_reason_id", "!=", False),
                ],
                ["company_id", "provider_id", "debit_reason_id"],
                ["__count"],
            )
        )
        met = {}
        for company, provider, reason, count in groups:
            for record in (company, provider):
                by_reason = met.setdefault(record, {})
                by_reason[reason] = by_reason.get(reason, 0) + count
        return {
            record: max(met[record], key=met[record].get).display_name
            for record in peaks
            if record in met
        }

    @api.model
    def _failure_text(self, record, recent, found, days, reason):
        usual = (
            self.env._("there is no past to compare with")
            if found.usual is None
            else self.env._("usually %(share)s%%", share=round(found.usual * 100))
        )
        return self.env._(
            "%(name)s: %(failed)s of the %(sent)s debits of the last %(days)s days failed or came"
            " back: %(share)s%%, %(usual)s. Most often: %(reason)s.",
            name=record.display_name,
            failed=recent.failed,
            sent=recent.sent,
            days=days,
            share=round(found.share * 100),
            usual=usual,
            reason=reason or "-",
        )
