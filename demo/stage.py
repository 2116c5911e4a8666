"""Sets the stage: company, catalogue, provider, the bank's side, the import."""

import csv
import io
import itertools
from pathlib import Path

from odoo import Command

from demo import period, providers

HERE = Path(__file__).parent
# Where debits are posted, at any of the providers.
DEBITS = "^/(payments|payments/in|v1/payment_intents)$"
# Accounts of the clients who sign on the provider's page.
SIGNERS = (
    "FR1420041010050500013M02606",
    "DE89370400440532013000",
    "FR7630006000011234567890189",
    "BE69001451234578",
)
# Login and name of the sales reps.
REPS = {"claire": "Claire Aubry", "mehdi": "Mehdi Benali", "solene": "Solène Le Goff"}


class DemoFailed(Exception):
    """The stage could not be built; the message says what to mend."""


def build(env, sandboxes, web, start):
    """Make everything that the half year needs.

    :param env: Odoo's environment, superuser.
    :param dict sandboxes: {provider's code: its stand-in (sandbox.testing.Sandbox)}.
    :param str web: the address of the web server, where notifications go.
    :param date start: the first day of collection here; what was due before is not ours.
    """
    company(env)
    catalogue(env)
    connected = {
        code: providers.connect(env, providers.PROVIDERS[code], sandbox, web)
        for code, sandbox in sandboxes.items()
    }
    contracts = period.moved(read("contracts.csv"), start)
    mandates = period.moved(read("mandates.csv"), start)
    share_out(contracts, reps(env))
    open_accounts(sandboxes, contracts, mandates)
    take_over(env, contracts, mandates, start)
    for code, sandbox in sandboxes.items():
        sign_mandates(env, sandbox, connected[code], start)
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


def reps(env):
    """Make the sales reps; the password of each is the login.

    :return: their logins.
    """
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].create(
        [
            {
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "lang": "fr_FR",
                "group_ids": [Command.link(group.id)],
            }
            for login, name in REPS.items()
        ]
    )
    return users.mapped("login")


def share_out(contracts, logins):
    """Give each client to a sales rep: all contracts of a client to the same one."""
    clients = {row["client_code"] for row in contracts}
    rep_of = dict(zip(sorted(clients), itertools.cycle(logins), strict=False))
    for row in contracts:
        row["sales_rep"] = rep_of[row["client_code"]]


def open_accounts(sandboxes, contracts, rows):
    """Give the stand-ins the payers and mandates that the business already had there.

    :param dict sandboxes: {provider's code: its stand-in}; the clients are spread over them.
    :param list contracts: rows of contracts.csv.
    :param list rows: rows of mandates.csv; each is told the provider that holds it and its id
        there.
    """
    clients = {row["client_code"]: row for row in contracts}
    codes = list(sandboxes)
    for position, code in enumerate(codes):
        share = rows[position :: len(codes)]
        seeded = sandboxes[code].seed([payer(row, clients[row["client_code"]]) for row in share])
        for row, made in zip(share, seeded, strict=True):
            row.update(provider=code, provider_mandate=made["mandate"])


def payer(row, client):
    """Return what a stand-in wants to know of a payer."""
    name = "company" if client["kind"] == "company" else "name"
    return {
        name: client["client"],
        "email": client["email"],
        "iban": row["iban"],
        "reference": row["rum"],
    }


def read(name):
    """Return the rows of a file of the demo."""
    with (HERE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def take_over(env, contracts, mandates, start):
    """Import the contracts and the mandates as the wizard does."""
    files = {"contracts.csv": as_csv(contracts), "mandates.csv": as_csv(mandates)}
    for name, content in files.items():
        report = env["crm.contract.import"]._run_file(name, content, bill_from=start)
        if report.rejected:
            raise DemoFailed(f"{name}: {report.rejected}")
        print(f"  {name}: {report.created} imported")


def as_csv(rows):
    """Return rows as the bytes of a file like demo/mandates.csv."""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def sign_mandates(env, sandbox, provider, start):
    """Let some clients sign on the provider's hosted page, as their browser would."""
    contracts = env["crm.contract"].search(
        [("state", "=", "active"), ("collection_mode", "=", "one_off")], limit=len(SIGNERS)
    )
    for position, contract in enumerate(contracts):
        mandate = env["payment.mandate"].create(
            {"partner_id": contract.partner_id.id, "provider_id": provider.id}
        )
        mandate.action_request_signature()
        page = mandate._signature_start()
        form = providers.PROVIDERS[provider.code].form
        sandbox.sign(page, **form(contract.partner_id, SIGNERS[position]))
        if not mandate._signature_refresh(start):
            raise DemoFailed(f"{mandate.name} was signed at the provider, but is not active here")
        contract.write({"collection_mode": "automatic", "mandate_id": mandate.id})


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
        sandbox.fault(kind, method="POST", path=DEBITS, probability=probability, seed=3)
    sandbox.control("webhooks/modes", shuffle=True, duplicate=True)
