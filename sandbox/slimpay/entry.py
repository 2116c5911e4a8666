"""The entry point: every relation with its RFC 6570 template, as listed in 2024."""

import re

from .const import PROFILE, RELATION

LISTING = """
post-token /oauth/token
create-orders /orders
get-orders /orders{?creditorReference,reference}
search-order-by-id /orders/{id}
search-orders /orders{?id,creditorReference,entityReference,subscriberReference,reference,state,type,dateCreatedBefore,dateCreatedAfter,embed,withPageMetadata,page,size}
get-creditors /creditors{?reference}
create-mandates /mandates
get-mandates /mandates{?creditorReference,reference,rum,id,paymentScheme}
search-mandates /mandates{?creditorReference,entityReference,subscriberReference,mandateReference,paymentScheme,creationChannel,dateSignedBefore,dateSignedAfter,state,iban,signatoryLastName,signatoryEmail,companyName,embed,withPageMetadata,page,size}
create-documents /documents
get-documents /documents{?creditorReference,entityReference,reference}
create-payins /payments/in
create-payouts /payments/out
search-payments /payments{?creditorReference,entityReference,subscriberReference,mandateReference,cardAliasReference,scheme,direction,reference,category,currency,state,executionStatus,processor,executionDateBefore,executionDateAfter,embed,withPageMetadata,page,size}
search-payment-by-id /payments/{id}
search-payment-issues /payment-issues{?creditorReference,entityReference,subscriberReference,scheme,currency,executionStatus,dateCreatedBefore,dateCreatedAfter,withPageMetadata,page,size}
search-payment-issue-by-id /payment-issues/{id}
create-direct-debits /direct-debits
get-direct-debits /direct-debits{?id}
search-direct-debits /direct-debits{?creditorReference,entityReference,subscriberReference,mandateReference,paymentReference,currency,executionDateBefore,executionDateAfter,withPageMetadata,page,size}
search-direct-debit-issues /direct-debit-issues{?creditorReference,entityReference,subscriberReference,currency,executionStatus,dateCreatedBefore,dateCreatedAfter,withPageMetadata,page,size}
get-direct-debit-issues /direct-debit-issues{?id}
create-recurrent-direct-debits /recurrent-direct-debits
get-recurrent-direct-debits /recurrent-direct-debits{?id}
search-recurrent-direct-debits /recurrent-direct-debits{?creditorReference,entityReference,subscriberReference,reference,currency,activated,frequency,dateFromBefore,dateFromAfter,withPageMetadata,page,size}
create-credit-transfers /credit-transfers
get-credit-transfers /credit-transfers{?id}
search-credit-transfers /credit-transfers{?creditorReference,entityReference,subscriberReference,mandateReference,paymentReference,currency,executionDateBefore,executionDateAfter,page,size}
get-card-aliases /card-aliases{?id}
search-card-aliases /card-aliases{?creditorReference,entityReference,subscriberReference,reference,status,withPageMetadata,page,size}
search-card-by-id /cards/{id}
get-recurrent-card-transactions /recurrent-card-transactions{?id}
search-recurrent-card-transactions /recurrent-card-transactions{?creditorReference,entityReference,subscriberReference,reference,currency,activated,frequency,dateFromBefore,dateFromAfter,page,size}
create-recurrent-card-transactions /recurrent-card-transactions
get-card-transaction-issues /card-transaction-issues{?id}
search-bank-account-by-id /bank-accounts{?id}
search-balances /balances{?creditorReference,entityReference,currency,lastCalculated,page,size}
search-order-item-by-id /order-items/{id}
search-subscribers /subscribers{?creditorReference,entityReference,reference,withPageMetadata,page,size}
search-report /reports{?creditorReference,entityReference,dateFrom,dateTo}
search-document-by-id /documents/{id}
search-documents /documents/search{?creditorReference,status,creationDateBefore,creationDateAfter,documentReference,publicReference,subscriberReference,signatoryLastName,signatoryEmail,withPageMetadata,page,size}
search-document-templates /document-templates{?creditorReference,page,size}
create-document-template /document-templates
search-document-template-by-id /document-templates/{id}
search-mandate-templates /mandate-templates{?creditorReference,page,size}
create-mandate-template /mandate-templates
search-mandate-template-by-id /mandate-templates/{id}
search-files /files{?creditorReference,name,creationDateBefore,creationDateAfter,flow,category,status,state,withPageMetadata,page,size}
search-file-by-id /files/{id}
create-file /files{?creditorReference}
create-webhook /v1/webhook-configurations
get-webhook /v1/webhook-configurations/{id}
get-webhooks /v1/webhook-configurations{?creditorReference}
"""  # noqa: E501
TEMPLATES = dict(line.split(" ") for line in LISTING.strip().splitlines())
QUERY = re.compile(r"\{\?([^}]*)\}")


def link(href: str) -> dict:
    """A HAL link; a template says that it is one."""
    return {"href": href, "templated": True} if "{" in href else {"href": href}


def entry_point(base: str) -> dict:
    """The document at the root."""
    links = {RELATION + name: link(base + path) for name, path in TEMPLATES.items()}
    profile = link(base + PROFILE.removeprefix("https://api.slimpay.net"))
    return {"_links": {"self": link(base + "/"), "profile": profile, **links}}


def query_names(path: str) -> frozenset[str]:
    """The query parameters of all relations of ``path``."""
    found: set[str] = set()
    for template in TEMPLATES.values():
        if QUERY.sub("", template) == path and (match := QUERY.search(template)):
            found.update(match[1].split(","))
    return frozenset(found)
