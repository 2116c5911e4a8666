from odoo import api, models
from odoo.fields import Domain


class PaymentCycle(models.AbstractModel):
    """What was written to the client.

    A mail may be deleted once it has left: the line of the history that tells of it stays, and
    notices keep what they said. Where the message is still there, it gives its subject.
    """

    _inherit = "payment.cycle"

    @api.model
    def _cycle_told(self, chain, limit, oldest_first):
        """The histories and the messages; a mail and the line that tells of it are one event."""
        events = self._cycle_history(chain, limit, oldest_first)
        notes = {}
        for event in events:
            if event["kind"] == "note":
                notes.setdefault((event["model"], event["id"], event["at"][:10]), []).append(event)
        for mail in self._cycle_messages(chain, limit, oldest_first):
            about = notes.get((mail["model"], mail["id"], mail["at"][:10]))
            if about:
                note = min(about, key=lambda event: abs(_minute(event) - _minute(mail)))
                about.remove(note)
                note.update(kind="mail", detail=mail["detail"])
            else:
                events.append(mail)
        return events

    @api.model
    def _cycle_messages(self, chain, limit, oldest_first):
        """The mails that left from the records, as far as they are still there."""
        about = chain.about()
        messages = self.env["mail.message"].sudo()
        if not about:
            return []
        # The records are the user's own; of the messages only the subject is shown, and no
        # internal note.
        found = messages.search_fetch(
            Domain.OR(
                Domain("model", "=", model) & Domain("res_id", "in", list(records))
                for model, records in about.items()
            )
            & Domain("message_type", "in", ("email", "email_outgoing", "comment", "auto_comment"))
            & (Domain("subtype_id", "=", False) | Domain("subtype_id.internal", "=", False)),
            ["model", "res_id", "date", "subject", "author_id"],
            order=self._cycle_order(oldest_first, "id"),
            limit=limit,
        )
        return [
            self._cycle_event(
                "mail",
                about[message.model][message.res_id],
                self.env._("Mail sent"),
                message.date,
                detail=message.subject,
                by=message.author_id.name,
                rank=message.id,
            )
            for message in found
        ]

    @api.model
    def _cycle_notices(self, chain, limit, oldest_first):
        """The notices before the debits, as they were told; kept as proof."""
        lines = self.env["payment.notice.line"].search_fetch(
            [
                ("installment_id", "in", chain.installments.ids),
                ("notice_id.sent_at", "!=", False),
            ],
            ["notice_id"],
            order=self._cycle_order(oldest_first, "notice_id", "id"),
        )
        channels = dict(lines.notice_id._fields["channel"]._description_selection(self.env))
        notices = lines.notice_id.sorted("id", reverse=not oldest_first)[:limit]
        return [
            self._cycle_event(
                "mail",
                notice,
                self.env._(
                    "Announced to the client: %(channel)s", channel=channels[notice.channel]
                ),
                notice.sent_at,
                day=notice.sent_on,
                detail=notice.subject,
                rank=notice.id,
            )
            for notice in notices
        ]


def _minute(event):
    """Return the minute of the day in which an event was written down."""
    return int(event["at"][11:13]) * 60 + int(event["at"][14:16])
