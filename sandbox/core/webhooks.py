"""Delivery of webhooks: batches, signatures, retries, and their misbehaviour on demand."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields

import requests

TIMEOUT = 10
MAX_RETRIES = 8
DEBOUNCE = 0.02
MAX_ROUNDS = 10
LARGEST_BATCH = 250


@dataclass
class Endpoint:
    """Where the merchant listens; ``headers`` are added to each delivery as they are.

    ``topics``: the topics of the events that it takes; none: the events without a topic.
    """

    url: str
    secret: str
    headers: dict = field(default_factory=dict)
    topics: tuple = ()

    def takes(self, event: dict) -> bool:
        """Whether ``event`` is for this endpoint."""
        topic = event.get("topic")
        return topic in self.topics if self.topics else topic is None


@dataclass
class Modes:
    """How deliveries behave.

    auto: deliver in the background after each call (else on advance and flush only).
    off: deliver nothing, the events stay "undelivered". batch: events per request.
    duplicate: extra copies of each request. shuffle: mix the events waiting for delivery.
    delay_rate: share of events kept back until the next flush. corrupt_signature: as named.
    """

    auto: bool = True
    off: bool = False
    batch: int = LARGEST_BATCH
    duplicate: int = 0
    shuffle: bool = False
    delay_rate: float = 0.0
    corrupt_signature: bool = False
    seed: int = 1


@dataclass
class Delivery:
    """One webhook and its last answer; ``attempts`` counts the requests made."""

    id: str
    created_at: str
    endpoint: Endpoint
    events: list
    attempts: int = 0
    successful: bool = False
    response_code: int | None = None
    response_body: str = ""
    request_body: str = ""
    request_headers: dict = field(default_factory=dict)

    def public(self) -> dict:
        """The delivery as plain data, events by id."""
        values = asdict(self)
        values.update(url=self.endpoint.url, events=[event["id"] for event in self.events])
        values.pop("endpoint")
        return values


class Webhooks:
    """Queue of events and log of deliveries.

    ``dress(events, webhook_id, secret)`` belongs to the provider and returns the raw body and
    the headers, signature included.
    """

    def __init__(
        self,
        now: Callable[[], str],
        new_id: Callable[[], str],
        dress: Callable,
        largest_batch: int = LARGEST_BATCH,
    ) -> None:
        self._now, self._new_id, self._dress = now, new_id, dress
        self.largest_batch = largest_batch
        self.endpoints: list[Endpoint] = []
        self.modes = Modes(batch=largest_batch)
        self.deliveries: list[Delivery] = []
        self.undelivered: list[dict] = []
        self._queue: list[dict] = []
        self._held: list[dict] = []
        self._lock = asyncio.Lock()
        self._task: asyncio.Task | None = None
        self._tasks: set[asyncio.Task] = set()
        self._random = random.Random(1)

    def configure(self, **values) -> None:
        """Change modes; ValueError when a key or the size of the batch is wrong."""
        if unknown := set(values) - {item.name for item in fields(Modes)}:
            raise ValueError(f"unknown webhook modes: {', '.join(sorted(unknown))}")
        if not 1 <= values.get("batch", 1) <= self.largest_batch:
            raise ValueError(f"a webhook carries 1 to {self.largest_batch} events")
        for key, value in values.items():
            setattr(self.modes, key, value)
        if "seed" in values:
            self._random = random.Random(values["seed"])

    def publish(self, event: dict) -> None:
        """Queue an event; without a listener it will never be delivered, as in real life."""
        listens = any(endpoint.takes(event) for endpoint in self.endpoints)
        listening = listens and not self.modes.off
        (self._queue if listening else self.undelivered).append(event)

    def missing(self) -> set[str]:
        """Ids of the events that wait for an endpoint, or that one of them did not accept."""
        silent = (*self.undelivered, *self._queue, *self._held)
        waiting = {
            event["id"]
            for event in silent
            if any(endpoint.takes(event) for endpoint in self.endpoints)
        }
        answers: dict[tuple[str, str], bool] = {}
        for delivery in self.deliveries:
            for event in delivery.events:
                key = delivery.endpoint.url, event["id"]
                answers[key] = answers.get(key, False) or delivery.successful
        accepted = {identity for (_url, identity), successful in answers.items() if successful}
        refused = {identity for (_url, identity), successful in answers.items() if not successful}
        return refused | (waiting - accepted)

    def kick(self) -> None:
        """Start a background delivery when the mode is automatic and events wait."""
        idle = self._task is None or self._task.done()
        if self.modes.auto and self._queue and idle:
            self._task = asyncio.create_task(self._deliver_soon())

    async def _deliver_soon(self) -> None:
        await asyncio.sleep(DEBOUNCE)
        await self.flush()

    def background(self, task: asyncio.Task) -> None:
        """Keep a task alive until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop the background delivery."""
        if self._task and not self._task.done():
            self._task.cancel()

    async def flush(self, retry: bool = False) -> dict:
        """Deliver what waits (with ``retry`` also what failed before) and wait for the answers.

        Events that the receiver's own calls raise meanwhile are delivered too.
        """
        report = {"sent": 0, "failed": 0, "events": 0}
        async with self._lock:
            if retry:
                for delivery in self.deliveries:
                    if not delivery.successful and 0 < delivery.attempts <= MAX_RETRIES:
                        await self._count(delivery, report)
            self._queue, self._held = self._held + self._queue, []
            for _round in range(MAX_ROUNDS):
                events = self._take()
                if not events:
                    break
                await self._send(events, report)
        return report

    async def resend(self, events: list[dict]) -> dict:
        """Deliver ``events`` now, in new webhooks."""
        report = {"sent": 0, "failed": 0, "events": 0}
        async with self._lock:
            await self._send(events, report)
        return report

    async def retry(self, delivery: Delivery) -> None:
        """Repeat one delivery, whatever its former answer."""
        async with self._lock:
            await self._attempt(delivery)

    def _take(self) -> list[dict]:
        queue, self._queue = self._queue, []
        if self.modes.delay_rate:
            kept = [self._random.random() < self.modes.delay_rate for _event in queue]
            self._held += [event for event, late in zip(queue, kept, strict=True) if late]
            queue = [event for event, late in zip(queue, kept, strict=True) if not late]
        if self.modes.shuffle:
            self._random.shuffle(queue)
        return queue

    async def _send(self, events: list[dict], report: dict) -> None:
        size = self.modes.batch
        for endpoint in list(self.endpoints):
            wanted = [event for event in events if endpoint.takes(event)]
            for start in range(0, len(wanted), size):
                for _copy in range(1 + self.modes.duplicate):
                    batch = wanted[start : start + size]
                    delivery = Delivery(self._new_id(), self._now(), endpoint, batch)
                    self.deliveries.append(delivery)
                    await self._count(delivery, report)

    async def _count(self, delivery: Delivery, report: dict) -> None:
        await self._attempt(delivery)
        report["sent"] += 1
        report["events"] += len(delivery.events)
        report["failed"] += not delivery.successful

    async def _attempt(self, delivery: Delivery) -> None:
        endpoint = delivery.endpoint
        body, headers = self._dress(delivery.events, delivery.id, endpoint.secret)
        if self.modes.corrupt_signature:
            headers = {name: corrupt(name, value) for name, value in headers.items()}
        headers |= endpoint.headers
        delivery.attempts += 1
        delivery.request_body, delivery.request_headers = body.decode(), headers
        code, text = await asyncio.to_thread(post, endpoint.url, body, headers)
        delivery.response_code, delivery.response_body = code, text
        # A redirect is a failure: providers do not follow it.
        delivery.successful = code is not None and 200 <= code < 300


def corrupt(name: str, value: str) -> str:
    """The header as it is, or a signature whose last character was changed."""
    if "signature" not in name.lower():
        return value
    return value[:-1] + ("0" if value[-1] != "0" else "1")


def post(url: str, body: bytes, headers: dict) -> tuple[int | None, str]:
    """Send one webhook; (None, reason) when no answer came within the deadline."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(
                url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            return None, str(error)
        return answer.status_code, answer.text[:2000]
