from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.installment.payment_installment import (
    COLLECTABLE,
    HOLDS_BY_ERROR,
)
from odoo.addons.payment_collection.models.run import payment_run
from odoo.addons.payment_direct_debit.batch import in_savepoints


class PaymentRun(models.Model):
    """From what is due to what has left, chunk by chunk; resumable after each."""

    _inherit = "payment.run"

    @api.private
    def _execute(self, on=None):
        """Collect what is due; resumes where a former execution ended, however it ended.

        Commits after each chunk. A second process that asks for the same run is turned away.

        :param date on: the engine's date; the run's own by default.
        :return: True when the run is finished, False when another process is at it.
        """
        self.ensure_one()
        on = on or self.date
        if not self._lock():
            return False
        try:
            self.invalidate_recordset()
            if self.state in ("planned", "done_with_errors"):
                self._set_state("running", on=on)
            if self.state != "running":
                return True
            self._commit()
            self._release_mended(self.company_id, on)
            self._forget_released()
            self._begin()
            self._send_left_over(on)
            while self._collect_chunk(on):
                pass
            self._finish(on)
        finally:
            self._unlock()
        return True

    @api.model
    def _release_mended(self, company, on):
        """Let go what a guard held and would let pass now; what a person holds stays.

        :param company: whose installments.
        :param date on: the engine's date.
        """
        held = (
            self.env["payment.installment"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "held"),
                    ("hold_reason", "!=", "manual"),
                ]
            )
        )
        held = held._routed(on)
        reasons = held._hold_reasons(on, {i.id: i._requested_date(on) for i in held})
        held.filtered(lambda i: not reasons[i.id])._release(on)

    def _send_left_over(self, on):
        """Deal first with what a former execution prepared and did not send."""
        debits = self.env["payment.transaction"].sudo()
        debits._debit_resolve_unknown(on, everything=True, domain=[("run_id", "=", self.id)])
        left_over = debits.search([("run_id", "=", self.id), ("debit_status", "=", "draft")])
        left_over._debit_send(on)
        self._take_back_stranded(left_over, on)

    def _collect_chunk(self, on):
        """Decide about the next installments and send those that may leave.

        :return: False when there was nothing left.
        """
        installments = self._next_installments()
        if not installments:
            return False
        routed = installments.sudo()._routed(on)
        dates = {i.id: i._requested_date(on) for i in routed}
        held = routed._hold_reasons(on, dates)
        free = installments.filtered(lambda i: not held[i.id])
        for reason, share in (installments - free).grouped(lambda i: held[i.id]).items():
            share.sudo()._hold(*reason, on)
        ready = free.sudo()._invoice(on)
        debits = self._make_debits(routed & ready, dates, on)
        self._write_lines(installments, debits)
        self._commit()
        debits._debit_send(on)
        self._take_back_stranded(debits, on)
        return True

    def _next_installments(self):
        """Lock the next chunk of what is due and not decided in this run yet."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT i.id FROM payment_installment i WHERE %s
                    ORDER BY i.due_date, i.id LIMIT %s FOR UPDATE OF i SKIP LOCKED""",
                self._due_and_undecided(),
                payment_run.CHUNK,
            )
        )
        return (
            self.env["payment.installment"]
            .with_company(self.company_id)
            .browse([row[0] for row in self.env.cr.fetchall()])
        )

    def _due_and_undecided(self):
        """Return the condition on installments `i`: due, and this run has not decided yet."""
        return SQL(
            """i.company_id = %s
               AND (i.state IN %s AND i.due_date <= %s
                    OR i.state = 'unpaid' AND i.retry_on <= %s)
               AND (i.announced_date IS NULL OR i.announced_date <= %s)
               AND NOT (i.collection_mode = 'one_off' AND i.state = 'invoiced')
               AND NOT EXISTS (SELECT 1 FROM payment_run_line l
                                WHERE l.run_id = %s AND l.installment_id = i.id)""",
            self.company_id.id,
            COLLECTABLE,
            self.date_until,
            self.date,
            self.date_until,
            self._origin.id or None,
        )

    def _make_debits(self, installments, dates, on):
        """Make the debits of installments to be debited; what can not be made is held."""
        made = []
        in_savepoints(
            installments.filtered(lambda i: i.collection_mode == "automatic"),
            lambda batch: made.append(batch._create_debits(self, dates, on)),
            lambda installment, error: installment._hold("invoice_error", str(error)[:300], on),
        )
        return self.env["payment.transaction"].sudo().union(*made)

    def _write_lines(self, installments, debits):
        by_installment = {debit.installment_id.id: debit for debit in debits}
        labels = dict(installments._fields["hold_reason"]._description_selection(self.env))
        values = []
        for installment in installments:
            debit = by_installment.get(installment.id)
            is_held = installment.state == "held"
            values.append(
                {
                    "run_id": self.id,
                    "installment_id": installment.id,
                    "amount": installment.amount,
                    "decision": "debit" if debit else "held" if is_held else "invoice",
                    "reason": is_held
                    and " ".join(
                        filter(None, (labels[installment.hold_reason], installment.hold_detail))
                    ),
                    "transaction_id": debit and debit.id,
                }
            )
        self.env["payment.run.line"].sudo().create(values)

    def _finish(self, on):
        self.invalidate_recordset()
        errors = self.trouble_count or self.line_ids.installment_id.filtered(
            lambda i: i.state == "held" and i.hold_reason in HOLDS_BY_ERROR
        )
        self._set_state(
            "done_with_errors" if errors else "done",
            on=on,
            values={"finished_at": fields.Datetime.now()},
        )
        self._commit()

    def _lock(self):
        self.env.cr.execute(
            SQL("SELECT pg_try_advisory_lock(%s, %s)", payment_run.LOCK_CLASS, self.id)
        )
        return self.env.cr.fetchone()[0]

    def _unlock(self):
        self.env.cr.execute(
            SQL("SELECT pg_advisory_unlock(%s, %s)", payment_run.LOCK_CLASS, self.id)
        )

    def _commit(self):
        """Commit a chunk: what is decided is decided, and a killed run goes on from here."""
        self.env.cr.commit()  # pylint: disable=invalid-commit
