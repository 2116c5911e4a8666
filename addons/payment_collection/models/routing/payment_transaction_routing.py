from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

ROUTING = frozenset({"route_id", "routed_on", "routing_explanation"})


class PaymentTransaction(models.Model):
    """Why a debit went to its provider; and what has surely never left, taken back."""

    _inherit = "payment.transaction"

    route_id = fields.Many2one(
        "payment.route",
        string="Chosen By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    routed_on = fields.Date(readonly=True, copy=False)
    routing_explanation = fields.Json(readonly=True, copy=False)
    routing_text = fields.Html(
        string="Choice of the Provider", compute="_compute_routing_text", sanitize=False
    )

    _routed_idx = models.Index("(routed_on, provider_id) WHERE routed_on IS NOT NULL")

    @property
    def _state_guarded(self):
        return super()._state_guarded | ROUTING

    @api.depends("routing_explanation")
    @api.depends_context("lang")
    def _compute_routing_text(self):
        routes = self.env["payment.route"]
        for debit in self:
            lines = routes._explanation_lines(debit.routing_explanation)
            items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
            debit.routing_text = lines and Markup("<ol>%s</ol>") % items

    def _routing_key(self):
        """Return what drew, or would have drawn, the shares."""
        return self.installment_id.name or self.reference

    def _routing_installment(self):
        return self.installment_id

    def _routing_latest(self):
        """A debit of the past was announced for its own day, whoever would have taken it."""
        return None

    def _routing_kind(self):
        return self.installment_id._routing_kind() if self.installment_id else ""

    # === SENDING AND HEALTH === #

    def _debit_send_chunk(self, provider, worker, on):
        result = super()._debit_send_chunk(provider, worker, on)
        provider._health_note(self, lambda debit: debit.debit_worker == worker)
        # In a transaction of its own, after the answers: a clash here can not undo them.
        self._debit_commit()
        return result

    def _debit_resolve_at(self, provider, client, on):
        tries = {debit.id: debit.debit_tries for debit in self}
        result = super()._debit_resolve_at(provider, client, on)
        # In a transaction of its own, after the answers: a clash here can not undo them.
        self._debit_commit()
        provider._health_note(self, lambda debit: debit.debit_tries > tries[debit.id])
        return result

    @api.private
    def _routing_take_back(self, reason, on, tried=False):
        """Cancel what has surely never left, so that another attempt may take its place.

        Money rule 1: the row is locked while it is a draft that was never sent; whatever may have
        left stays as it is.

        :param str reason: why, for a person.
        :param date on: the engine's date.
        :param bool tried: also what a provider was asked for and has surely refused to take then.
        :return: the debits that were taken back.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT id FROM payment_transaction
                    WHERE id IN %s AND debit_status = 'draft'
                      AND (%s OR debit_sent_at IS NULL AND COALESCE(debit_tries, 0) = 0)
                    FOR UPDATE SKIP LOCKED""",
                tuple(self.ids) or (0,),
                tried,
            )
        )
        stranded = self.browse([row[0] for row in self.env.cr.fetchall()])
        stranded.invalidate_recordset(["debit_status"])
        stranded._set_state("cancelled", reason, on)
        stranded._state_writer()._set_canceled()
        stranded._debit_after("cancelled", on)
        # A later attempt, not the first one: the runs must find it by the day to collect again.
        again = stranded.installment_id.filtered(lambda i: i.transaction_ids - stranded)
        again.write({"retry_on": on})
        return stranded
