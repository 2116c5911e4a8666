"""Write the demonstration files: ``python -m demo.make_csv``.

The content depends on SEED alone: two runs write the same bytes. Names are drawn from lists and
fictional; SIREN numbers begin with 000, a range that INSEE does not give; IBANs have right keys
and point to no account that exists.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from demo.demo_names import (
    CITIES,
    COMPANY_ACTIVITIES,
    COMPANY_NAMES,
    FIRST_NAMES,
    LAST_NAMES,
    PRODUCTS,
    STREETS,
)

SEED = 20260101
HERE = Path(__file__).parent
COMPANIES, PEOPLE, SECOND_CONTRACTS = 95, 80, 50

CONTRACT_COLUMNS = (
    "reference;line;client_code;client;kind;siret;email;phone;street;zip;city;country;product;label"
    ";quantity;unit_price;discount;tax;signed_on;start_date;end_date;billing_period;billing_day"
    ";collection_mode;sales_rep"
).split(";")
MANDATE_COLUMNS = "rum;client_code;iban;scheme;signed_on;provider;provider_mandate".split(";")
# Common days, and those that short months do not have.
BILLING_DAYS = (1, 1, 5, 5, 5, 8, 10, 10, 15, 15, 20, 25, 28, 29, 30, 30, 31, 31)
FRENCH_BANKS = (("30006", "00001"), ("20041", "01005"), ("12345", "98765"), ("17569", "00031"))


def luhn_complete(digits: str) -> str:
    """Return ``digits`` with the check digit that makes the Luhn sum a multiple of ten."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"


def siret(number: int) -> str:
    """Return a SIRET whose SIREN and whose whole both satisfy Luhn."""
    return luhn_complete(f"{luhn_complete(f'000{number:05d}')}0001")


def with_iban_key(country: str, bban: str) -> str:
    """Return the IBAN of a national number: ISO 13616, modulo 97."""
    digits = "".join(str(int(char, 36)) for char in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def french_iban(rng: random.Random) -> str:
    """Return a French IBAN with the right RIB key (97 - (89 bank + 15 branch + 3 account) % 97)."""
    bank, branch = rng.choice(FRENCH_BANKS)
    account = f"{rng.randrange(10**11):011d}"
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return with_iban_key("FR", f"{bank}{branch}{account}{key:02d}")


def foreign_iban(rng: random.Random, country: str) -> str:
    """Return a German, Belgian or Luxembourg IBAN; Belgian accounts have a key of their own."""
    if country == "DE":
        return with_iban_key("DE", f"37040044{rng.randrange(10**10):010d}")
    if country == "BE":
        account = f"001{rng.randrange(10**7):07d}"
        return with_iban_key("BE", f"{account}{int(account) % 97 or 97:02d}")
    return with_iban_key("LU", f"001{rng.randrange(10**13):013d}")


def ascii_name(name: str) -> str:
    """Return a name as the local part of an e-mail address."""
    table = str.maketrans("àâäçéèêëîïôöùûüÿ", "aaaceeeeiioouuuy")
    kept = name.lower().translate(table).replace("œ", "oe")
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in kept).split()
    return ".".join(words)


def make_clients(rng: random.Random) -> list[dict[str, str]]:
    """Return the clients, companies first, with the columns of contracts.csv."""
    names = rng.sample([f"{a} {n}" for a in COMPANY_ACTIVITIES for n in COMPANY_NAMES], COMPANIES)
    people = rng.sample([f"{f} {n}" for f in FIRST_NAMES for n in LAST_NAMES], PEOPLE)
    clients = []
    for index, name in enumerate(names + people, 1):
        is_company = index <= COMPANIES
        zip_code, city = rng.choice(CITIES)
        clients.append(
            {
                "client_code": f"C{index:04d}",
                "client": name,
                "kind": "company" if is_company else "person",
                "siret": siret(index * 7) if is_company else "",
                "email": f"{ascii_name(name)}@example.com",
                # 01 99 00 xx xx: numbers that ARCEP keeps for fiction.
                "phone": f"01 99 00 {rng.randrange(100):02d} {rng.randrange(100):02d}",
                "street": f"{rng.randrange(1, 140)} {rng.choice(STREETS)}",
                "zip": zip_code,
                "city": city,
                "country": "FR",
            }
        )
    return clients


