"""The files behind the links that the API gives out."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.core.pdf import page_of

from .engine import Engine

PATH = "/documents/mandate"


class Documents:
    """Served without a token, as the link itself is the right; ``engine`` as in ``Hosted``."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def routes(self) -> list[Route]:
        """The mandate."""
        return [Route(PATH, self.mandate, methods=["GET"])]

    async def mandate(self, request: Request) -> Response:
        """The PDF; 410 for a link that has expired."""
        engine = self._engine()
        row = engine.state.mandate_pdfs.get(request.query_params.get("token", ""))
        if row is None:
            return PlainTextResponse("unknown", 404)
        if engine.world.clock.now() > row.doc["expires_at"]:
            return PlainTextResponse("expired", 410)
        return Response(self._page(engine, row.doc["mandate"]), media_type="application/pdf")

    @staticmethod
    def _page(engine: Engine, identity: str) -> bytes:
        state = engine.state
        mandate = state.mandates.get(identity)
        account = state.customer_bank_accounts.get(mandate.doc["links"]["customer_bank_account"])
        creditor = engine.creditor.doc
        return page_of(
            [
                "Mandat de prelevement SEPA",
                f"Reference : {mandate.doc['reference']}",
                f"Creancier : {creditor['name']}",
                f"ICS : {creditor['scheme_identifiers'][0]['reference']}",
                f"Debiteur : {account.doc['account_holder_name']}",
                f"IBAN : ****{account.doc['account_number_ending']}",
            ]
        )
