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


class PaymentTransaction(models.Model):
    """How a debit leaves.

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

    # === CRON === #

    @api.model
    def _cron_send_debits(self):
        """Send what waits outside of a collection run; every few minutes."""
        self.search([("debit_status", "=", "draft")], limit=1000)._debit_send()
