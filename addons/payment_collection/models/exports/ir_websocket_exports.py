from odoo import models

PREFIX = "payment.export_"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let a form listen to the export that it shows, where its user may read it."""
        asked = [channel for channel in channels if str(channel).startswith(PREFIX)]
        channels = [channel for channel in channels if channel not in asked]
        numbers = [int(n) for c in asked if (n := c.removeprefix(PREFIX)).isdecimal()]
        exports = self.env["payment.export"]
        if numbers and exports.has_access("read"):
            channels.extend(exports.search([("id", "in", numbers)]))
        return super()._build_bus_channel_list(channels)
