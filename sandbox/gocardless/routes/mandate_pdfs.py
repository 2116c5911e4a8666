"""Mandates as PDF files, behind a link that lives ten minutes."""

from datetime import timedelta

from sandbox.core.clock import iso

from ..documents import PATH
from ..http import Call, create, find
from ..state import Row
from ..validation import Schema, text

NAME = "mandate_pdfs"
LIFE = timedelta(minutes=10)
SCHEMA = Schema("links", links=Schema("mandate", mandate=text()))


def create_mandate_pdf(call: Call) -> dict:
    """A link to the PDF of one mandate."""
    engine = call.engine
    values = SCHEMA.check(call.data, NAME)
    mandate = find(engine.state.mandates, values["links"]["mandate"], "link_not_found")
    token, expires = engine.world.ids.new("MP"), iso(engine.world.clock.moment + LIFE)
    row = Row({"id": token, "mandate": mandate.id, "expires_at": expires})
    engine.state.mandate_pdfs.add(row)
    return {"url": f"{call.base_url}{PATH}?token={token}", "expires_at": expires}


OPERATIONS = [create(NAME, create_mandate_pdf)]
