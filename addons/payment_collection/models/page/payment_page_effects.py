from collections import Counter
from datetime import date
from typing import NamedTuple

from odoo import models
from odoo.tools import format_date

from odoo.addons.payment_collection.models.page.payment_transaction_page import CAME_BACK
from odoo.addons.payment_direct_debit.models.payment_refund import NO_QUESTIONS


class Effect(NamedTuple):
    """What an action would do to one payment, in plain words."""

    text: str
    is_left_out: bool = False


class Options(NamedTuple):
    """What the effects depend on beside the payments."""

    on: date
    confirmed: bool  # that a refund may be paid twice, by a finance manager


class PaymentTransaction(models.Model):
    """What each action of the page would do; a fixed number of queries, nothing is written."""

    _inherit = "payment.transaction"

    def _page_effects_retry(self, options):
        """Return {payment id: Effect}: collected again by the next run, or why not."""
        installments = self.sudo().installment_id.filtered(lambda i: i.state == "unpaid")
        routed = installments._routed(options.on)
        dates = {i.id: i._requested_date(options.on) for i in routed}
        reasons = routed._hold_reasons(options.on, dates)
        taken = Counter()
        return {payment.id: payment._page_effect_retry(reasons, dates, taken) for payment in self}

    def _page_effect_retry(self, reasons, dates, taken):
        installment = self.sudo().installment_id
        problem = self._page_problem_of_retry(installment, taken)
        if problem:
            return Effect(problem, is_left_out=True)
        if reason := reasons[installment.id]:
            labels = dict(installment._fields["hold_reason"]._description_selection(self.env))
            text = " ".join(filter(None, (labels[reason[0]], reason[1])))
            return Effect(self.env._("Would be held: %(reason)s", reason=text), is_left_out=True)
        taken[installment.id] += 1
        return Effect(
            self.env._(
                "A new debit for %(day)s leaves with the next collection run",
                day=format_date(self.env, dates[installment.id]),
            )
        )

    def _page_problem_of_retry(self, installment, taken):
        if self.payment_status not in CAME_BACK:
            return self.env._("Neither failed nor returned")
        if self.payment_follow_up == "recovered":
            return self.env._("Paid since")
        if installment._live_debits():
            return self.env._("Another attempt is under way, or brought the money")
        if not installment:
            return self.env._("Belongs to no installment: only the client can pay it")
        if installment.state != "unpaid":
            return self._page_installment_is(installment)
        if installment.collection_mode != "automatic":
            return self.env._("Not collected by direct debit: send a payment link")
        if taken[installment.id]:
            return self.env._("The same installment is in the list already")
        return None

    def _page_installment_is(self, installment):
        labels = dict(installment._fields["state"]._description_selection(self.env))
        return self.env._(
            "Installment %(installment)s is “%(state)s”",
            installment=installment.name,
            state=labels[installment.state],
        )

    def _page_effects_hold(self, options):
        """Return {payment id: Effect}: the debt is left alone, or why not."""
        return self._page_effects_of_installments(
            lambda i: i._state_may(i.state, "held"),
            self.env._("No run collects it until it is released"),
        )

    def _page_effects_release(self, options):
        """Return {payment id: Effect}: the debt goes where it was, or why not."""
        return self._page_effects_of_installments(
            lambda i: i.state == "held", self.env._("May be collected again; nothing leaves by it")
        )

    def _page_effects_of_installments(self, may, text):
        effects, taken = {}, set()
        for payment in self:
            installment = payment.sudo().installment_id
            if not installment:
                problem = self.env._("Belongs to no installment")
            elif not may(installment):
                problem = payment._page_installment_is(installment)
            elif installment.id in taken:
                problem = self.env._("The same installment is in the list already")
            else:
                problem = None
                taken.add(installment.id)
            effects[payment.id] = Effect(problem or text, is_left_out=bool(problem))
        return effects

    def _page_effects_resync(self, options):
        """Return {payment id: Effect}: the provider is asked and believed, or why not."""
        effects = {}
        for payment in self:
            if not payment.debit_status:
                effect = Effect(self.env._("No direct debit"), is_left_out=True)
            elif not payment.provider_reference:
                text = self.env._("The provider has not answered yet: it is looked up by itself")
                effect = Effect(text, is_left_out=True)
            else:
                text = self.env._(
                    "%(provider)s is asked, and believed where it says something else",
                    provider=payment.sudo().provider_id.name,
                )
                effect = Effect(text)
            effects[payment.id] = effect
        return effects

    def _page_effects_link(self, options):
        """Return {payment id: Effect}: a mail with the payment page, or why not."""
        effects, taken = {}, set()
        for payment in self:
            installment = payment.sudo().installment_id
            problem = payment._page_problem_of_link(installment, taken)
            taken.add(installment.id)
            text = self.env._("A mail to %(address)s", address=installment.partner_id.email)
            effects[payment.id] = Effect(problem or text, is_left_out=bool(problem))
        return effects

    def _page_problem_of_link(self, installment, taken):
        if not installment.invoice_id:
            return self.env._("There is no invoice to pay")
        if installment._is_settled():
            return self.env._("The invoice is paid")
        if installment._live_debits():
            return self.env._("A debit is under way: the client would pay twice")
        if not installment.partner_id.email:
            return self.env._("The client has no e-mail address")
        if installment.id in taken:
            return self.env._("The same installment is in the list already")
        return None

    def _page_effects_refund(self, options):
        """Return {payment id: Effect}: what is left of it goes back, or why not."""
        effects = {}
        for payment in self.sudo():
            problem = payment._page_problem_of_refund(options)
            amount = payment.currency_id.format(payment._debit_refundable())
            text = self.env._("%(amount)s goes back to the client", amount=amount)
            effects[payment.id] = Effect(problem or text, is_left_out=bool(problem))
        return effects

    def _page_problem_of_refund(self, options):
        if not self.debit_status:
            return self.env._("No direct debit: refund it from its own form")
        if problem := self._debit_refund_problem(options.on):
            return problem
        if self.currency_id.compare_amounts(self._debit_refundable(), 0) <= 0:
            return self.env._("Refunded in full")
        last = self.debit_settled_date and self.debit_settled_date + NO_QUESTIONS
        if (
            self.mandate_id.scheme == "core"
            and last
            and options.on <= last
            and not options.confirmed
        ):
            return self.env._(
                "The bank may pay it back as well until %(day)s: a finance manager confirms",
                day=format_date(self.env, last),
            )
        return None
