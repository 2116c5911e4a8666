"""Scenario simulators, so that a test can run here and in GoCardless' own sandbox."""

from ..errors import invalid_state, not_found, validation_failed
from ..http import Call, Operation
from ..simulators import SIMULATORS, run
from ..validation import Schema, text

SCHEMA = Schema("links", links=Schema("resource", resource=text()))


def run_simulator(call: Call) -> dict:
    """Take the linked resource through the scenario at once."""
    if call.identity not in SIMULATORS:
        raise not_found()
    if "links" not in call.data:
        raise validation_failed([("links.resource", "can't be blank")], "data")
    identity = SCHEMA.check(call.data, "data")["links"]["resource"]
    try:
        run(call.engine, call.identity, identity)
    except KeyError as error:
        raise not_found("link_not_found") from error
    except ValueError as error:
        raise invalid_state("scenario_not_applicable", str(error)) from error
    return {"id": call.identity}


OPERATIONS = [
    Operation(
        "POST",
        "/scenario_simulators/{identity}/actions/run",
        "scenario_simulators",
        run_simulator,
        action=True,
    )
]
