import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.pure import iban as iban_tools

MAX_TRIES = 8
BATCH = 500


class PaymentEvent(models.Model):
    """The inbox: one message of a provider, kept raw, applied by re-reading what it is about."""

    _name = "payment.event"
    _description = "Provider Event"
    _inherit = ["payment.state.mixin"]
    _order = "id desc"
    _rec_name = "event_key"

    _state_initial = ("received",)
    _state_transitions = frozenset(
        {
            ("received", "applied"),
            ("received", "ignored"),
            ("received", "failed"),
            ("failed", "received"),
            ("applied", "received"),
            ("ignored", "received"),
        }
    )

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="provider_id.company_id")
    event_key = fields.Char(string="Event", required=True, readonly=True)
    topic = fields.Selection(
        [
            (seam.TOPIC_DEBIT, "Debit"),
            (seam.TOPIC_MANDATE, "Mandate"),
            (seam.TOPIC_SIGNATURE, "Signature"),
            (seam.TOPIC_REFUND, "Refund"),
            (seam.TOPIC_PAYOUT, "Payout"),
            (seam.TOPIC_OTHER, "Other"),
        ],
        required=True,
        readonly=True,
    )
    ref = fields.Char(string="About", readonly=True)
    action = fields.Char(readonly=True)
    occurred_at = fields.Datetime(readonly=True)
    payload = fields.Text(readonly=True)
    source = fields.Selection([("webhook", "Notified"), ("poll", "Polled")], readonly=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("applied", "Applied"),
            ("ignored", "Ignored"),
            ("failed", "Failed"),
        ],
        required=True,
        default="received",
        readonly=True,
    )
    tries = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True)
    error = fields.Char(readonly=True)

    _event_uniq = models.UniqueIndex("(provider_id, event_key)")
    _todo_idx = models.Index("(provider_id, id) WHERE state = 'received'")
    _ref_idx = models.Index("(ref)")

    @api.model
    @api.private
    def _receive(self, provider, events, source):
        """Store events; those already here are left alone.

        :param provider: the payment.provider that sent them.
        :param list events: `seam.IncomingEvent`.
        :param str source: 'webhook' or 'poll'.
        :return: how many were new.
        """
        if not events:
            return 0
        # One statement for up to 250 events, and a duplicate is no error: the ORM has no
        # "on conflict do nothing".
        now = fields.Datetime.now()
        rows = [
            (
                provider.id,
                event.event_key,
                event.topic,
                event.ref,
                event.action,
                event.occurred_at,
                iban_tools.redact(json.dumps(event.payload, ensure_ascii=False)),
                source,
                "received",
                0,
                now,
                now,
                self.env.uid,
                self.env.uid,
            )
            for event in events
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO payment_event
                       (provider_id, event_key, topic, ref, action, occurred_at, payload, source,
                        state, tries, create_date, write_date, create_uid, write_uid)
                   VALUES %s ON CONFLICT (provider_id, event_key) DO NOTHING""",
                SQL(", ").join(rows),
            )
        )
        return self.env.cr.rowcount

    @api.model
    @api.private
    def _apply_received(self, on=None, limit=BATCH, commit=None):
        """Apply what waits in the inbox.

        :param date on: the engine's date; today by default.
        :param int limit: how many events at most.
        :param commit: function called after each provider's share, or None.
        :return: how many events were taken up.
        """
        self.flush_model(["state", "next_try"])
        self.env.cr.execute(
            SQL(
                """SELECT id FROM payment_event
                    WHERE state = 'received' AND (next_try IS NULL OR next_try <= %s)
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                fields.Datetime.now(),
                limit,
            )
        )
        events = self.browse([row[0] for row in self.env.cr.fetchall()])
        events.invalidate_recordset()
        for (_provider, topic), share in events.grouped(lambda e: (e.provider_id, e.topic)).items():
            share._apply_topic(topic, on)
            if commit:
                commit()
        return len(events)

    def _apply_topic(self, topic, on):
        """Apply events of one provider and one topic: each thing is read once, however many
        events there are about it."""
        handler = self._topic_handlers().get(topic)
        if handler is None:
            self._set_state("ignored", self.env._("Nothing to do for this kind of event"), on)
        else:
            handler(on)

    def _topic_handlers(self):
        """Return {topic: method that applies events of one provider and that topic}."""
        return {
            seam.TOPIC_DEBIT: self._apply_debits,
            seam.TOPIC_MANDATE: self._apply_mandates,
            seam.TOPIC_SIGNATURE: self._apply_signatures,
            seam.TOPIC_REFUND: self._apply_refunds,
            seam.TOPIC_PAYOUT: self._apply_payouts,
        }

    def _apply_debits(self, on):
        debits = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("provider_reference", "in", self.mapped("ref")),
                    ("debit_status", "!=", False),
                ]
            )
        )
        by_ref = {debit.provider_reference: debit for debit in debits}
        ours = self.filtered(lambda event: event.ref in by_ref)
        (self - ours)._not_ours(on)
        unread = debits._debit_refresh(on)
        lost = ours.filtered(lambda event: by_ref[event.ref].id in unread)
        for event in lost:
            event._try_again(unread[by_ref[event.ref].id], on)
        (ours - lost)._set_state("applied", on=on)

    def _not_ours(self, on):
        """An event may be quicker than our own commit; only then it is worth another look."""
        young = fields.Datetime.now() - timedelta(minutes=30)
        for event in self:
            if event.create_date > young and event.tries < 3 and event._might_become_ours():
                event._try_again(self.env._("Not known here (yet)"), on)
            else:
                event._set_state("ignored", self.env._("Not known here"), on)

    def _might_become_ours(self):
        return bool(
            self.env["payment.transaction"]
            .sudo()
            .search_count(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("debit_status", "in", ("submitting", "unknown")),
                ],
                limit=1,
            )
        )

    def _one_by_one(self, groups, work, on):
        """Do the work of each group in its own savepoint and settle its events."""
        for events in groups:
            in_savepoints(
                events[:1],
                lambda _first, events=events: (work(events), events._set_state("applied", on=on)),
                lambda _first, error, events=events: [
                    event._try_again(str(error) or type(error).__name__, on) for event in events
                ],
            )

    def _try_again(self, error, on):
        """Count a failed try; after the last one it is a person's turn."""
        self.ensure_one()
        tries = self.tries + 1
        values = {
            "tries": tries,
            "error": error[:500],
            "next_try": fields.Datetime.now() + timedelta(minutes=2**tries),
        }
        if tries < MAX_TRIES:
            self._state_write(values)
            return
        self._set_state("failed", error, on, values)
        self.env["payment.alert"]._raise_alert(
            "not_applied",
            self,
            self.env._(
                "Event %(event)s of %(provider)s about %(ref)s failed %(tries)s times: %(error)s",
                event=self.event_key,
                provider=self.provider_id.name,
                ref=self.ref,
                tries=tries,
                error=error,
            ),
        )

    def action_replay(self):
        """Put events back to be applied once more; harmless, they are only hints."""
        self.filtered(lambda e: e.state != "received")._set_state(
            "received", self.env._("Replayed"), values={"tries": 0, "next_try": False}
        )
        self.env.ref("payment_direct_debit.ir_cron_apply_events")._trigger()

    @api.model
    def _cron_apply(self):
        """Apply what waits; triggered by each notification."""
        cron = self.env["ir.cron"]
        while taken := self._apply_received(commit=lambda: cron._commit_progress(0)):
            if not cron._commit_progress(taken):
                break
