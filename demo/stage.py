"""Sets the stage: company, catalogue, provider, the bank's side, the import."""

import csv
import io
import secrets
from pathlib import Path

HERE = Path(__file__).parent
SIGNERS = 4


class DemoFailed(Exception):
    """The stage could not be built; the message says what to mend."""


def build(env, sandbox, web, start):
    """Make everything that the half year needs.

    :param env: Odoo's environment, superuser.
    :param sandbox: the stand-in of the provider (sandbox.testing.Sandbox).
    :param str web: the address of the web server, where notifications go.
    :param date start: the first day of collection here; what was due before is not ours.
    """
    company(env)
    catalogue(env)
    provider = connect(env, sandbox, web)
    open_accounts(sandbox)
    take_over(env, start)
    sign_mandates(env, sandbox, provider, start)
    bad_days(sandbox)
    env.cr.commit()  # the web server, another process, has to see all this


def company(env):
    """Give the company its name and papers."""
    env.company.write(
        {
            "name": "Atelier Lumen SAS",
            "street": "12 quai des Tanneurs",
            "zip": "44000",
            "city": "Nantes",
            "email": "comptabilite@example.com",
            "vat": "FR23334175221",
        }
    )


def catalogue(env):
    """Load the products with Odoo's own import."""
    rows = list(csv.reader(io.StringIO((HERE / "products.csv").read_text(encoding="utf-8"))))
    result = env["product.template"].load(rows[0], rows[1:])
    if not result["ids"]:
        raise DemoFailed(f"demo/products.csv: {result['messages']}")


def connect(env, sandbox, web):
    """Give the provider its credentials and tell the stand-in where to notify."""
    secret = secrets.token_hex(20)
    env["ir.config_parameter"].set_param("web.base.url", web)
    env["ir.config_parameter"].set_param("payment_gocardless.api_base_url", sandbox.url)
    provider = env["payment.provider"].search(
        [("code", "=", "gocardless"), ("company_id", "=", env.company.id)], limit=1
    )
    provider.write(
        {
            "state": "test",
            "gocardless_access_token": sandbox.token,
            "gocardless_webhook_secret": secret,
        }
    )
    sandbox.listen(f"{web}/payment/gocardless/webhook/{provider.id}", secret)
    return provider


def open_accounts(sandbox):
    """Give the stand-in the payers and mandates that the business already had there."""
    clients = {row["client_code"]: row for row in read("contracts.csv")}
    sandbox.seed(
        [
            {
                "company" if clients[row["client_code"]]["kind"] == "company" else "name": clients[
                    row["client_code"]
                ]["client"],
                "email": clients[row["client_code"]]["email"],
                "iban": row["iban"],
                "mandate_id": row["provider_mandate"],
                "reference": row["rum"],
            }
            for row in read("mandates.csv")
        ]
    )


def read(name):
    """Return the rows of a file of the demo."""
    with (HERE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def take_over(env, start):
    """Import the contracts and the mandates as the wizard does."""
    wizard = env["crm.contract.import"].with_context(default_bill_from=start)
    for name in ("contracts.csv", "mandates.csv"):
        report = wizard._run_file(name, (HERE / name).read_bytes())
        if report.rejected:
            raise DemoFailed(f"{name}: {report.rejected}")
        print(f"  {name}: {report.created} imported")


def sign_mandates(env, sandbox, provider, start):
    """Let some clients sign on the provider's hosted page, as their browser would."""
    contracts = env["crm.contract"].search(
        [("state", "=", "active"), ("collection_mode", "=", "one_off")], limit=SIGNERS
    )
    for position, contract in enumerate(contracts):
        mandate = env["payment.mandate"].create(
            {"partner_id": contract.partner_id.id, "provider_id": provider.id}
        )
        mandate.action_request_signature()
        page = mandate._signature_start()
        sandbox.sign(page, **signature_form(contract.partner_id, position))
        if not mandate._signature_refresh(start):
            raise DemoFailed(f"{mandate.name} was signed at the provider, but is not active here")
        contract.write({"collection_mode": "automatic", "mandate_id": mandate.id})


def signature_form(partner, position):
    """Return what a payer types into the hosted page."""
    name = partner.name.split()
    ibans = (
        "FR1420041010050500013M02606",
        "DE89370400440532013000",
        "FR7630006000011234567890189",
        "BE69001451234578",
    )
    return {
        "given_name": name[0],
        "family_name": " ".join(name[1:]) or name[0],
        "email": partner.email,
        "iban": ibans[position % len(ibans)],
    }


def bad_days(sandbox):
    """Choose what the banks and the network will do wrong."""
    rates = {
        "failed:AM04": 0.045,
        "failed:MS03": 0.01,
        "failed:AC04": 0.006,
        "failed:MD07": 0.002,
        "late:AM04": 0.01,
        "late:MS02": 0.004,
        "chargeback:MD06": 0.012,
        "chargeback:MD01": 0.003,
    }
    sandbox.control("outcomes", match="any", rates=rates, seed=7)
    for kind, probability in (("drop_after", 0.01), ("500", 0.01), ("html_200", 0.004)):
        sandbox.fault(kind, method="POST", path="^/payments$", probability=probability, seed=3)
    sandbox.control("webhooks/modes", shuffle=True, duplicate=True)
