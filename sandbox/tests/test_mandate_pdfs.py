"""Mandates as PDF files."""

import gocardless_pro.errors as gc
import pytest
import requests

from .common import payer


def link(client, mandate):
    return client.mandate_pdfs.create(params={"links": {"mandate": mandate}}).url


def read(url):
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=30)


def test_the_link_leads_to_a_pdf_without_a_token(sandbox, client):
    answer = read(link(client, payer(sandbox)))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4")
    assert b"Mandat de prelevement SEPA" in answer.content


def test_the_link_expires(sandbox, client):
    url = link(client, payer(sandbox))
    sandbox.advance("2026-01-20")
    assert read(url).status_code == 410
    assert read(url.replace("token=", "token=X")).status_code == 404


def test_an_unknown_mandate_is_refused(client):
    with pytest.raises(gc.InvalidApiUsageError):
        link(client, "MD000NONE")
