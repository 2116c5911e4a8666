from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

# What is usual is learnt from so long a time, and from so many notifications at least.
LEARNT_FROM = timedelta(days=60)
LEAST_KNOWN = 20
# Shorter silences are never worth a word; longer ones are when they beat the longest one known.
LEAST_SILENCE = timedelta(hours=24)
# News that was read but never notified, since the last notification of the same kind.
NEVER_NOTIFIED = 3
# What a person has closed although the silence goes on is told again after so long.
TOLD_AGAIN_AFTER = timedelta(days=7)


class PaymentProvider(models.Model):
    """A webhook that has gone silent does not say so itself."""

    _inherit = "payment.provider"

    @api.model
    @api.private
    def _debit_watch_silence(self, now):
        """Raise an alert for each provider whose notifications stay away longer than usual.

        Two things speak for it: a silence longer than any of the last two months, or news of a
        kind that used to be notified and now has to be fetched. The alert is closed by itself
        once the notifications are back.

        :param datetime now: naive UTC.
        :return: the providers that are silent.
        """
        providers = self.search([("state", "in", ("enabled", "test"))]).filtered(
            "is_debit_provider"
        )
        rhythm = self._debit_webhook_rhythm(now)
        silent = providers.filtered(lambda p: _is_silent(rhythm.get(p.id, ()), now))
        self.env["payment.alert"]._raise_missing(
            "webhook_silent",
            {
                provider: self.env._(
                    "%(provider)s has notified nothing since %(last)s UTC, which is longer than"
                    " usual. Nothing is lost, events are also polled; check the webhook in its"
                    " dashboard: its address must be %(url)s",
                    provider=provider.name,
                    last=max(topic["last"] for topic in rhythm[provider.id]),
                    url=provider.debit_webhook_url,
                )
                for provider in silent
            },
            closed_since=now - TOLD_AGAIN_AFTER,
        )
        self.env["payment.alert"]._close_alerts("webhook_silent", providers - silent)
        return silent

    @api.model
    def _debit_webhook_rhythm(self, now):
        """Measure the notifications of the last two months.

        :return: {provider id: [{last, count, longest, polled}]}, one dict for each topic:
            last notification (naive UTC), how many, the longest silence between two of them, and
            how many events were polled since the last one.
        """
        self.env["payment.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """WITH notified AS (
                    SELECT provider_id, topic, create_date,
                           create_date - lag(create_date) OVER (
                               PARTITION BY provider_id, topic ORDER BY create_date) AS gap
                      FROM payment_event
                     WHERE source = 'webhook' AND create_date > %(since)s AND create_date <= %(now)s
                ), rhythm AS (
                    SELECT provider_id, topic, max(create_date) AS last, count(*) AS count,
                           max(gap) AS longest
                      FROM notified GROUP BY provider_id, topic
                )
                SELECT r.provider_id, r.last, r.count, r.longest,
                       (SELECT count(*) FROM payment_event e
                         WHERE e.provider_id = r.provider_id AND e.topic = r.topic
                           AND e.source = 'poll' AND e.create_date > r.last
                           AND e.create_date <= %(now)s) AS polled
                  FROM rhythm r""",
                since=now - LEARNT_FROM,
                now=now,
            )
        )
        rhythm = {}
        for row in self.env.cr.dictfetchall():
            rhythm.setdefault(row.pop("provider_id"), []).append(row)
        return rhythm


def _is_silent(topics, now):
    """Tell whether one provider is silent, from what `_debit_webhook_rhythm` measured."""
    if not topics:
        return False  # never notified us lately: it may not be set up to, or is new
    if any(topic["polled"] >= NEVER_NOTIFIED for topic in topics):
        return True
    known = sum(topic["count"] for topic in topics)
    longest = max((topic["longest"] for topic in topics if topic["longest"]), default=None)
    silence = now - max(topic["last"] for topic in topics)
    return bool(known >= LEAST_KNOWN and longest and silence > max(longest, LEAST_SILENCE))
