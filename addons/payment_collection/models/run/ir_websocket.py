from odoo import models

PREFIX = "payment.run_"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let a form listen to the run that it shows: only to runs that its user may read."""
        asked = [channel for channel in channels if str(channel).startswith(PREFIX)]
        channels = [channel for channel in channels if channel not in asked]
        numbers = [int(n) for c in asked if (n := c.removeprefix(PREFIX)).isdecimal()]
        runs = self.env["payment.run"]
        if numbers and runs.has_access("read"):
            channels.extend(runs.search([("id", "in", numbers)]))
        return super()._build_bus_channel_list(channels)
