"""The hosted page of a checkout session, on which a payer gives a SEPA mandate."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.core.pages import message, templates

from . import checks
from .const import ACCOUNT_NAME, CREDITOR_ID, NON_EEA
from .engine import Engine
from .errors import ApiError
from .sessions import PAGE
from .state import Row

TEMPLATES = templates(Path(__file__).parent / "templates")
STRIPE_CREDITOR = "Stripe"
CLOSED = {
    "complete": "Ce mandat est déjà signé.",
    "expired": "Ce lien a expiré.",
}


class Hosted:
    """Page and form of a session; ``engine`` is looked up at each request."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def routes(self) -> list[Route]:
        """The page, its form and its exit."""
        return [
            Route(PAGE + "{identity}", self.show, methods=["GET"]),
            Route(PAGE + "{identity}", self.submit, methods=["POST"]),
            Route(PAGE + "{identity}/cancel", self.leave, methods=["GET"]),
        ]

    def _find(self, request: Request) -> tuple[Row | None, Response | None]:
        """The open session, or the page that says why there is none."""
        engine = self._engine()
        row = engine.state.sessions.get(request.path_params["identity"])
        if row is None:
            return None, message(404, "Ce lien est inconnu.")
        if engine.sessions.refresh(row).status != "open":
            return None, message(410, CLOSED[row.status], row.doc["cancel_url"])
        return row, None

    async def show(self, request: Request) -> Response:
        """The form, filled with what is known of the customer."""
        row, refusal = self._find(request)
        if refusal:
            return refusal
        customer = self._engine().state.customers.get(row.doc["customer"] or "")
        known = customer.doc if customer else {}
        email = known.get("email") or row.doc["customer_email"]
        return self._form(row, {"name": known.get("name"), "email": email}, {})

    def _form(self, row: Row, values: dict, errors: dict, status: int = 200) -> Response:
        engine = self._engine()
        own = engine.settings.own_creditor_id
        page = TEMPLATES.get_template("checkout.html").render(
            session=row.doc,
            values=values,
            errors=errors,
            creditor=ACCOUNT_NAME,
            identifier=CREDITOR_ID if own else None,
            processor=STRIPE_CREDITOR,
            path=PAGE + row.id,
        )
        return HTMLResponse(page, status)

    async def submit(self, request: Request) -> Response:
        """The payer accepts: the mandate comes to life, then back to the merchant."""
        row, refusal = self._find(request)
        if refusal:
            return refusal
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        values = {name: lines[0].strip() for name, lines in form.items()}
        if errors := wrong(values):
            return self._form(row, values, errors, 422)
        place = {name: values.get(name) for name in ("line1", "postal_code", "city")}
        iban = checks.iban(values["iban"])
        place["country"] = iban[:2] if any(place.values()) else None
        billing = {"name": values["name"], "email": values["email"], "address": place}
        client = {
            "ip_address": request.client.host,
            "user_agent": request.headers.get("user-agent", ""),
        }
        self._engine().sessions.complete(row, billing, iban, client)
        return RedirectResponse(self._engine().sessions.target(row), 303)

    async def leave(self, request: Request) -> Response:
        """The payer gives up; the session stays open."""
        row, refusal = self._find(request)
        if refusal:
            return refusal
        if target := row.doc["cancel_url"]:
            return RedirectResponse(target, 303)
        return message(200, "Vous pouvez fermer cette page.")


def wrong(values: dict) -> dict:
    """Error texts by field of the submitted form."""
    errors = {name: "Champ obligatoire" for name in ("name", "email") if not values.get(name)}
    if values.get("email") and not checks.EMAIL.match(values["email"]):
        errors["email"] = "Adresse e-mail invalide"
    try:
        country = checks.iban(values.get("iban", ""))[:2]
    except ApiError as error:
        bank = error.more.get("code", "").startswith("sepa_debit")
        errors["iban"] = "Ce compte n'accepte pas le prélèvement" if bank else "IBAN invalide"
        return errors
    if country in NON_EEA and not values.get("line1"):
        errors["line1"] = "Adresse obligatoire pour ce pays"
    return errors
