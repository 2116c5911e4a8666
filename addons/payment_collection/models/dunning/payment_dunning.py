from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_collection.pure import retries
from odoo.addons.payment_direct_debit.batch import in_savepoints

OPEN = ("running", "waiting", "paused")
BATCH = 500


class PaymentDunning(models.Model):
    """One unpaid installment on its way through a policy."""

    _name = "payment.dunning"
    _description = "Dunning"
    _inherit = ["payment.state.mixin"]
    _order = "next_on, id"
    _rec_name = "installment_id"

    _state_initial = ("running",)
    _state_transitions = frozenset(
        {
            ("running", "waiting"),  # a retry is under way: the bank has the word
            ("waiting", "running"),
            ("running", "paused"),
            ("waiting", "paused"),
            ("paused", "running"),
            ("running", "exhausted"),
            ("waiting", "exhausted"),
            *((state, "recovered") for state in (*OPEN, "exhausted")),
            *((state, "stopped") for state in (*OPEN, "exhausted")),
        }
    )
    _state_guarded = frozenset(
        {"installment_id", "policy_id", "reason_id", "step_id", "next_step_id", "retries"}
    )

    installment_id = fields.Many2one(
        "payment.installment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="installment_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="installment_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="installment_id.currency_id")
    amount = fields.Monetary(related="installment_id.amount", store=True)
    policy_id = fields.Many2one(
        "payment.retry.policy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reason_id = fields.Many2one("payment.reason.code", readonly=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("waiting", "Waiting for the bank"),
            ("paused", "Paused"),
            ("recovered", "Recovered"),
            ("exhausted", "In recovery"),
            ("stopped", "Stopped"),
        ],
        required=True,
        default="running",
        readonly=True,
        index=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    step_id = fields.Many2one(
        "payment.retry.step", string="Last Step", readonly=True, ondelete="set null"
    )
    next_step_id = fields.Many2one("payment.retry.step", readonly=True, ondelete="set null")
    next_on = fields.Date(string="On", help="When the next step is taken.")
    retries = fields.Integer(string="Debits Presented Again", readonly=True)
    opened_on = fields.Date(readonly=True)
    closed_on = fields.Date(readonly=True)

    _one_open = models.UniqueIndex(
        "(installment_id) WHERE state IN ('running', 'waiting', 'paused')",
        "This installment is being chased already.",
    )
    _due_idx = models.Index("(next_on) WHERE state = 'running'")

    @api.depends("state")
    def _compute_is_open(self):
        for dunning in self:
            dunning.is_open = dunning.state in OPEN

    # === OPENING AND CLOSING === #

    @api.model
    @api.private
    def _open(self, installments, category, on):
        """Begin, or go on, for installments that have just become unpaid.

        One that is under way for the same kind of reason goes on with its next step; another kind
        of reason begins another policy: a closed account ends the patience for lack of funds.

        :param installments: payment.installment, unpaid or disputed.
        :param dict category: {installment id: category of the reason}.
        :param date on: the engine's date.
        :return: the dunnings.
        """
        open_ones = self.search(
            [("installment_id", "in", installments.ids), ("is_open", "=", True)]
        )
        by_installment = {dunning.installment_id: dunning for dunning in open_ones}
        policies = self.env["payment.retry.policy"]._policies_for(
            [
                (i.company_id, category[i.id], i.partner_id.commercial_partner_id.is_company)
                for i in installments
            ]
        )
        fresh = []
        for installment, policy in zip(installments, policies, strict=True):
            dunning = by_installment.get(installment)
            if not policy:
                installment._tell_no_policy(on)
                if dunning:
                    dunning._close("stopped", self.env._("No policy for this reason"), on)
            elif not dunning:
                fresh.append(self._opening_values(installment, policy, on))
            elif dunning.policy_id == policy:
                dunning._go_on(on)
            else:
                dunning._change_policy(policy, on)
        made = self._state_writer().create(fresh).with_env(self.env)
        for dunning in made:
            dunning._plan(dunning.policy_id.step_ids[:1], on)
        return open_ones + made

    def _opening_values(self, installment, policy, on):
        return {
            "installment_id": installment.id,
            "policy_id": policy.id,
            "reason_id": installment.last_reason_id.id,
            "opened_on": on,
        }

    def _go_on(self, on):
        """Another failure for the same kind of reason: the step after the one that failed."""
        if self.state == "paused":
            return
        self._set_state("running", self.env._("The debit failed again"), on)
        self._plan(self._following(), on)

    def _change_policy(self, policy, on):
        text = self.env._("Another reason: %(policy)s", policy=policy.name or "-")
        values = {
            "policy_id": policy.id,
            "reason_id": self.installment_id.last_reason_id.id,
            "step_id": False,
        }
        self._state_write(values)
        if self.state != "running":
            self._set_state("running", text, on)
        else:
            self._state_note(text, on)
        self._plan(policy.step_ids[:1], on)

    def _close(self, state, reason, on):
        """End: recovered, stopped or exhausted.

        :param date on: the engine's date.
        """
        live = self.filtered(lambda d: d._state_may(d.state, state))
        live._set_state(state, reason, on, {"closed_on": on, "next_step_id": False})
        live.next_on = False

    # === PLANNING === #

    def _following(self):
        """Return the step after the last one taken; empty after the end."""
        steps = self.policy_id.step_ids
        if not self.step_id:
            return steps[:1]
        position = steps.ids.index(self.step_id.id) if self.step_id in steps else -1
        return steps[position + 1 : position + 2]

    def _plan(self, step, on):
        """Set the next step and its day; without one, a person takes over.

        :param date on: the day that the delay of the step counts from.
        """
        self.ensure_one()
        if step:
            self._state_write({"next_step_id": step.id})
            self.next_on = retries.step_date(on, step.delay)
            return
        self._state_write({"next_step_id": False})
        self.next_on = False
        self._exhaust(on)

    def _exhaust(self, on):
        """The policy is at its end: recovery is a person's work."""
        self._close("exhausted", self.env._("All steps were taken"), on)
        unpaid = self.installment_id.filtered(lambda i: i.state in ("unpaid", "disputed"))
        unpaid._set_state("in_recovery", self.env._("All steps of the policy were taken"), on)

    # === CRON AND ACTIONS === #

    @api.model
    def _cron_dunning(self, today=None):
        """Take the steps that are due; daily.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        self.env["payment.installment"]._chase_overdue(today)
        commit = self.env["ir.cron"]._commit_progress
        tried = self.browse()
        while due := self.search(
            [("state", "=", "running"), ("next_on", "<=", today), ("id", "not in", tried.ids)],
            limit=BATCH,
        ):
            tried += due
            for step, dunnings in due.grouped("next_step_id").items():
                in_savepoints(
                    dunnings,
                    lambda batch, step=step: batch._take(step, today),
                    lambda dunning, error: dunning._step_failed(error, today),
                )
            if not commit(len(due)):
                break

    def _step_failed(self, error, today):
        """A step that can not be taken stops nobody; it is tried again on the next day."""
        text = self.env._(
            "%(installment)s: the step “%(step)s” could not be taken: %(error)s",
            installment=self.installment_id.display_name,
            step=self.next_step_id.display_name,
            error=str(error) or type(error).__name__,
        )
        self._state_note(text[:500], today)
        self.next_on = retries.step_date(today, 1)
        self.env["payment.alert"]._raise_alert("dunning_stuck", self, text)

    def action_pause(self):
        """Take no further step until resumed."""
        self._set_state("paused", self.env._("Paused"))

    def action_resume(self):
        """Go on with the next step."""
        for dunning in self:
            if dunning.state != "paused":
                raise UserError(
                    self.env._(
                        "%(installment)s is not paused.",
                        installment=dunning.installment_id.display_name,
                    )
                )
        today = fields.Date.context_today(self)
        self._set_state("running", self.env._("Resumed"))
        for dunning in self:
            dunning._plan(dunning.next_step_id or dunning._following(), today)

    def action_take_now(self):
        """Take the next step today."""
        today = fields.Date.context_today(self)
        for step, dunnings in self.filtered("next_step_id").grouped("next_step_id").items():
            dunnings._take(step, today)

    def action_stop(self):
        """Stop chasing; the installment stays as it is."""
        self._close("stopped", self.env._("Stopped"), fields.Date.context_today(self))
