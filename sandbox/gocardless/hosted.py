"""The hosted page on which a payer signs a SEPA mandate."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.core.pages import message, templates

from .billing import OPEN
from .engine import Engine
from .state import Row
from .validation import EMAIL, iban

PATH = "/billing/static/flow"
TEMPLATES = templates(Path(__file__).parent / "templates")
FIELDS = (
    "given_name",
    "family_name",
    "company_name",
    "email",
    "address_line1",
    "postal_code",
    "city",
)
CLOSED = {
    "fulfilled": "Ce mandat est déjà signé.",
    "cancelled": "Cette demande a été annulée.",
}


class Hosted:
    """Pages and form of the flow; ``engine`` is looked up at each request."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def routes(self) -> list[Route]:
        """The page, its form and its exit."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH, self.submit, methods=["POST"]),
            Route(PATH + "/exit", self.leave, methods=["GET"]),
        ]

    def _find(self, request: Request) -> tuple[Row | None, Row | None]:
        state = self._engine().state
        flow = state.billing_request_flows.get(request.query_params.get("id", ""))
        if flow is None:
            return None, None
        return flow, state.billing_requests.get(flow.doc["links"]["billing_request"])

    def _refusal(self, flow: Row | None, billing: Row | None) -> Response | None:
        if flow is None:
            return message(404, "Ce lien est inconnu.")
        if billing.status not in OPEN:
            return message(410, CLOSED[billing.status], flow.doc["redirect_uri"])
        if self._engine().world.clock.now() > flow.doc["expires_at"]:
            return message(410, "Ce lien a expiré.", flow.doc["exit_uri"])
        return None

    async def show(self, request: Request) -> Response:
        """The form, filled with what the merchant sent."""
        flow, billing = self._find(request)
        if refusal := self._refusal(flow, billing):
            return refusal
        self._engine().billing.note(billing, "flow_visited")
        return self._form(flow, flow.doc["prefilled_customer"], {})

    def _form(self, flow: Row, values: dict, errors: dict, status: int = 200) -> Response:
        creditor = self._engine().creditor.doc
        page = TEMPLATES.get_template("flow.html").render(
            flow=flow.doc,
            values=values,
            errors=errors,
            creditor=creditor,
            identifier=creditor["scheme_identifiers"][0],
            path=PATH,
        )
        return HTMLResponse(page, status)

    async def submit(self, request: Request) -> Response:
        """The payer confirms: the mandate is created, then back to the merchant."""
        flow, billing = self._find(request)
        if refusal := self._refusal(flow, billing):
            return refusal
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        values = {name: lines[0].strip() for name, lines in form.items()}
        if errors := wrong(values):
            return self._form(flow, values, errors, 422)
        payer = {name: values.get(name) for name in FIELDS}
        payer["language"] = flow.doc["language"]
        self._engine().billing.fulfil(billing, payer, values["iban"])
        flow.doc["customer_details_captured"] = True
        if target := flow.doc["redirect_uri"]:
            return RedirectResponse(target, 303)
        return message(200, "Merci, votre mandat est enregistré.")

    async def leave(self, request: Request) -> Response:
        """The payer gives up."""
        flow, billing = self._find(request)
        if refusal := self._refusal(flow, billing):
            return refusal
        self._engine().billing.note(billing, "flow_exited")
        if target := flow.doc["exit_uri"] or flow.doc["redirect_uri"]:
            return RedirectResponse(target, 303)
        return message(200, "Vous pouvez fermer cette page.")


def wrong(values: dict) -> dict:
    """Error texts by field of the submitted form."""
    errors = {}
    if not values.get("company_name"):
        for name in ("given_name", "family_name"):
            if not values.get(name):
                errors[name] = "Champ obligatoire"
    if values.get("email") and not EMAIL.match(values["email"]):
        errors["email"] = "Adresse e-mail invalide"
    if iban(values.get("iban", "")):
        errors["iban"] = "IBAN invalide"
    return errors
