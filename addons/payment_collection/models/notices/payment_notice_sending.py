import smtplib

from odoo import api, fields, models
from odoo.tools import format_date, split_every

from odoo.addons.payment_direct_debit.batch import in_savepoints

SEND_CHUNK = 50
LAYOUT = "mail.mail_notification_light"


class PaymentNotice(models.Model):
    """How a notice leaves, and what is kept of it.

    Only a mail that the mail server took counts as sent. A server that is away keeps the notices
    waiting; an address that is refused, or that the mail comes back from, fails the notice.
    """

    _inherit = "payment.notice"

    preview = fields.Html(compute="_compute_preview", sanitize=False)

    def _notice_template(self):
        return self.env.ref("payment_collection.mail_template_notice").sudo()

    @api.depends("content", "line_ids.amount", "line_ids.date", "email")
    def _compute_preview(self):
        """Show what was sent, or what would be."""
        told = self.filtered("content")
        for notice in told:
            notice.preview = notice.content
        others = self - told
        if others:
            bodies = self._notice_template()._render_field(
                "body_html", others.ids, compute_lang=True
            )
            for notice in others:
                notice.preview = bodies.get(notice.id)

    # === SENDING === #

    def _send(self, today):
        """Send what is ready, in chunks.

        :param date today: the engine's date; the notices count as sent on it.
        """
        for ids in split_every(SEND_CHUNK, self.ids):
            chunk = self.browse(ids)
            homeless = chunk.filtered(lambda notice: not notice.email)
            homeless._fail(self.env._("The client has no e-mail address."), today)
            in_savepoints(
                chunk - homeless,
                lambda batch: batch._make_mails(today),
                lambda notice, error: notice._fail(str(error)[:300], today),
            )
            leaving = chunk.filtered(lambda notice: notice.state == "sending")
            leaving._hand_to_server()
            leaving._settle_mails(today)
            self._commit_in_cron(len(ids))

    def _make_mails(self, today):
        """Write the mails: what they say is kept on the notices."""
        mails = self._notice_template().send_mail_batch(self.ids, email_layout_xmlid=LAYOUT)
        for mail in mails:
            self.browse(mail.res_id)._state_write(
                {
                    "mail_id": mail.id,
                    "message_ref": mail.message_id,
                    "subject": mail.subject,
                    "content": mail.body_html,
                    "channel": "mail",
                }
            )
        self._set_state("sending", on=today)

    def _hand_to_server(self):
        try:
            self.mail_id.send()
        except smtplib.SMTPServerDisconnected:
            # Nobody knows which of them it took; each that it did not confirm leaves again.
            unsure = self.mail_id.filtered(lambda mail: mail.state != "sent")
            unsure.write({"state": "outgoing", "failure_type": False})

    def _settle_mails(self, today):
        """Take over what became of the mails.

        :param date today: the engine's date.
        """
        taken = self.filtered(lambda notice: notice.mail_id.state in ("sent", "received"))
        refused = self.filtered(
            lambda notice: notice.mail_id.state == "exception" and notice.mail_id.failure_type
        )
        taken._mark_sent(today)
        for reason, notices in refused.grouped(lambda n: n.mail_id.failure_reason).items():
            notices._fail(reason or self.env._("The mail server refused it."), today)
        waiting = self - taken - refused
        if waiting:
            # The queue of mails must not send them too: they are written anew.
            waiting.mail_id.write({"state": "cancel"})
            waiting._set_state("ready", self.env._("The mail server was away."), today)
        for company, notices in waiting.grouped("company_id").items():
            self.env["payment.alert"]._raise_alert(
                "notice_server",
                company,
                self.env._(
                    "%(count)s notices could not leave: the mail server does not answer. They"
                    " leave as soon as it does; their debits are held until then.",
                    count=len(notices),
                ),
                severity="high",
            )
        self.env["payment.alert"]._close_alerts("notice_server", taken.company_id)

    def _mark_sent(self, on, channel="mail"):
        """Make notices sent, and their installments announced.

        :param date on: the engine's date.
        :param str channel: how they were told.
        """
        if not self:
            return
        values = {"sent_at": fields.Datetime.now(), "sent_on": on, "failure": False}
        if channel == "letter":
            values["channel"] = channel
        channels = dict(self._fields["channel"]._description_selection(self.env))
        self._set_state("sent", channels[channel], on, values)
        self.env["payment.alert"]._close_alerts("notice_failed", self)
        installments = self.env["payment.installment"].sudo()
        for line in self.line_ids:
            installment = line.installment_id
            if line.fingerprint == installment._notice_terms().fingerprint():
                installment._state_write({"notice_line_id": line.id, "announced_date": line.date})
                installments |= installment
        installments._mark_announced(on)

    # === WHAT DID NOT ARRIVE === #

    def _fail(self, reason, on):
        """Fail notices and tell a person; what they announced is not announced any more.

        :param str reason: why, for a person.
        :param date on: the engine's date.
        """
        moved = self._set_state("failed", reason, on, {"failure": reason[:300]})
        lines = moved.line_ids
        told = lines.installment_id.sudo().filtered(lambda i: i.notice_line_id in lines)
        told._undo_notice(reason, on)
        self.env["payment.alert"]._raise_missing(
            "notice_failed",
            {
                notice: self.env._(
                    "%(notice)s did not reach %(client)s (%(email)s): %(reason)s Mend the address"
                    " and send it again, or send a letter, by %(day)s.",
                    notice=notice.name,
                    client=notice.partner_id.display_name,
                    email=notice.email or "-",
                    reason=reason,
                    day=format_date(self.env, notice.leave_before) or "-",
                )
                for notice in moved
            },
        )

    def _message_receive_bounce(self, email, partner):
        """Override of `mail`: the mail came back from the client's server."""
        result = super()._message_receive_bounce(email, partner)
        sent = self.sudo().filtered(lambda notice: notice.state == "sent")
        sent._fail(self.env._("The mail came back."), fields.Date.context_today(self))
        return result

    # === ACTIONS === #

    def action_send(self):
        """Let drafts, and what did not arrive, leave; in the background."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        self.sudo()._to_leave(today)._set_state("ready", self.env.user.name, today)
        self.env.ref("payment_collection.ir_cron_notices").sudo()._trigger()

    def action_sent_by_letter(self):
        """Note that the client was told by a letter today; what it said is kept."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        drafts = self.sudo()._to_leave(today)
        template = self._notice_template()
        bodies = template._render_field("body_html", drafts.ids, compute_lang=True)
        subjects = template._render_field("subject", drafts.ids, compute_lang=True)
        for draft in drafts:
            draft._state_write({"content": bodies[draft.id], "subject": subjects[draft.id]})
        drafts._mark_sent(today, "letter")

    def _to_leave(self, today):
        """Return up-to-date drafts in place of these; what came back stays as it is, as proof."""
        failed = self.filtered(lambda notice: notice.state == "failed")
        failed._set_state("cancelled", self.env._("To be sent again"), today)
        self.env["payment.alert"]._close_alerts("notice_failed", failed)
        mandates = self.filtered(lambda n: n.state in ("draft", "ready", "cancelled")).mandate_id
        drafts = self.browse()
        for company, share in mandates.grouped("company_id").items():
            drafts |= self.with_company(company)._make_drafts(share, today)
        return drafts
