"""mandates.csv into the database: verified at the provider, then linked to the contracts."""

from odoo.addons.payment_direct_debit.pure.iban import normalise_rum

from ..importing.errors import shown
from .loader import Loader


class MandateLoader(Loader):
    """One mandates file."""

    kind = "mandates"

    def __init__(self, env, parsed):
        super().__init__(env, parsed)
        self.rows = parsed.mandates
        self.clients = self.clients_by_code({row.client_code for row in self.rows})
        self.providers = self._providers()
        self.known = {
            normalise_rum(mandate.name): mandate
            for mandate in env["payment.mandate"].search([("company_id", "=", self.company.id)])
        }
        self.new = []
        self.found = env["payment.mandate"]

    @property
    def unchanged(self):
        return len(self.found)

    def _providers(self):
        found = (
            self.env["payment.provider"]
            .sudo()
            .search(
                [
                    ("code", "in", list({row.provider for row in self.rows})),
                    ("company_id", "=", self.company.id),
                    ("state", "!=", "disabled"),
                ]
            )
        )
        return found.grouped("code")

    def check(self):
        """Sort the mandates of the file into new, unchanged and refused."""
        for row in self.rows:
            clients = self.clients.get(row.client_code)
            if not clients:
                self.refuse(row.row, "client_code", "unknown_client", value=shown(row.client_code))
            elif len(clients) > 1:
                self.refuse_double_client(row)
            elif row.provider not in self.providers:
                self.refuse(row.row, "provider", "unknown_provider", value=shown(row.provider))
            elif known := self.known.get(normalise_rum(row.rum)):
                self._check_known(row, known)
            else:
                self.new.append(row)

    def _check_known(self, row, mandate):
        fingerprint = mandate._fingerprint(row.iban)
        pairs = {
            "client_code": mandate.partner_id == self.clients[row.client_code],
            "provider": mandate.provider_id.sudo() in self.providers[row.provider],
            "provider_mandate": mandate.provider_mandate_ref == row.provider_mandate,
            "scheme": mandate.scheme == row.scheme,
            "signed_on": mandate.signed_on == row.signed_on,
            # The digest is for the system only: compared, never shown.
            "iban": mandate.sudo().iban_fingerprint in (False, fingerprint),
        }
        different = [column for column, same in pairs.items() if not same]
        if different:
            self.refuse(row.row, ", ".join(different), "mandate_exists", value=shown(row.rum))
        else:
            self.found |= mandate

    def count(self):
        """Return how many mandates the file would make, if the provider knows them."""
        return len(self.new)

    def load(self):
        """Register the new mandates and give the clients' contracts their mandate.

        What the provider does not confirm becomes an error of its row.

        :return: the number of mandates made.
        """
        answers = self.env["payment.mandate"]._register_existing(
            [
                {
                    "name": row.rum,
                    "partner_id": self.clients[row.client_code].id,
                    "iban": row.iban,
                    "scheme": row.scheme,
                    "signed_on": row.signed_on,
                    "provider_id": self.providers[row.provider][0].id,
                    "provider_ref": row.provider_mandate,
                    "company_id": self.company.id,
                }
                for row in self.new
            ]
        )
        made = self.env["payment.mandate"]
        for row, answer in zip(self.new, answers, strict=True):
            if isinstance(answer, str):
                self.refuse(row.row, "provider_mandate", "said", text=answer)
            else:
                made |= answer
        self._link_contracts(made | self.found)
        return len(made)

    def _link_contracts(self, mandates):
        """Give automatic contracts without a mandate the newest active one of their client."""
        newest = {}
        for mandate in mandates.filtered(lambda row: row.state == "active").sorted("signed_on"):
            newest[mandate.partner_id.commercial_partner_id] = mandate
        contracts = self.env["crm.contract"].search(
            [
                ("commercial_partner_id", "in", [partner.id for partner in newest]),
                ("company_id", "=", self.company.id),
                ("collection_mode", "=", "automatic"),
                ("mandate_id", "=", False),
                ("state", "in", ("draft", "sent", "active", "suspended")),
            ]
        )
        for partner, found in contracts.grouped("commercial_partner_id").items():
            found.write({"mandate_id": newest[partner].id})
