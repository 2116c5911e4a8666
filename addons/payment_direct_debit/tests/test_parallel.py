import threading
import time

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import parallel


@tagged("post_install", "-at_install")
class TestParallel(BaseCase):
    def test_results_come_in_the_order_of_the_calls(self):
        calls = [lambda n=n: (time.sleep(0.02 * (3 - n)), n)[1] for n in range(4)]
        self.assertEqual(parallel.run(calls, parallelism=4), [0, 1, 2, 3])

    def test_one_call_that_fails_stops_no_other(self):
        for parallelism in (1, 3):
            with self.subTest(parallelism=parallelism):
                results = parallel.run(
                    [lambda: 1, lambda: 1 // 0, lambda: 3], parallelism=parallelism
                )
                self.assertEqual((results[0], results[2]), (1, 3))
                self.assertIsInstance(results[1], ZeroDivisionError)

    def test_with_one_at_a_time_everything_runs_in_the_calling_thread(self):
        threads = parallel.run([threading.get_ident] * 5, parallelism=1)
        self.assertEqual(set(threads), {threading.get_ident()})

    def test_several_run_at_once_and_never_more_than_asked(self):
        meeting, running, most = threading.Barrier(3, timeout=5), [], []

        def call():
            running.append(1)
            most.append(len(running))
            meeting.wait()
            running.pop()

        self.assertEqual(parallel.run([call] * 6, parallelism=3), [None] * 6)
        self.assertEqual(max(most), 3)

    def test_the_rate_limit_holds_over_all_threads_after_a_burst(self):
        per_second, beyond = 100, 30
        burst = int(per_second * parallel.BURST_SECONDS)
        pace = parallel.TokenBucket(per_second)
        start = time.monotonic()
        parallel.run([lambda: None] * (burst + beyond), parallelism=6, pace=pace)
        self.assertGreaterEqual(time.monotonic() - start, beyond / per_second * 0.9)

    def test_a_process_has_one_pace_for_each_key(self):
        key = object()
        first = parallel.bucket(key, 5)
        self.assertIs(parallel.bucket(key, 5), first)
        self.assertIsNot(parallel.bucket(key, 6), first, "the provider's limit has changed")

    def test_nothing_to_call_is_no_error(self):
        self.assertEqual(parallel.run([], parallelism=4), [])
