"""The hosted checkout on which a payer signs a mandate, in French."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.core.pages import message, templates

from .const import ABORTED_BY_CLIENT, COMPLETED, CREDITOR, NOT_STARTED
from .engine import Engine
from .schema import iban, person
from .state import Order

PATH = "/userApproval"
TEMPLATES = templates(Path(__file__).parent / "templates")
NAMES = {"given_name": ("givenName", 32), "family_name": ("familyName", 70)}


class Hosted:
    """Page, form and exit of the checkout; ``engine`` is looked up at each request."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def routes(self) -> list[Route]:
        """The page, its form and its exit."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH, self.submit, methods=["POST"]),
            Route(PATH + "/abort", self.leave, methods=["GET"]),
        ]

    def _find(self, request: Request) -> Order | None:
        return self._engine().orders.by_code(request.query_params.get("accessCode", ""))

    def _refusal(self, order: Order | None) -> Response | None:
        if order is None:
            return message(404, "Ce lien est inconnu.")
        if order.doc["state"] == NOT_STARTED:
            return message(409, "Cette demande n'a pas commencé.")
        if order.doc["state"] == COMPLETED:
            return message(410, "Ce mandat est déjà signé.", self._target(order, "successUrl"))
        if order.doc["state"].startswith("closed"):
            return message(410, "Cette demande est terminée.", self._target(order, "cancelUrl"))
        if self._engine().orders.access_is_over(order):
            return message(410, "Ce lien a expiré.", self._target(order, "failureUrl"))
        return None

    def _target(self, order: Order, name: str) -> str | None:
        """Where the payer goes: the order's own address for it, else the app's."""
        settings, urls = self._engine().settings, order.urls
        url = urls.get(name) or urls.get("returnUrl") or settings.return_url or None
        if url and settings.order_reference_in_return:
            mark = "&" if "?" in url else "?"
            url += mark + urlencode({"order_reference": order.reference})
        return url

    def _known(self, order: Order) -> dict:
        """What the form is filled with."""
        item = self._engine().orders.item(order)
        if item is None or item["action"] != "sign":
            return {}
        signatory = item["mandate"]["signatory"]
        known = {field: signatory.get(name) for field, (name, _limit) in NAMES.items()}
        return known | {"iban": signatory.get("bankAccount", {}).get("iban")}

    async def show(self, request: Request) -> Response:
        """The form, filled with what the merchant sent."""
        order = self._find(request)
        if refusal := self._refusal(order):
            return refusal
        return self._form(order, self._known(order), {})

    def _form(self, order: Order, values: dict, errors: dict, status: int = 200) -> Response:
        item = self._engine().orders.item(order)
        page = TEMPLATES.get_template("checkout.html").render(
            creditor=CREDITOR,
            code=order.access[0],
            path=PATH,
            values=values,
            errors=errors,
            names=item is not None and item["action"] == "sign",
            payments=[entry["payin"] for entry in order.items if entry["type"] == "payment"],
        )
        return HTMLResponse(page, status)

    async def submit(self, request: Request) -> Response:
        """The payer signs; what the form does not send is what the merchant sent."""
        order = self._find(request)
        if refusal := self._refusal(order):
            return refusal
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        known = self._known(order)
        values = known | {name: lines[0].strip() for name, lines in form.items()}
        if errors := wrong(values, [name for name in NAMES if name in known]):
            return self._form(order, values, errors, 422)
        names = {name: values[field] for field, (name, _limit) in NAMES.items() if field in known}
        engine = self._engine()
        engine.base_url = f"{request.url.scheme}://{request.headers['host']}"
        engine.orders.complete(order, values["iban"], names)
        return self._back(order, "successUrl", "Merci, votre mandat est enregistré.")

    async def leave(self, request: Request) -> Response:
        """The payer gives up."""
        order = self._find(request)
        if refusal := self._refusal(order):
            return refusal
        self._engine().orders.close(order, ABORTED_BY_CLIENT)
        return self._back(order, "cancelUrl", "Vous pouvez fermer cette page.")

    def _back(self, order: Order, name: str, text: str) -> Response:
        if target := self._target(order, name):
            return RedirectResponse(target, 303)
        return message(200, text)


def wrong(values: dict, names: list[str]) -> dict:
    """Error texts by field of the submitted form."""
    errors = {}
    for field in names:
        if person(NAMES[field][1])(values.get(field)):
            errors[field] = "Valeur invalide"
    if iban(values.get("iban")):
        errors["iban"] = "IBAN invalide"
    return errors
