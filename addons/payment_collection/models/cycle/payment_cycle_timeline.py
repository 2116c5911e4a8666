from odoo import api, fields, models
from odoo.fields import Domain

# What happened long ago is on the records' own pages.
NEWEST = 80


class PaymentCycle(models.AbstractModel):
    """Everything that happened in a cycle, the newest first, with who did it."""

    _inherit = "payment.cycle"

    @api.model
    def _cycle_events(self, chain):
        """Return the time line: [{"at", "text", "detail", "kind", "tone", "model", "id", "name",
        "user"}].

        :param Chain chain: the records.
        """
        if chain.is_finance:
            events = [
                *self._cycle_history(chain),
                *self._cycle_provider_events(chain),
                *self._cycle_mails(chain),
            ]
        else:
            events = self._cycle_facts(chain)
        events.sort(key=lambda event: (event["day"], event["at"]), reverse=True)
        return events[:NEWEST]

    @api.model
    def _cycle_event(self, kind, record, text, at, **more):
        return {
            "kind": kind,
            "model": record._name,
            "id": record.id,
            "name": self._cycle_name(record),
            "text": text,
            "day": fields.Date.to_string(more.pop("day", None) or at),
            "at": fields.Datetime.to_string(at) if at else "",
            "detail": more.get("detail") or "",
            "user": more.get("user") or "",
            "tone": more.get("tone", "muted"),
        }

    @api.model
    def _cycle_history(self, chain):
        """What the records' own histories say: sent, confirmed, returned, held, retried."""
        payments = chain.payments
        about = {
            records._name: {record.id: record for record in records}
            for records in (
                payments,
                chain.installments,
                payments.payout_id,
                payments.mandate_id | chain.installments.mandate_id,
            )
        }
        domain = Domain.OR(
            Domain("res_model", "=", model) & Domain("res_id", "in", list(records))
            for model, records in about.items()
        )
        shown = ["res_model", "res_id", "date", "from_state", "to_state", "reason", "user_id"]
        shown.append("create_date")
        lines = self.env["payment.history"].search_fetch(domain, shown, limit=NEWEST)
        events = []
        for line in lines:
            record = about[line.res_model][line.res_id]
            moved = line.from_state != line.to_state
            text = line.to_label if moved else line.reason
            events.append(
                self._cycle_event(
                    "history",
                    record,
                    text or "",
                    line.create_date,
                    day=line.date,
                    detail=line.reason if moved else "",
                    user=line.user_id.name,
                    tone=self._cycle_tone(line.res_model, line.to_state) if moved else "muted",
                )
            )
        return events

    @api.model
    def _cycle_provider_events(self, chain):
        """What the providers notified about the payments."""
        by_ref = {p.provider_reference: p for p in chain.payments if p.provider_reference}
        if not by_ref:
            return []
        found = self.env["payment.event"].search_fetch(
            [
                ("ref", "in", list(by_ref)),
                ("provider_id", "in", chain.payments.provider_id.ids),
            ],
            ["ref", "topic", "action", "occurred_at", "create_date", "error", "state"],
            limit=NEWEST,
        )
        states = dict(found._fields["state"]._description_selection(self.env))
        return [
            self._cycle_event(
                "event",
                by_ref[event.ref],
                self.env._("Message received: %(action)s", action=event.action or event.topic),
                event.occurred_at or event.create_date,
                detail=event.error or states[event.state],
                user=by_ref[event.ref].provider_id.sudo().name,
            )
            for event in found
        ]

    @api.model
    def _cycle_mails(self, chain):
        """What was written to the client about the installments: notices and mails."""
        events = []
        notices = chain.installments.notice_line_id.notice_id
        for notice in notices.filtered("sent_at"):
            events.append(
                self._cycle_event(
                    "mail",
                    notice,
                    self.env._("Announced to the client"),
                    notice.sent_at,
                    detail=notice.subject,
                )
            )
        messages = self.env["mail.message"].sudo()
        by_id = {installment.id: installment for installment in chain.installments}
        found = messages.search_fetch(
            [
                ("model", "=", "payment.installment"),
                ("res_id", "in", list(by_id)),
                ("message_type", "!=", "notification"),
            ],
            ["res_id", "date", "subject", "author_id"],
            limit=NEWEST,
        )
        for message in found:
            events.append(
                self._cycle_event(
                    "mail",
                    by_id[message.res_id],
                    self.env._("Mail sent"),
                    message.date,
                    detail=message.subject,
                    user=message.author_id.name,
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
                day=payment.settled_date or payment.expected_date or payment.payment_day,
                detail=payment.reason,
                tone=self._cycle_tone(payment._name, payment.payment_status),
            )
            for payment in chain.payments
        ]
