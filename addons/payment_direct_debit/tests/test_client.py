from datetime import date, datetime, timedelta
from functools import partial
from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import failures, seam
from odoo.addons.payment_direct_debit.client import OTHER_TERMS, BaseClient, find_since
from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
)


class Client(BaseClient):
    provider = "The bank"
    boundary = staticmethod(partial(failures.boundary, "The bank"))


@tagged("post_install", "-at_install")
class TestBaseClient(BaseCase):
    def setUp(self):
        super().setUp()
        self.client = Client()

    def _ended(self, problem, status):
        def action():
            if problem:
                raise problem

        return self.client._end(action, lambda: SimpleNamespace(status=status), seam.CANCELLED)

    def test_an_end_is_believed_when_it_is_read(self):
        self.assertEqual(self._ended(None, seam.ACCEPTED).status, seam.ACCEPTED)
        self.assertEqual(self._ended(DebitRefused("too late"), seam.CANCELLED).status, "cancelled")
        self.assertEqual(self._ended(DebitOutcomeUnknown("?"), seam.CANCELLED).status, "cancelled")

    def test_an_end_that_did_not_come_is_the_providers_refusal_or_unknown(self):
        with self.assertRaises(DebitRefused):
            self._ended(DebitRefused("too late"), seam.ACCEPTED)
        with self.assertRaises(DebitOutcomeUnknown):
            self._ended(KeyError("strange answer"), seam.ACCEPTED)
        with self.assertRaises(DebitRetryable):
            self._ended(DebitRetryable("busy"), seam.CANCELLED)

    def test_two_things_under_one_reference_are_for_a_person(self):
        self.assertIsNone(self.client._only([], "R-1"))
        self.assertEqual(self.client._only(["one"], "R-1"), "one")
        with self.assertRaises(DebitOutcomeUnknown):
            self.client._only(["one", "two"], "R-1")

    def test_ours_is_what_carries_our_reference(self):
        mine = {"id": 1, "metadata": {"odoo_ref": "R-1"}}
        others = [{"id": 2, "metadata": {"odoo_ref": "R-2"}}, {"id": 3, "metadata": None}, {}]
        self.assertEqual(self.client._ours([*others, mine], "R-1"), mine)
        self.assertIsNone(self.client._ours(others, "R-1"))
        with self.assertRaises(DebitOutcomeUnknown):
            self.client._ours([mine, mine], "R-1")

    def test_only_the_same_is_adopted(self):
        self.client._check_same("R-1", "PM1", (4990, "EUR"), (4990, "EUR"))
        with self.assertRaises(DebitOutcomeUnknown) as caught:
            self.client._check_same("R-1", "PM1", (4991, "EUR"), (4990, "EUR"))
        self.assertEqual(caught.exception.code, OTHER_TERMS)
        for word in ("another payment", "PM1", "R-1", "4991", "4990"):
            self.assertIn(word, str(caught.exception))

    def test_a_list_is_read_to_its_end_or_not_at_all(self):
        pages = {None: ([1, 2], "b"), "b": ([], "c"), "c": ([3], None)}
        self.assertEqual(self.client._read_to_the_end(pages.get), [1, 2, 3])
        circle = {None: ([1], "b"), "b": ([2], "b")}
        with self.assertRaises(DebitRetryable):
            self.client._read_to_the_end(circle.get)

    def test_an_attempt_is_looked_for_from_the_day_before_it_left(self):
        left = datetime(2026, 3, 2, 9, 30)
        order = seam.DebitOrder("R-1", "k", 100, "EUR", "M", date(2026, 3, 5), "", sent_at=left)
        self.assertEqual(find_since(order), left - timedelta(days=1))
        order = seam.DebitOrder("R-1", "k", 100, "EUR", "M", date(2026, 3, 5), "")
        self.assertLess(find_since(order), datetime.now() - timedelta(days=29))
