"""Order notifications, which nobody signs, and the signed webhooks of 2023."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timezone
from typing import TYPE_CHECKING

from sandbox.core.webhooks import Endpoint

from .const import HAL
from .dates import parse
from .state import Order, Payment, Row
from .views import Views

if TYPE_CHECKING:
    from .engine import Engine

AGENT = "SlimPayWebhook/1.0.0"
# Status, code and text of a webhook by the state of the resource.
PAYMENT_NEWS = {
    "processing": ("PROCESSING", 10001, "The payment is being processed"),
    "processed": ("PROCESSED", 10000, "The payment is processed"),
    "rejected": ("NOT_PROCESSED", 10002, "Technical error"),
    "notprocessed": ("NOT_PROCESSED", 10003, "Cancelled"),
}
ORDER_COMPLETED = ("COMPLETED", 20005, "The order is completed")


class Notices:
    """Raises the events that are sent to the merchant."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def order_closed(self, row: Order) -> None:
        """POST the order, as a GET shows it, to the app's notification URL."""
        engine = self.engine
        body = Views(engine, engine.base_url).order(row)
        self._publish({"order": row.id, "reference": row.reference, "body": body})
        if row.doc["state"] == "closed.completed":
            self._webhook("order_slimcollectpay.update", row, ORDER_COMPLETED)

    def payment_moved(self, row: Payment) -> None:
        """A webhook v1, on accounts that have them for classic payments."""
        if news := PAYMENT_NEWS.get(row.doc["executionStatus"]):
            self._webhook("payment_slimcollectpay.update", row, news)

    def _webhook(self, topic: str, row: Row, news: tuple) -> None:
        if not self.engine.settings.classic_webhooks:
            return
        status, code, message = news
        data = {"uuid": row.id, "status": status, "code": code, "statusMessage": message}
        self._publish({"topic": topic, "data": data})

    def _publish(self, values: dict) -> None:
        engine = self.engine
        doc = {"id": engine.new_id(), "at": engine.now(), **values}
        engine.state.events.add(Row(doc))
        engine.world.webhooks.publish(doc)

    def follow_configurations(self) -> None:
        """Make the delivery's endpoints of the enabled webhook configurations."""
        webhooks = self.engine.world.webhooks
        plain = [endpoint for endpoint in webhooks.endpoints if not endpoint.topics]
        webhooks.endpoints = plain + [
            Endpoint(row.doc["url"], row.doc["secret"], topics=tuple(row.doc["eventTypes"]))
            for row in self.engine.state.webhooks.rows
            if row.doc["enabled"]
        ]

    def dress(self, event: dict, secret: str) -> tuple[bytes, dict]:
        """Body and headers of one delivery."""
        if "topic" not in event:
            return compact(event["body"]), {"Content-Type": HAL}
        settings = self.engine.settings
        created = epoch_ms(event["at"])
        if settings.webhook_shape == "Id":
            head = {"Id": event["id"], "version": "1"}
        else:
            head = {"id": event["id"], "version": 1}
        body = compact(
            {**head, "createdAt": created, "eventType": event["topic"], "data": event["data"]}
        )
        now = self.engine.world.clock.moment.replace(tzinfo=timezone.utc).timestamp()
        seconds = time.time() if settings.signature_clock == "real" else now
        return body, {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "Slimpay-Signature": sign(secret, int(seconds * 1000), body),
        }


def sign(secret: str, moment: int, body: bytes) -> str:
    """The signature header: HMAC-SHA256 of time in milliseconds, a colon, and the raw body."""
    text = f"{moment}:".encode() + body
    return f"t={moment},v1={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"


def compact(document: dict) -> bytes:
    """A document as it is sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def epoch_ms(text: str) -> int:
    """Milliseconds since 1970 of a date of the API."""
    return int(parse(text).timestamp() * 1000)
