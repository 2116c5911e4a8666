from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

# Shown at first; and read at most, however often somebody asks for more.
NEWEST = 40
MOST = 1000


class PaymentCycle(models.AbstractModel):
    """Everything that happened in a cycle, with who did it."""

    _inherit = "payment.cycle"

    @api.model
    @api.readonly
    def get_events(self, model, res_id, limit=NEWEST, oldest_first=False):
        """Return the time line around a record, longer or the other way round.

        :param str model: as for `get_cycle`.
        :param int res_id: its id.
        :param int limit: how many events; 1000 at most.
        :param bool oldest_first: begin with the oldest.
        :return: {"events": [...], "has_more": bool}, see `_cycle_time_line`.
        :raise AccessError: the record is not the user's, or has no cycle.
        """
        return self._cycle_time_line(
            self._cycle_chain_of(model, res_id), min(max(int(limit), 1), MOST), oldest_first
        )

    @api.model
    def _cycle_time_line(self, chain, limit=NEWEST, oldest_first=False):
        """Return the events of a chain in the order of their days.

        An event: {"key", "kind", "model", "id", "name", "text", "detail", "user", "tone",
        "day": the engine's date, "at": the clock's time in UTC, "link": another record or None}.
        """
        # One more than is shown tells whether there are more.
        reach = (limit + 1, oldest_first)
        if chain.is_finance:
            events = [
                event for read in self._cycle_event_sources() for event in read(chain, *reach)
            ]
        else:
            events = self._cycle_facts(chain)
        events.sort(
            key=lambda event: (event["day"], event["at"], event["rank"]), reverse=not oldest_first
        )
        return {"events": events[:limit], "has_more": limit < min(len(events), MOST)}

    @api.model
    def _cycle_event_sources(self):
        """Hook: return functions (chain, limit, oldest first) that return `_cycle_event`s."""
        return [
            self._cycle_told,
            self._cycle_begun,
            self._cycle_provider_events,
            self._cycle_notices,
            self._cycle_alerts,
        ]

    @api.model
    def _cycle_event(self, kind, record, text, at, **more):
        """Return one event.

        :param str kind: history, begun, event, mail, alert or payment.
        :param record: what it happened to.
        :param str text: what happened.
        :param datetime at: when, by the clock (UTC); None where only the day is known.
        :param more: day, detail, user (res.users), tone, rank (order within a moment), link.
        """
        day = more.get("day") or fields.Datetime.context_timestamp(self, at)
        user = more.get("user")
        return {
            "key": f"{kind}-{record._name}-{record.id}-{more.get('rank', 0)}",
            "kind": kind,
            "model": record._name,
            "id": record.id,
            "name": self._cycle_name(record),
            "text": text,
            "day": fields.Date.to_string(day),
            "at": fields.Datetime.to_string(at) if at else "",
            "rank": more.get("rank", 0),
            "detail": more.get("detail") or "",
            "user": self._cycle_by(user) if user else more.get("by", ""),
            "tone": more.get("tone", "muted"),
            "link": more.get("link"),
        }

    @api.model
    def _cycle_by(self, user):
        """Return who did it; the engine is nobody."""
        return self.env._("Automatic") if user.id == SUPERUSER_ID else user.sudo().name

    @api.model
    def _cycle_about(self, chain):
        """Return the condition `res_model`, `res_id` on everything in the chain."""
        about = chain.about()
        if not about:
            return Domain.FALSE
        return Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", list(records))
            for model, records in about.items()
        )

    @api.model
    def _cycle_order(self, oldest_first, *names):
        return ", ".join(name if oldest_first else f"{name} desc" for name in names)

    @api.model
    def _cycle_history(self, chain, limit, oldest_first):
        """What the records' own histories say: sent, confirmed, returned, held, retried."""
        about = chain.about()
        shown = ["res_model", "res_id", "date", "from_state", "to_state", "reason", "user_id"]
        lines = self.env["payment.history"].search_fetch(
            self._cycle_about(chain),
            [*shown, "create_date"],
            order=self._cycle_order(oldest_first, "date", "id"),
            limit=limit,
        )
        events = []
        for line in lines:
            moved = line.from_state != line.to_state
            text = line.to_label if moved else line.reason
            events.append(
                self._cycle_event(
                    "history" if moved else "note",
                    about[line.res_model][line.res_id],
                    text or "",
                    line.create_date,
                    day=line.date,
                    detail=line.reason if moved else "",
                    user=line.user_id,
                    tone=self._cycle_tone(line.res_model, line.to_state) if moved else "muted",
                    rank=line.id,
                )
            )
        return events

    @api.model
    def _cycle_begun(self, chain, limit, oldest_first):
        """Where the payments come from: the run and the rule that chose the provider."""
        payments = chain.payments.sorted("id", reverse=not oldest_first)[:limit]
        chosen = {
            payment.id: next(
                (s for s in payment.routing_explanation or () if s["verdict"] == "chosen"), None
            )
            for payment in payments
        }
        steps = [step for step in chosen.values() if step]
        lines = iter(self.env["payment.route"]._explanation_lines(steps))
        whys = {number: next(lines) if step else "" for number, step in chosen.items()}
        events = []
        for payment in payments:
            run = payment.run_id
            text = self.env._("Debit made") if payment.debit_status else self.env._("Payment begun")
            events.append(
                self._cycle_event(
                    "begun",
                    payment,
                    text,
                    payment.create_date,
                    day=run.date,
                    detail=whys[payment.id],
                    user=payment.create_uid,
                    link=run and {"model": run._name, "id": run.id, "name": run.display_name},
                )
            )
        return events

    @api.model
    def _cycle_provider_events(self, chain, limit, oldest_first):
        """What the providers notified about payments, mandates and payouts."""
        by_ref = {}
        for payout in chain.held["payouts"]:
            by_ref[payout.provider_id.id, payout.ref] = payout
        for token in chain.held["mandates"].sudo().token_ids:
            by_ref[token.provider_id.id, token.provider_ref] = token.mandate_id.with_env(self.env)
        for payment in chain.payments.filtered("provider_reference"):
            by_ref[payment.provider_id.id, payment.provider_reference] = payment
        if not by_ref:
            return []
        found = self.env["payment.event"].search_fetch(
            [
                ("ref", "in", [ref for _provider, ref in by_ref if ref]),
                ("provider_id", "in", [provider for provider, _ref in by_ref]),
            ],
            ["ref", "topic", "action", "occurred_at", "create_date", "error", "state"],
            order=self._cycle_order(oldest_first, "id"),
            limit=limit,
        )
        states = dict(found._fields["state"]._description_selection(self.env))
        return [
            self._cycle_event(
                "event",
                by_ref[event.provider_id.id, event.ref],
                self.env._("Message received: %(action)s", action=event.action or event.topic),
                event.occurred_at or event.create_date,
                detail=event.error or states[event.state],
                by=event.provider_id.sudo().name,
                tone="danger" if event.state == "failed" else "muted",
                rank=event.id,
            )
            for event in found
            if (event.provider_id.id, event.ref) in by_ref
        ]

    @api.model
    def _cycle_alerts(self, chain, limit, oldest_first):
        """What a person was asked to look at, and who closed it."""
        about = chain.about()
        alerts = self.env["payment.alert"].search(
            self._cycle_about(chain), order=self._cycle_order(oldest_first, "id"), limit=limit
        )
        kinds = dict(alerts._fields["kind"]._description_selection(self.env))
        events = []
        for alert in alerts:
            record = about[alert.res_model][alert.res_id]
            text = self.env._("Alert: %(kind)s", kind=kinds[alert.kind])
            shared = {"detail": alert.message, "rank": alert.id}
            tone = "danger" if alert.state == "open" else "muted"
            events.append(
                self._cycle_event("alert", record, text, alert.create_date, tone=tone, **shared)
            )
            if alert.closed_on:
                text = self.env._("Alert closed: %(kind)s", kind=kinds[alert.kind])
                events.append(
                    self._cycle_event(
                        "closed",
                        record,
                        text,
                        alert.closed_on,
                        detail=alert.close_comment,
                        user=alert.closed_by_id,
                        by=self.env._("Automatic"),
                        rank=alert.id,
                    )
                )
        return events

    @api.model
    def _cycle_facts(self, chain):
        """The little that a person without bank data may know: the state of each payment."""
        labels = dict(chain.payments._fields["payment_status"]._description_selection(self.env))
        return [
            self._cycle_event(
                "payment",
                payment,
                labels[payment.payment_status],
                None,
                day=payment.returned_on
                or payment.settled_date
                or payment.expected_date
                or payment.payment_day,
                detail=payment.reason,
                tone=self._cycle_tone(payment._name, payment.payment_status),
                rank=payment.id,
            )
            for payment in chain.payments
        ]
