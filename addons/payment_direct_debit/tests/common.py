from datetime import date

from odoo import SUPERUSER_ID, Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

DAY = date(2026, 3, 4)
SIGNED = date(2026, 1, 2)


class EngineCommon(BaseCommon):
    """A provider without bank behind it, a finance user, and records put where a test needs them.

    What needs a bank that answers is tested in the addon of the scriptable provider.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=SUPERUSER_ID)
        cls.finance = new_test_user(
            cls.env,
            "finance",
            password="finance-password",
            groups="payment_direct_debit.group_payment_user",
        )
        cls.debtor = cls.env["res.partner"].create({"name": "Debtor", "is_company": True})
        cls.method = cls.env.ref("payment.payment_method_sepa_direct_debit")
        cls.provider = cls.env["payment.provider"].create(
            {"name": "No bank", "code": "none", "payment_method_ids": [Command.set(cls.method.ids)]}
        )

    @classmethod
    def _mandate(cls, state="draft", **values):
        mandate = cls.env["payment.mandate"].create(
            {
                "partner_id": cls.debtor.id,
                "provider_id": cls.provider.id,
                "signed_on": SIGNED,
                **values,
            }
        )
        if state != "draft":
            mandate._state_write({"provider_mandate_ref": f"MD-{mandate.id}"})
            for step in ("to_sign", "active", state):
                mandate._set_state(step, on=SIGNED)
        return mandate

    @classmethod
    def _debit(cls, status="draft", partner=None, **values):
        mandate = cls._mandate("active")
        mandate._ensure_tokens()
        return (
            cls.env["payment.transaction"]
            ._state_writer()
            .create(
                {
                    "provider_id": cls.provider.id,
                    "payment_method_id": cls.method.id,
                    "token_id": mandate.token_ids.id,
                    "mandate_id": mandate.id,
                    "partner_id": (partner or cls.debtor).id,
                    "amount": 10.0,
                    "currency_id": cls.env.ref("base.EUR").id,
                    "reference": f"ENGINE-{mandate.id}",
                    "operation": "offline",
                    "debit_status": status,
                    **values,
                }
            )
            .with_env(cls.env)
        )
