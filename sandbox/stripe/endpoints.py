"""Webhook endpoints that were made through the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.core.webhooks import Endpoint

from . import checks
from .const import API_VERSION, MAX_ENDPOINTS
from .errors import not_offered, refused
from .state import WebhookEndpoint

if TYPE_CHECKING:
    from .engine import Engine


@dataclass
class Target(Endpoint):
    """An endpoint that takes the types of events to which it subscribed, while it is enabled."""

    types: tuple = ()
    enabled: bool = True

    def takes(self, event: dict) -> bool:
        """Whether ``event`` is for this endpoint."""
        return self.enabled and ("*" in self.types or event["type"] in self.types)


class Endpoints:
    """Creates, changes and removes endpoints; the core delivers to them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, data: dict) -> WebhookEndpoint:
        """An endpoint with a new secret; the caller shows the secret this one time."""
        engine = self.engine
        if len(engine.state.webhook_endpoints.rows) >= MAX_ENDPOINTS:
            message = f"You have reached the maximum of {MAX_ENDPOINTS} test webhook endpoints."
            raise refused(message)
        if data.get("api_version", API_VERSION) != API_VERSION:
            raise not_offered(f"events of the version {data['api_version']}", "api_version")
        checks.url(data["url"], "url")
        doc = {
            "id": engine.world.ids.new("we_"),
            "object": "webhook_endpoint",
            "api_version": data.get("api_version"),
            "application": None,
            "created": engine.now(),
            "description": data.get("description") or None,
            "enabled_events": data["enabled_events"],
            "livemode": False,
            "metadata": checks.merged_metadata({}, data.get("metadata", {})),
            "status": "enabled",
            "url": data["url"],
        }
        secret = engine.settings.endpoint_secret or engine.secret("whsec_")
        target = Target(data["url"], secret, types=tuple(data["enabled_events"]))
        engine.world.webhooks.endpoints.append(target)
        return engine.state.webhook_endpoints.add(WebhookEndpoint(doc, target=target))

    def update(self, row: WebhookEndpoint, data: dict) -> WebhookEndpoint:
        """Change where and what is delivered; the secret stays."""
        values = dict(data)
        if "url" in values:
            checks.url(values["url"], "url")
        if "disabled" in values:
            values["status"] = "disabled" if values.pop("disabled") else "enabled"
        self.engine.update(row, values)
        target = row.target
        target.url, target.types = row.doc["url"], tuple(row.doc["enabled_events"])
        target.enabled = row.status == "enabled"
        return row

    def delete(self, row: WebhookEndpoint) -> None:
        """Nothing is delivered there any more."""
        endpoints = self.engine.world.webhooks.endpoints
        self.engine.world.webhooks.endpoints = [
            endpoint for endpoint in endpoints if endpoint is not row.target
        ]
        self.engine.state.webhook_endpoints.remove(row)