def add_months(day: date, months: int) -> date:
    """Return the first day of a month moved by whole months."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def contract_terms(rng: random.Random, index: int) -> dict[str, str]:
    """Return the dates and the rhythm of the contract number ``index``."""
    period = "yearly" if index % 15 == 7 else "quarterly" if index % 8 == 4 else "monthly"
    start = date(2025, 9, 1) + timedelta(days=rng.randrange(0, 227))
    if index % 3:
        start = start.replace(day=1)
    end = ""
    if period == "monthly" and index % 16 == 2:
        start = start.replace(day=1)
        # Most end with a period, some in the middle of one.
        last = add_months(date(2026, 3, 1), rng.randrange(0, 4)) - timedelta(days=1)
        end = str(last if index % 32 == 2 else last.replace(day=rng.randrange(8, 24)))
        if str(start) > end:
            start = date(2025, 11, 1)
    return {
        "signed_on": str(start - timedelta(days=rng.randrange(3, 40))),
        "start_date": str(start),
        "end_date": end,
        "billing_period": period,
        "billing_day": str(rng.choice(BILLING_DAYS)),
    }


def contract_line(rng: random.Random, kind: str, period: str) -> dict[str, str]:
    """Return one line: a product for this kind of client at a price of the period."""
    months = {"monthly": 1, "quarterly": 3, "yearly": 12}[period]
    products = [product for product in PRODUCTS if kind in product["kinds"]]
    product = rng.choice(products)
    cents = rng.choice(product["prices"]) * months
    quantity = rng.choice((1, 1, 1, 2, 3)) if kind == "company" and cents < 15000 else 1
    return {
        "product": product["code"],
        "label": rng.choice(product["labels"]),
        "quantity": str(quantity),
        # The former system writes a decimal comma.
        "unit_price": f"{cents // 100},{cents % 100:02d}",
        "discount": rng.choice(("", "", "", "", "5", "10", "12,5")),
        "tax": product["tax"],
    }


def make_contracts(rng: random.Random, clients: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of contracts.csv."""
    takers = [*clients, *rng.sample(clients[:150], SECOND_CONTRACTS)]
    # The last clients have one contract only: those who pay by themselves are among them.
    one_off = {client["client_code"] for client in clients[160:175:3] + clients[151:160:2]}
    rows = []
    for index, client in enumerate(takers, 1):
        terms = contract_terms(rng, index)
        mode = "one_off" if client["client_code"] in one_off else "automatic"
        for line in range(1, 3 if index % 14 == 5 else 2):
            rows.append(
                {
                    "reference": f"AB-{2025 + (terms['start_date'] > '2026')}-{index:04d}",
                    "line": str(line),
                    **client,
                    **contract_line(rng, client["kind"], terms["billing_period"]),
                    **terms,
                    "collection_mode": mode,
                    "sales_rep": "",
                }
            )
    return rows


def make_mandates(rng: random.Random, contracts: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return one row of mandates.csv for each client who is debited."""
    signed: dict[str, str] = {}
    for row in contracts:
        if row["collection_mode"] == "automatic":
            code = row["client_code"]
            signed[code] = min(signed.get(code, row["signed_on"]), row["signed_on"])
    foreign = dict(zip(sorted(signed)[10::19], "DE BE LU DE BE LU DE BE".split(), strict=False))
    return [
        {
            "rum": f"AB-{code}-01",
            "client_code": code,
            "iban": foreign_iban(rng, foreign[code]) if code in foreign else french_iban(rng),
            "scheme": "core",
            "signed_on": signed[code],
            "provider": "gocardless",
            "provider_mandate": f"MD000D{number:04d}",
        }
        for number, code in enumerate(sorted(signed), 1)
    ]


def bad_contracts(good: dict[str, str]) -> list[dict[str, str]]:
    """Return good rows and one row for each error that a row can have."""
    wrong = [
        {"product": "INCONNU"},
        {"start_date": "31/02/2026"},
        {"start_date": "mars 2026"},
        {"unit_price": "-12,00"},
        {"unit_price": "19,999"},
        {"unit_price": "douze"},
        {"quantity": "0"},
        {"discount": "120"},
        {"tax": "19"},
        {"end_date": "2025-01-31"},
        {"billing_day": "32"},
        {"billing_period": "weekly"},
        {"collection_mode": "cash"},
        {"siret": "00000001234567"},
        {"email": "sans-arobase"},
        {"country": "France"},
        {"client": ""},
        {"sales_rep": "personne@example.com"},
        {"start_date": ""},
    ]
    rows = [
        {**good, "reference": f"BAD-{index:02d}", "client_code": f"B{index:04d}", **change}
        for index, change in enumerate(wrong, 1)
    ]
    formula = {"reference": "OK-01", "client_code": "B0100", "client": '=HYPERLINK("x";"y")'}
    rows.append({**good, **formula})
    # One reference twice on the same line, and one contract whose second line is bad.
    double = {**good, "reference": "BAD-DOUBLE", "client_code": "B0200"}
    half = {**good, "reference": "BAD-HALF", "client_code": "B0300"}
    differs = {**good, "reference": "BAD-OTHER", "client_code": "B0100", "client": "Autre nom"}
    return [*rows, double, double, half, {**half, "line": "2", "unit_price": "x"}, differs]


def bad_mandates(good: dict[str, str]) -> list[dict[str, str]]:
    """Return a good row and one row for each error that a mandate can have."""
    wrong = [
        {"iban": f"{good['iban'][:-1]}{(int(good['iban'][-1]) + 1) % 10}"},
        {"signed_on": ""},
        {"signed_on": "2099-01-01"},
        {"client_code": "C9999"},
        {"scheme": "cor1"},
        {"rum": "//double"},
        {"provider": "nobody"},
        {"provider_mandate": ""},
    ]
    rows = [{**good, "rum": f"BAD-{index:02d}", **change} for index, change in enumerate(wrong, 1)]
    rows[5]["rum"] = "//double"
    return [good, *rows, {**good, "rum": good["rum"].lower()}]


def write(name: str, columns: Sequence[str], rows: Iterable[dict[str, str]], sep: str) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, columns, delimiter=sep, lineterminator="\n", extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    rng = random.Random(SEED)
    clients = make_clients(rng)
    contracts = make_contracts(rng, clients)
    mandates = make_mandates(rng, contracts)
    products = [
        {
            "default_code": product["code"],
            "name": product["name"],
            "list_price": f"{product['prices'][0] / 100:.2f}",
            "type": "service",
        }
        for product in PRODUCTS
    ]
    write("products.csv", ("default_code", "name", "list_price", "type"), products, ",")
    write("contracts.csv", CONTRACT_COLUMNS, contracts, ";")
    write("mandates.csv", MANDATE_COLUMNS, mandates, ";")
    write("bad_contracts.csv", CONTRACT_COLUMNS, bad_contracts(contracts[0]), ";")
    write("bad_mandates.csv", MANDATE_COLUMNS, bad_mandates(mandates[0]), ";")


if __name__ == "__main__":
    main()
