"""Mandates: they can be read, nothing else."""

from ..http import Call, get


def get_mandate(call: Call) -> dict:
    """A mandate by its id."""
    return call.engine.find(call.engine.state.mandates, call.identity).doc


OPERATIONS = [get("mandates/{identity}", "MandateRetrieveParams", get_mandate)]
