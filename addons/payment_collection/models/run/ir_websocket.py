from odoo import models

# The models whose forms show how far a record is; the channel of a record is `<model>_<id>`.
LISTENED = ("payment.run", "payment.export")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let a form listen to the run or export that it shows: only where its user may read it."""
        channels = list(channels)
        for model in LISTENED:
            prefix = f"{model}_"
            asked = [channel for channel in channels if str(channel).startswith(prefix)]
            channels = [channel for channel in channels if channel not in asked]
            numbers = [int(n) for c in asked if (n := c.removeprefix(prefix)).isdecimal()]
            records = self.env[model]
            if numbers and records.has_access("read"):
                channels.extend(records.search([("id", "in", numbers)]))
        return super()._build_bus_channel_list(channels)
