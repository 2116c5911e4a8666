"""Two workers over one debit: two real connections, two threads, rows that are on disk."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from threading import Barrier

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests.common import get_db_name

from .world import CHARGE_DAY, IBAN, MONDAY

# What a debit on disk leaves behind, in the order in which it may go.
LEFT_BEHIND = ("payment_transaction", "payment_token", "payment_mandate", "payment_provider")


class Workers:
    """Mixed into a provider's world and `BaseCase`: no transaction of a test may be open."""

    def test_of_two_workers_on_one_debit_one_sends_it(self):
        with self._on_disk(8) as ids:
            self.sandbox.fault("slow", seconds=0.2, count=None, **self.SEND)
            start = Barrier(2)
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda _worker: self._work(ids, start), range(2)))
            self._work(ids, Barrier(1))  # what a worker that gave way left for the next
            with self._real_cursor() as env:
                debits = env["payment.transaction"].browse(ids)
                self.assertEqual(set(debits.mapped("debit_status")), {"submitted"})
                names = [self.reference_of(debit) for debit in debits]
            there = [self.reference_there(row) for row in self.sandbox.payments()]
            self.assertEqual(sorted(there), sorted(names))
            self.assertEqual(len(self._posts()), len(ids))

    def _work(self, ids, start):
        """One worker's turn. Where the other one was quicker it gives way, as a cron does."""
        with self._real_cursor() as env:
            debits = env["payment.transaction"].browse(ids)
            start.wait(10)
            try:
                debits._debit_send(MONDAY)
            except psycopg2.errors.SerializationFailure:
                env.cr.rollback()

    @contextmanager
    def _real_cursor(self):
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @contextmanager
    def _on_disk(self, count):
        """Commit debits of a provider of their own; everything is taken away again."""
        with self._real_cursor() as env:
            made = self._make_on_disk(env, count)
            env.cr.commit()  # the two workers have connections of their own
        try:
            yield made["payment_transaction"]
        finally:
            self._take_away(made)

    def _make_on_disk(self, env, count):
        parameters = env["ir.config_parameter"]
        address = parameters.get_param(self.address_parameter)
        parameters.set_param(self.address_parameter, self.sandbox.url)
        partner = env["res.partner"].create({"name": "Two workers"})
        provider = env["payment.provider"].create(
            {
                "name": "Two workers",
                "code": self.code,
                "state": "test",
                **self.provider_values(),
            }
        )
        values = {
            "name": self.mandate_name(self.MANDATE),
            "partner_id": partner.id,
            "iban": IBAN,
            "scheme": "core",
            "signed_on": date(2026, 1, 5),
            "provider_id": provider.id,
            "provider_ref": self.MANDATE,
            "company_id": provider.company_id.id,
        }
        (mandate,) = env["payment.mandate"]._register_existing([values], MONDAY)
        debits = env["payment.transaction"]._debit_create(
            [
                {
                    "mandate_id": mandate.id,
                    "partner_id": partner.id,
                    "amount": 10.0 + number,
                    "currency_id": env.ref("base.EUR").id,
                    "reference": f"WORKERS-{provider.id}-{number}",
                    "debit_requested_date": CHARGE_DAY,
                    "debit_description": "Two workers",
                }
                for number in range(count)
            ]
        )
        return {
            "payment_transaction": debits.ids,
            "payment_token": mandate.token_ids.ids,
            "payment_mandate": mandate.ids,
            "payment_provider": provider.ids,
            "res_partner": partner.ids,
            "address": address,
        }

    def _take_away(self, made):
        """Debits are proof, and no method deletes them."""
        with self._real_cursor() as env:
            for table in LEFT_BEHIND:
                env.cr.execute(f"DELETE FROM {table} WHERE id IN %s", [tuple(made[table])])
            for model in ("payment.transaction", "payment.mandate", "payment.provider"):
                ids = made[model.replace(".", "_")]
                env["payment.history"].search(
                    [("res_model", "=", model), ("res_id", "in", ids)]
                ).unlink()
            env["res.partner"].browse(made["res_partner"]).unlink()
            env["ir.config_parameter"].set_param(self.address_parameter, made["address"])
            env.cr.commit()  # as they were committed
