from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# An object that only this process holds: a remote call sends JSON or XML and can not name it.
_WRITER = object()
_WRITER_KEY = "payment_state_writer"


class PaymentStateMixin(models.AbstractModel):
    """States as data: one set of transitions, one method that walks them, one history.

    A model declares `_state_field`, `_state_initial`, `_state_transitions` and, where other fields
    belong to the engine too, `_state_guarded`. Nobody but `_set_state` and `_state_write` writes
    these fields: neither a form, nor a remote call, nor other code by mistake.
    """

    _name = "payment.state.mixin"
    _description = "Guarded State"

    _state_field = "state"
    _state_initial = ("draft",)
    _state_transitions = frozenset()
    _state_guarded = frozenset()

    history_ids = fields.One2many(
        "payment.history",
        "res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        groups="payment_direct_debit.group_payment_user",
        copy=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            state = vals.get(self._state_field)
            if state and state not in self._state_initial and not self._state_is_writer():
                raise AccessError(
                    self.env._(
                        "%(model)s can not be created in the state “%(state)s”.",
                        model=self._description,
                        state=state,
                    )
                )
            forged = {name for name in self._state_guarded & vals.keys() if vals[name]}
            if forged and not self._state_is_writer():
                raise self._state_guard_error(forged)
        return super().create(vals_list)

    def write(self, vals):
        touched = ({self._state_field} | self._state_guarded) & vals.keys()
        if touched and not self._state_is_writer():
            raise self._state_guard_error(touched)
        return super().write(vals)

    def unlink(self):
        records = self.ids
        result = super().unlink()
        self.env["payment.history"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", records)]
        ).unlink()
        return result

    def _state_guard_error(self, names):
        return AccessError(
            self.env._(
                "The fields %(fields)s of %(model)s change by their own actions only.",
                fields=", ".join(sorted(names)),
                model=self._description,
            )
        )

    def _state_is_writer(self):
        return self.env.context.get(_WRITER_KEY) is _WRITER

    def _state_write(self, vals):
        """Write guarded fields; for the model's own engine code."""
        return self._state_writer().write(vals)

    def _state_writer(self):
        """Return the records as the engine sees them: allowed to write what it guards."""
        return self.with_context(**{_WRITER_KEY: _WRITER})

    def _set_state(self, state, reason="", on=None, values=None):
        """Move all records to `state` and add one history line each.

        Records already in `state` are left alone.

        :param str state: the target.
        :param str reason: why, for a person; no bank data.
        :param date on: the engine's date; today by default.
        :param dict values: further fields to write with the state.
        :return: the records that moved.
        :raise UserError: when a record may not go there; nothing is written then.
        """
        field = self._state_field
        moving = self.filtered(lambda record: record[field] != state)
        if not moving:
            return moving
        for record in moving:
            if not self._state_may(record[field], state):
                raise UserError(record._state_refusal(state))
        lines = moving._state_history_values(state, reason, on)
        moving._state_write({**(values or {}), field: state})
        self.env["payment.history"].sudo().create(lines)
        return moving

    @api.model
    def _state_may(self, source, target):
        """Tell whether the transition exists."""
        return (source or "", target) in self._state_transitions

    def _state_refusal(self, state):
        self.ensure_one()
        labels = dict(self._fields[self._state_field]._description_selection(self.env))
        source = self[self._state_field]
        return self.env._(
            "%(record)s is “%(current)s” and can not become “%(target)s”.",
            record=self.display_name,
            current=labels.get(source, source or "-"),
            target=labels.get(state, state),
        )

    def _state_history_values(self, state, reason, on):
        return [
            {
                "res_model": self._name,
                "res_id": record.id,
                "date": on or fields.Date.context_today(self),
                "from_state": record[self._state_field] or "",
                "to_state": state,
                "reason": (reason or "")[:500],
                "user_id": self.env.uid,
                "company_id": record.company_id.id if "company_id" in record._fields else False,
            }
            for record in self
        ]

    def _state_note(self, text, on=None):
        """Add a history line without a change of state.

        :param str text: what happened, for a person; no bank data.
        :param date on: the engine's date; today by default.
        """
        lines = self._state_history_values(None, text, on)
        for line in lines:
            line["to_state"] = line["from_state"]
        self.env["payment.history"].sudo().create(lines)
