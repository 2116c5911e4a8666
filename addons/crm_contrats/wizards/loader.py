"""What both imports share: the clients by code, and undoing."""

from contextlib import contextmanager

from ..importing.errors import RowError, shown


class Loader:
    """Brings the rows of a file into the database, in batches.

    :param env: the environment of the user who imports.
    :param parsed: a `ContractFile` or `MandateFile`.
    """

    def __init__(self, env, parsed):
        self.env = env
        self.company = env.company
        self.parsed = parsed
        self.errors = list(parsed.errors)
        self.messages = []

    def refuse(self, row, column, code, **params):
        self.errors.append(RowError(row, column, code, params))

    def clients_by_code(self, codes):
        """Return {code: partners}: more than one is an ambiguity for the caller to refuse."""
        found = self.env["res.partner"].search(
            [
                ("ref", "in", list(codes)),
                ("parent_id", "=", False),
                ("company_id", "in", (False, self.company.id)),
            ]
        )
        return found.grouped("ref")

    def refuse_double_client(self, row):
        self.refuse(row.row, "client_code", "double_client", value=shown(row.client_code))

    @contextmanager
    def undone_unless(self, keep):
        """Run a block; roll it back when ``keep()`` is false afterwards."""
        with self.env.cr.savepoint() as savepoint:
            yield
            if not keep():
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
