"""Documents with their links; a link that is there is a permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .const import CREDITOR, RELATION
from .entry import link
from .state import File, Issue, Mandate, Order, Payment, Row

if TYPE_CHECKING:
    from .engine import Engine


class Views:
    """Shows rows to a client that reaches the server at ``base``."""

    def __init__(self, engine: Engine, base: str) -> None:
        self.engine = engine
        self.base = base

    def show(self, doc: dict, path: str, **relations: str) -> dict:
        """``doc`` without its nulls under ``path``; ``relations``: name with "_" for "-"."""
        found = {
            RELATION + name.replace("_", "-"): link(self.base + href)
            for name, href in relations.items()
        }
        shown = {name: value for name, value in doc.items() if value is not None}
        return {"_links": {"self": link(self.base + path), **found}, **shown}

    def creditor(self) -> dict:
        """The app's creditor."""
        return self.show({"reference": CREDITOR, "name": "Vision"}, f"/creditors/{CREDITOR}")

    def _of_creditor(self, subscriber: str | None = None) -> dict:
        path = f"/creditors/{CREDITOR}"
        found = {"get_creditor": path}
        if subscriber is not None:
            found["get_subscriber"] = f"{path}/subscribers/{subscriber}"
        return found

    def subscriber(self, row: Row) -> dict:
        """A subscriber."""
        path = f"/creditors/{CREDITOR}/subscribers/{row.id}"
        return self.show(row.doc, path, **self._of_creditor())

    def order(self, row: Order) -> dict:
        """An order; what leads to the checkout goes away with its end."""
        path = f"/orders/{row.id}"
        relations = {
            **self._of_creditor(),
            "get_subscriber": f"{path}/subscriber",
            "get_order_items": f"{path}/order-items",
        }
        if row.doc["state"].startswith("open"):
            code = self.engine.orders.access_code(row)
            extended = (
                f"/creditors/{CREDITOR}/orders/{row.reference}/extended-user-approval{{?mode}}"
            )
            relations |= {
                "user_approval": f"/userApproval?accessCode={code}",
                "extended_user_approval": extended,
                "cancel_order": f"{path}/cancellation",
            }
        if row.mandate:
            relations["get_mandate"] = f"/mandates/{row.mandate}"
        if row.payments:
            relations["get_payment"] = f"/payments/{row.payments[0]}"
        return self.show(row.doc, path, **relations)

    def order_item(self, row: Order, position: int) -> dict:
        """One item of an order."""
        item = row.items[position]
        doc = {"id": f"{row.id}-{position}", "type": item["type"], "action": item["action"]}
        relations = {"get_order": f"/orders/{row.id}"}
        if item["type"] == "signMandate" and row.mandate:
            relations["get_mandate"] = f"/mandates/{row.mandate}"
        return self.show(doc, f"/order-items/{row.id}-{position}", **relations)

    def mandate(self, row: Mandate) -> dict:
        """A mandate."""
        path = f"/mandates/{row.id}"
        relations = {
            **self._of_creditor(row.subscriber),
            "get_signatory": f"{path}/signatory",
            "get_document": f"{path}/document",
            "get_binary_content": f"{path}/document",
            "get_bank_account": f"{path}/bank-account",
            "show_bank_accounts_history": f"{path}/bank-accounts{{?page,size}}",
        }
        if row.doc["state"] == "active":
            relations["revoke_mandate"] = f"{path}/revocation"
            relations["update_bank_account"] = f"{path}/bank-accounts"
        elif row.doc["state"] == "waitingForReference":
            relations["patch_mandate"] = path
        return self.show(row.doc, path, **relations)

    def bank_account(self, doc: dict, mandate: str | None) -> dict:
        """A bank account."""
        relations = {"get_mandate": f"/mandates/{mandate}"} if mandate else {}
        return self.show(doc, f"/bank-accounts?id={doc['id']}", **relations)

    def payment(self, row: Payment) -> dict:
        """A debit or a refund."""
        path = f"/payments/{row.id}"
        state, payments = self.engine.state, self.engine.payments
        relations = {
            **self._of_creditor(row.subscriber),
            "get_mandate": f"/mandates/{row.mandate}",
            "get_debtor_bank_account": f"{path}/debtor-bank-account",
            "get_origin_bank_account": f"{path}/origin-bank-account",
            "get_destination_bank_account": f"{path}/destination-bank-account",
        }
        if row.doc["direction"] == "IN":
            if row.status in ("toprocess", "toreplay"):
                relations["patch_payment"] = path
            if payments.may_cancel(row):
                relations["cancel_payment"] = f"{path}/cancellation"
            if self.engine.payouts.refunds_of(row):
                relations["get_refunds"] = f"{path}/refunds"
        elif original := self.engine.payouts.refunded(row):
            relations["get_refunded_payment"] = f"/payments/{original.id}"
        if state.payment_issues.where("payment", row.id):
            relations["get_payment_issues"] = f"{path}/issues"
        return self.show(row.doc, path, **relations)

    def issue(self, row: Issue) -> dict:
        """An R-transaction."""
        path = f"/payment-issues/{row.id}"
        relations = {
            **self._of_creditor(row.subscriber),
            "get_payment": f"/payments/{row.payment}",
        }
        if row.doc["executionStatus"] == "toprocess":
            relations["ack_payment_issue"] = f"{path}/acknowledgement"
        return self.show(row.doc, path, **relations)

    def file(self, row: File) -> dict:
        """A file."""
        path = f"/files/{row.id}"
        return self.show(
            row.doc, path, **self._of_creditor(), get_binary_content=f"{path}/binary-content"
        )

    def webhook(self, row: Row) -> dict:
        """A webhook configuration; its secret was shown once."""
        doc = {name: value for name, value in row.doc.items() if name != "secret"}
        path = f"/v1/webhook-configurations/{row.id}"
        return self.show(doc, path, update_webhook=path, delete_webhook=path)
