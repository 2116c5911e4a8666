from odoo import models
from odoo.tools import format_date

from odoo.addons.payment_collection.models.dunning.payment_retry_policy import NEVER_RETRY
from odoo.addons.payment_collection.pure import retries
from odoo.addons.payment_direct_debit.pure import target_calendar

# The last so many debits of a mandate, all failed: a person decides before another one leaves.
FAILED_IN_A_ROW = 3


class PaymentDunning(models.Model):
    """What each kind of step does. A step tells in one sentence what it did, or why it did not."""

    _inherit = "payment.dunning"

    def _take(self, step, on):
        """Take one step for all of these, and plan the following one.

        :param step: their common payment.retry.step.
        :param date on: the engine's date.
        """
        chased = self.filtered(lambda d: d._still_owed(on))
        told = getattr(chased, f"_step_{step.action}")(step, on)
        for dunning in chased:
            text = told[dunning.id]
            dunning._state_write({"step_id": step.id})
            dunning._state_note(text, on)
            dunning.installment_id._state_note(self.env._("Dunning: %(what)s", what=text), on)
            if dunning.state == "running":
                dunning._plan(dunning._following(), on)

    def _still_owed(self, on):
        """Close what is not owed any more; tell whether the rest is."""
        installment = self.installment_id
        if installment._is_settled():
            self._close("recovered", self.env._("The invoice is paid"), on)
        elif installment.state in ("cancelled", "written_off"):
            self._close("stopped", self.env._("Nothing to chase any more"), on)
        elif installment.state not in ("unpaid", "disputed", "in_recovery"):
            # Collected again by hand, or held: the next failure takes it from here.
            self._set_state("waiting", on=on)
            self.next_on = False
        return self.state == "running"

    # === PRESENT AGAIN === #

    def _step_retry(self, step, on):
        """Have the runs collect again, on the day with the best chance."""
        told, free = {}, self.browse()
        blocked = self._mandates_failing_in_a_row()
        for dunning in self:
            problem = dunning._retry_problem(on, blocked)
            if problem:
                told[dunning.id] = problem
            else:
                free += dunning
        preferred = free._preferred_days(step, on)
        for dunning in free:
            installment = dunning.installment_id
            lead = dunning._lead_days()
            earliest = target_calendar.add_target_days(on, lead)
            day = retries.debit_date(earliest, preferred[dunning.id])
            installment.write(
                {"retry_on": target_calendar.add_target_days(day, -lead), "retry_for": day}
            )
            dunning._state_write({"retries": dunning.retries + 1})
            told[dunning.id] = self.env._(
                "the debit is presented again for %(day)s", day=format_date(self.env, day)
            )
        free._set_state("waiting", on=on)
        free.next_on = False
        return told

    def _retry_problem(self, on, blocked):
        """Return why no debit may be presented again by itself, or None."""
        installment = self.installment_id
        mandate = installment.mandate_id
        if self.policy_id.category in NEVER_RETRY or self.reason_id.category in NEVER_RETRY:
            return self.env._("not presented again: %(reason)s", reason=self.reason_id.display_name)
        if installment.state != "unpaid" or installment.collection_mode != "automatic":
            return self.env._("not presented again: nothing to debit")
        if not mandate._usable_on(on):
            return self.env._("not presented again: the mandate can not be used")
        if installment._live_debits():
            return self.env._("not presented again: an attempt is under way")
        if mandate in blocked:
            return self.env._(
                "not presented again: the last %(count)s debits of the mandate failed",
                count=FAILED_IN_A_ROW,
            )
        return None

    def _mandates_failing_in_a_row(self):
        """Return the mandates whose last debits have all failed."""
        mandates = self.installment_id.mandate_id
        if not mandates:
            return mandates
        self.env["payment.transaction"].flush_model()
        self.env.cr.execute(
            """SELECT m.id FROM payment_mandate m
                CROSS JOIN LATERAL (
                    SELECT count(*) AS count, count(*) FILTER (
                               WHERE debit_status IN ('failed', 'returned')) AS failed
                      FROM (SELECT debit_status FROM payment_transaction t
                             WHERE t.mandate_id = m.id AND t.debit_status != 'cancelled'
                             ORDER BY t.id DESC LIMIT %(row)s) AS latest) AS seen
                WHERE m.id IN %(mandates)s AND seen.count = %(row)s AND seen.failed = %(row)s""",
            {"row": FAILED_IN_A_ROW, "mandates": tuple(mandates.ids)},
        )
        return mandates.browse([row[0] for row in self.env.cr.fetchall()])

    def _preferred_days(self, step, on):
        """Return {dunning id: days of the month to present the debit on}."""
        days = retries.parse_days(step.preferred_days or "")
        own = {}
        if step.use_best_day:
            for company, dunnings in self.grouped("company_id").items():
                clients = dunnings.with_company(company).partner_id.commercial_partner_id
                own |= {
                    (company.id, key): day for key, day in clients._best_collection_days(on).items()
                }
        best = {
            d.id: own.get((d.company_id.id, d.partner_id.commercial_partner_id.id)) for d in self
        }
        return {dunning.id: {best[dunning.id]} if best[dunning.id] else days for dunning in self}

    def _lead_days(self):
        profile = self.installment_id._collecting_provider()._debit_profile()
        return profile.lead_days if profile else 0

    # === WRITE === #

    def _step_mail(self, step, on):
        """Write to the client, each in his language."""
        return self._send_template(step, self.env._("wrote to the client (%(template)s)"))

    def _step_payment_link(self, step, on):
        """Send the client another way to pay the same invoice."""
        with_invoice = self.filtered("installment_id.invoice_id")
        told = with_invoice._send_template(step, self.env._("sent a payment link (%(template)s)"))
        nothing = self.env._("no payment link: there is no invoice")
        return {**dict.fromkeys((self - with_invoice).ids, nothing), **told}

    def _send_template(self, step, text):
        addressed = self.filtered("partner_id.email")
        step.template_id.sudo().send_mail_batch(
            addressed.installment_id.ids,
            email_layout_xmlid="mail.mail_notification_light",
        )
        missing = self - addressed
        missing._ask_person(step, self.env._("The client has no e-mail address."))
        return {
            **dict.fromkeys(addressed.ids, text % {"template": step.template_id.name}),
            **dict.fromkeys(missing.ids, self.env._("not written: the client has no address")),
        }

    def _step_sms(self, step, on):
        """Send a text message where Odoo's `sms` is set up and the client has a number."""
        partners = self.env["res.partner"]
        if not hasattr(partners, "_message_sms"):
            return dict.fromkeys(self.ids, self.env._("no text message: SMS is not set up"))
        told = {}
        for dunning in self:
            partner = dunning.partner_id
            if partner.phone_sanitized:
                partner._message_sms(step.with_context(lang=partner.lang).text)
                told[dunning.id] = self.env._("sent a text message")
            else:
                told[dunning.id] = self.env._("no text message: the client has no number")
        return told

    # === PEOPLE === #

    def _step_activity(self, step, on):
        """Ask the sales rep, or finance, to call."""
        users = self._ask_person(step, step.text or self.env._("Call about the unpaid debit."))
        return {
            dunning.id: self.env._("asked %(user)s to call", user=users[dunning.id].name)
            for dunning in self
        }

    def _ask_person(self, step, text):
        """Schedule one activity each, on the client. No bank data in it.

        :return: {dunning id: res.users}.
        """
        users = {}
        for dunning in self:
            installment = dunning.installment_id
            user = dunning._person(step.responsible)
            dunning.partner_id.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._(
                    "%(installment)s unpaid: %(amount)s",
                    installment=installment.name,
                    amount=installment.currency_id.format(installment.amount),
                ),
                note=text,
                user_id=user.id,
            )
            users[dunning.id] = user
        return users

    def _person(self, role):
        """Return who is asked: the client's sales rep, or somebody of finance."""
        rep = self.installment_id._origin_user() or self.partner_id.commercial_partner_id.user_id
        if role == "rep" and rep:
            return rep
        finance = self.env.ref("payment_direct_debit.group_payment_manager").sudo().all_user_ids
        mine = finance.filtered(
            lambda u: u.active and not u.share and self.company_id in u.company_ids
        )
        return mine[:1] or rep or self.env.ref("base.user_admin")

    def _step_human(self, step, on):
        """Hand over to recovery: no further step by itself."""
        self._ask_person(step, step.text or self.env._("Take over the recovery."))
        waiting = self.installment_id.filtered(lambda i: i.state in ("unpaid", "disputed"))
        waiting._set_state("in_recovery", self.env._("Handed over to recovery"), on)
        self._close("exhausted", self.env._("Handed over to recovery"), on)
        return dict.fromkeys(self.ids, self.env._("handed over to recovery"))

    # === CONSEQUENCES === #

    def _step_fee(self, step, on):
        """Owe the recovery fee, as an installment of its own; never a consumer's."""
        told, values = {}, []
        for dunning in self:
            client = dunning.partner_id.commercial_partner_id
            if not client.is_company:
                told[dunning.id] = self.env._("no fee: the client is a consumer")
                continue
            values.append(dunning._fee_values(step, on))
            told[dunning.id] = self.env._(
                "charged the recovery fee of %(fee)s", fee=step.currency_id.format(step.fee)
            )
        self.env["payment.installment"].sudo().create(values)
        return told

    def _fee_values(self, step, on):
        installment = self.installment_id
        return {
            "partner_id": installment.partner_id.id,
            "company_id": installment.company_id.id,
            "currency_id": installment.currency_id.id,
            "amount": step.fee,
            "due_date": on,
            "collection_mode": "one_off",
            "label": self.env._(
                "Recovery fee for %(invoice)s (art. L441-10 of the Code de commerce)",
                invoice=installment.invoice_id.name or installment.name,
            ),
        }

    def _step_suspend(self, step, on):
        """Suspend what the debt comes from."""
        stopped = self.installment_id._origin_suspend(
            self.env._("Unpaid: suspended by the retry policy"), on
        )
        return {
            dunning.id: self.env._("suspended the contract")
            if dunning.installment_id in stopped
            else self.env._("nothing to suspend")
            for dunning in self
        }

    def _step_write_off(self, step, on):
        """Give the debt up here; the loss in the books is the accountant's decision."""
        self._ask_person(
            step,
            step.text or self.env._("Written off: book the loss and what follows for VAT."),
        )
        unpaid = self.installment_id.filtered(
            lambda i: i.state in ("unpaid", "disputed", "in_recovery")
        )
        unpaid._set_state("written_off", self.env._("Written off by the policy"), on)
        return dict.fromkeys(self.ids, self.env._("written off"))
