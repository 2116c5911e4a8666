from odoo import api, fields, models


class PaymentAlert(models.Model):
    _inherit = "payment.alert"

    kind = fields.Selection(
        selection_add=[
            ("notice_failed", "Notice did not arrive"),
            ("notice_server", "Notices can not be sent"),
            ("held_past_last_moment", "Held past the last moment"),
            ("payer_worse", "Payer got worse"),
            ("dunning_stuck", "Dunning step not taken"),
            ("no_policy", "No retry policy fits"),
            ("provider_down", "Provider does not answer"),
        ],
        ondelete={
            "notice_failed": "cascade",
            "notice_server": "cascade",
            "held_past_last_moment": "cascade",
            "payer_worse": "cascade",
            "dunning_stuck": "cascade",
            "no_policy": "cascade",
            "provider_down": "cascade",
        },
    )

    @api.model
    @api.private
    def _raise_missing(self, kind, messages, severity="normal"):
        """Raise alerts on many records at once, where none of the kind is open yet.

        :param str kind: one of the kinds.
        :param dict messages: {record: what happened and what to do}, records of one model.
        :param str severity: 'low', 'normal' or 'high'.
        """
        if not messages:
            return
        records = next(iter(messages)).union(*messages)
        alerts = self.sudo()
        known = set(
            alerts.search(
                [
                    ("kind", "=", kind),
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("state", "=", "open"),
                ]
            ).mapped("res_id")
        )
        alerts.create(
            [
                {
                    "kind": kind,
                    "severity": {"low": "1", "normal": "2", "high": "3"}[severity],
                    "message": message[:1000],
                    "res_model": record._name,
                    "res_id": record.id,
                    "company_id": record.company_id.id,
                }
                for record, message in messages.items()
                if record.id not in known
            ]
        )
