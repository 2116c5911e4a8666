import logging
import random
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import money

_logger = logging.getLogger(__name__)

# Advisory locks of PostgreSQL carry two numbers; the first one is ours: "debit" on a phone.
LOCK_CLASS = 33248
RESOLVER_LOCK = 0  # workers draw a number from 1 on
CHUNK = 50
MAX_BACKOFF = timedelta(hours=1)
# How long a request may be on its way, or a provider's lists behind.
IN_FLIGHT = timedelta(minutes=30)


class PaymentTransaction(models.Model):
    """How a debit leaves, and how an outcome that nobody knows is found out.

    A chunk is claimed (committed), sent, and its answers written (committed). Whoever sends holds
    an advisory lock under a number of its own, written on the rows: when the process dies, the
    database drops the lock, and the rows that still carry the number are known to be orphans.
    """

    _inherit = "payment.transaction"

    # === SENDING === #

    @api.private
    def _debit_send(self, on=None):
        """Send the debits of this recordset that are still to send, in chunks.

        Commits before and after each chunk's calls (money rule 1). Safe to run in several
        processes over the same rows: each row is claimed by one.

        :param date on: the engine's date; today by default.
        """
        on = on or fields.Date.context_today(self)
        worker = random.randint(1, 2**31 - 1)  # noqa: S311 - a number, not a secret
        with self._debit_lock(worker):
            for provider, debits in self.grouped("provider_id").items():
                while debits and provider._debit_ready():
                    size = provider._debit_allowance(CHUNK)
                    debits[:size]._debit_send_chunk(provider, worker, on)
                    debits = debits[size:]

    def _debit_send_chunk(self, provider, worker, on):
        client = provider._debit_client_or_pause()
        if client is None:
            self._debit_commit()
            return
        claimed = self._debit_claim(worker, on)
        # Money rule 1: the rows and their keys are on disk before the provider hears of them.
        self._debit_commit()
        claimed = claimed.filtered(lambda debit: debit.debit_status == "submitting")
        answers = claimed._debit_call(provider, client.send)
        claimed._debit_apply(answers, on)
        # Money rule 1, second half: what the provider answered is on disk before the next chunk.
        self._debit_commit()

    def _debit_claim(self, worker, on):
        """Take the rows that are free and may leave; the others are somebody else's."""
        self.flush_model(["debit_status", "debit_next_check"])
        self.env.cr.execute(
            SQL(
                """SELECT id FROM payment_transaction
                    WHERE id IN %s AND debit_status = 'draft'
                      AND (debit_next_check IS NULL OR debit_next_check <= %s)
                    ORDER BY id FOR UPDATE SKIP LOCKED""",
                tuple(self.ids),
                fields.Datetime.now(),
            )
        )
        claimed = self.browse([row[0] for row in self.env.cr.fetchall()])
        claimed.invalidate_recordset(["debit_status"])
        sendable = claimed.filtered(lambda debit: debit._debit_passes_own_checks(on))
        sendable._set_state("submitting", on=on, values={"debit_worker": worker})
        now = fields.Datetime.now()
        for debit in sendable:
            debit._state_write(
                {
                    "debit_sent_at": debit.debit_sent_at or now,
                    "debit_last_sent_at": now,
                    "debit_tries": debit.debit_tries + 1,
                }
            )
        return sendable

    def _debit_passes_own_checks(self, on):
        """Fail a debit that the provider is known to refuse, before any call (money rule 7)."""
        self.ensure_one()
        profile = self.provider_id._debit_profile()
        cents = money.to_cents(self.amount, self.currency_id.decimal_places)
        problem = None
        if self.currency_id.name not in profile.currencies:
            problem = self.env._("currency %(name)s is not taken", name=self.currency_id.name)
        elif not profile.min_cents <= cents <= profile.max_cents:
            problem = self.env._(
                "amount outside of the limits of %(provider)s", provider=self.provider_id.name
            )
        elif not self.mandate_id:
            problem = self.env._("there is no mandate")
        elif not self.mandate_id._usable_on(self.debit_requested_date or on):
            problem = self.env._("mandate %(rum)s can not be used", rum=self.mandate_id.name)
        if problem:
            self._debit_fail(problem, on)
        return not problem

    def _debit_call(self, provider, method):
        """Call the provider once for each debit, several at a time.

        :return: {transaction id: snapshot, None or exception}.
        """
        calls = [partial(method, debit._debit_order()) for debit in self]
        return dict(zip(self.ids, provider._debit_run(calls), strict=True))

    def _debit_order(self):
        self.ensure_one()
        return seam.DebitOrder(
            reference=self.reference,
            idempotency_key=self.sudo().debit_key,
            amount_cents=money.to_cents(self.amount, self.currency_id.decimal_places),
            currency=self.currency_id.name,
            mandate_ref=self.token_id.provider_ref,
            requested_date=self.debit_requested_date,
            description=self.debit_description or self.reference,
            metadata={"odoo_ref": self.reference},
            sent_at=self.debit_sent_at,
            scheme=self.mandate_id.scheme,
        )

    def _debit_commit(self):
        """Commit; the one place where sending does so, for money rule 1."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    # === WHAT BECAME OF IT === #

    def _debit_answer_error(self, error, on):
        """Sort one failed call by what to do next."""
        self.ensure_one()
        if isinstance(error, DebitRefused):
            self._debit_fail(str(error), on, code=error.code)
        elif isinstance(error, DebitRetryable):
            self._debit_put_back(str(error), on, error.after)
        elif isinstance(error, ProviderMisconfigured):
            self._debit_put_back(str(error), on, 0)
            self.provider_id._debit_pause(str(error))
        else:  # unknown by name, or a fault of the client: money may have moved (money rule 2)
            self._debit_mark_unknown(str(error) or type(error).__name__, on)

    def _debit_put_back(self, reason, on, after):
        """Back to the queue: the provider surely did nothing.

        An attempt that is unknown stays so: an earlier call of it may still have arrived.
        """
        moment = fields.Datetime.now() + timedelta(seconds=after)
        if self.debit_status == "submitting":
            self._set_state("draft", reason, on, {"debit_next_check": moment})
        else:
            self._debit_mark_unknown(reason, on)

    def _debit_mark_unknown(self, reason, on):
        wait = min(timedelta(minutes=2 ** min(self.debit_tries, 10)), MAX_BACKOFF)
        values = {"debit_next_check": fields.Datetime.now() + wait}
        if self.debit_status == "unknown":
            self._state_write(values)
            self._state_note(reason, on)
        else:
            self._set_state("unknown", reason, on, values)

    # === UNKNOWN OUTCOMES === #

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

    @contextmanager
    def _debit_lock(self, number):
        """Hold an advisory lock of this connection; gives whether it was free."""
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK_CLASS, number))
        held = self.env.cr.fetchone()[0]
        try:
            yield held
        except BaseException:
            # A failed transaction takes no command, and the connection outlives it in the pool:
            # without this, the lock would stay and its rows would never be known as orphans.
            self.env.cr.rollback()
            raise
        finally:
            if held:
                self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_CLASS, number))

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

    # === CRONS === #

    @api.model
    def _cron_send_debits(self):
        """Send what waits outside of a collection run; every few minutes."""
        self.search([("debit_status", "=", "draft")], limit=1000)._debit_send()

    @api.model
    def _cron_resolve_unknown(self):
        """Find out unknown outcomes; every few minutes."""
        self._debit_resolve_unknown()
