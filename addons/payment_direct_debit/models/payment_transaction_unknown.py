from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_direct_debit.models.payment_transaction_sending import (
    LOCK_CLASS,
    RESOLVER_LOCK,
)

# How long a request may be on its way, or a provider's lists behind.
IN_FLIGHT = timedelta(minutes=30)


class PaymentTransaction(models.Model):
    """How an outcome that nobody knows is found out (money rule 2)."""

    _inherit = "payment.transaction"

    @api.model
    def _debit_find_orphans(self, on=None):
        """Turn what a dead process was sending into unknown outcomes.

        :param date on: the engine's date; today by default.
        :return: the debits found.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM payment_transaction
                    WHERE debit_status = 'submitting'
                      AND pg_try_advisory_xact_lock(%s, debit_worker)
                    FOR UPDATE SKIP LOCKED""",
                LOCK_CLASS,
            )
        )
        orphans = self.browse([row[0] for row in self.env.cr.fetchall()])
        orphans._set_state(
            "unknown",
            self.env._("The sending process ended without an answer"),
            on,
            {"debit_next_check": fields.Datetime.now()},
        )
        return orphans

    @api.model
    @api.private
    def _debit_resolve_unknown(self, on=None, everything=False, domain=()):
        """Ask the providers what became of the unknown outcomes; commits after each provider.

        An attempt is looked up first; where the provider surely lacks it, it is sent once more
        with the same key. It is never replaced by another attempt.

        :param date on: the engine's date; today by default.
        :param bool everything: do not wait for each debit's next check.
        :param domain: restricts which debits to look at.
        :return: how many outcomes are known now.
        """
        with self._debit_lock(RESOLVER_LOCK) as held:
            if not held:
                return 0  # one resolver at a time: the other one is at it
            self._debit_find_orphans(on)
            self._debit_commit()
            due = [("debit_status", "=", "unknown"), *domain]
            if not everything:
                due.append(("debit_next_check", "<=", fields.Datetime.now()))
            unknown = self.search(due, limit=500)
            for provider, debits in unknown.grouped("provider_id").items():
                if client := provider._debit_client_or_pause():
                    debits._debit_resolve_at(provider, client, on)
                self._debit_commit()
        return len(unknown.filtered(lambda debit: debit.debit_status != "unknown"))

    def _debit_resolve_at(self, provider, client, on):
        found = self._debit_call(provider, client.find)
        missing = self.filtered(lambda debit: found[debit.id] is None)
        # A look-up that fails, even by a clear refusal, says nothing about the attempt.
        unanswered = self.filtered(lambda debit: isinstance(found[debit.id], Exception))
        for debit in unanswered:
            debit._debit_mark_unknown(str(found[debit.id]), on)
        (self - missing - unanswered)._debit_apply(found, on)
        missing = missing._debit_give_up_unwanted(on)
        if not missing or not provider._debit_ready():
            return  # a paused provider is asked, but sent nothing
        if not provider._debit_profile().resend_is_safe:
            # Without a key that the provider honours, the last request must have had the time to
            # arrive and to be seen: each re-send starts this waiting again.
            latest = fields.Datetime.now() - IN_FLIGHT
            missing = missing.filtered(
                lambda debit: (debit.debit_last_sent_at or debit.debit_sent_at) < latest
            )
        missing = missing[: provider._debit_allowance(len(missing))]
        for debit in missing:
            debit._state_write(
                {
                    "debit_last_sent_at": fields.Datetime.now(),
                    "debit_tries": debit.debit_tries + 1,
                }
            )
        missing._state_note(self.env._("Not found at the provider: sent again, same key"), on)
        self._debit_commit()
        missing._debit_apply(missing._debit_call(provider, client.send), on)

    def _debit_give_up_unwanted(self, on):
        """End attempts that the provider lacks and that nothing is owed for any more.

        As long as the last request may still arrive they stay unknown; they are never sent again.

        :return: the others, to be sent again.
        """
        unwanted = self - self._debit_still_wanted()
        latest = fields.Datetime.now() - IN_FLIGHT
        for debit in unwanted:
            reason = self.env._("Paid by other means; the provider never received this debit")
            if (debit.debit_last_sent_at or debit.debit_sent_at) < latest:
                debit._debit_fail(reason, on or fields.Date.context_today(self))
            else:
                debit._debit_mark_unknown(reason, on)
        return self - unwanted

    def _debit_still_wanted(self):
        """Hook: return those of these attempts whose money is still owed."""
        return self

    @api.model
    def _cron_resolve_unknown(self):
        """Find out unknown outcomes; every few minutes."""
        self._debit_resolve_unknown()
