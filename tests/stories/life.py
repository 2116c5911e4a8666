"""Anything that can happen to a few debtors of the demo bank, one day after the other."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from odoo.addons.payment_direct_debit.pure import target_calendar

CLIENTS = 3
# Long enough for a bank to say its last word, and for the policy to say what comes next.
CALM_DAYS = 10
REASONS = ("AM04", "MS03", "AC04", "MD06", "MD01", "AC06", "XX99")

reason = st.sampled_from(REASONS)
# On the way there: none, or a few, of what can go wrong before the bank has a debit.
way = st.lists(
    st.sampled_from(["lost_before", "timeout", "retryable:5", "lost", "lost,silent"]), max_size=2
)
never_there = st.one_of(
    reason.map("refuse:{}".format),
    # Let in again, the bank collects; or it takes the debit and never says a word about it.
    st.sampled_from(["misconfigured,collect", "misconfigured", "wrong_amount", "unmapped"]),
)
settled = st.one_of(
    st.sampled_from(["collect", "collect,pay_out", "cancel", "fail:MS03,retry,collect"]),
    reason.map("fail:{}".format),
    reason.map("collect,return:{}".format),
    reason.map("collect,pay_out,return:{}+9".format),
    reason.map("collect,return:{},collect".format),
)
attempt = st.tuples(way, st.one_of(settled, settled, settled, never_there)).map(
    lambda parts: ",".join([*parts[0], parts[1]])
)
script = st.lists(attempt, min_size=1, max_size=3).map(" ; ".join)
news = st.sampled_from(["told", "told", "twice", "backwards", "lost"])
# At which commit, or answer of the bank, the process dies; and whether just before or after it.
death = st.one_of(st.none(), st.tuples(st.integers(1, 12), st.booleans()))


class Life(RuleBasedStateMachine):
    """The rules; `case` is the test, which lives the days and asks the questions."""

    case = None

    def __init__(self):
        super().__init__()
        self.savepoint = self.case.env.cr.savepoint()
        self.case.begin()
        self.due = []

    @initialize(
        scripts=st.lists(script, min_size=CLIENTS, max_size=CLIENTS),
        delays=st.lists(st.integers(0, 6), min_size=CLIENTS, max_size=CLIENTS),
        shared=st.booleans(),
    )
    def clients_owe(self, scripts, delays, shared):
        """Several clients; perhaps two installments on one mandate."""
        for text, delay in zip(scripts, delays, strict=True):
            day = self.case.day + timedelta(days=2 + delay)
            self.due.append(self.case.owed(text, day))
        if shared:
            self.due.append(self.case.owed_too(self.due[0]))

    @rule(news=news, death=death)
    def a_day_passes(self, news, death):
        self.case.next_day(news, death)

    @rule(days=st.integers(2, 4))
    def days_pass(self, days):
        for _day in range(days):
            self.case.next_day("told")

    @rule(data=st.data())
    def a_client_pays_by_link(self, data):
        payable = [i for i in self.due if self.case.is_payable(i)]
        if payable:
            self.case.pay_online(data.draw(st.sampled_from(payable)))

    @rule(which=st.integers(0, CLIENTS - 1))
    def a_person_collects_again(self, which):
        installment = self.due[which]
        if installment.state == "unpaid":
            installment.action_retry()

    @rule(which=st.integers(0, CLIENTS - 1))
    def a_person_holds_or_releases(self, which):
        installment = self.due[which]
        if installment.state == "held":
            installment.action_release()
        elif installment.state in ("planned", "unpaid"):
            installment.action_hold()

    @rule(kind=st.sampled_from(["deaf", "mute"]))
    def the_bank_falls_silent(self, kind):
        self.case.provider.demo_debit_outage = kind

    @precondition(lambda self: self.case.provider.demo_debit_outage)
    @rule()
    def the_bank_is_back(self):
        self.case.provider.demo_debit_outage = False

    @rule()
    def a_person_corrects_the_access(self):
        if self.case.provider.debit_paused:
            self.case.provider.action_debit_resume()

    @invariant()
    def never_two_live_attempts(self):
        self.case.assert_one_live_attempt()
        self.case.assert_never_paid_twice()

    def teardown(self):
        """Some quiet days, then everything has to be in order."""
        try:
            if self.due:
                self.calm()
        finally:
            self.case.end()
            with suppress(Exception):  # the database has the word about a savepoint that is gone
                self.savepoint.close(rollback=True)
            self.case.env.invalidate_all(flush=False)

    def calm(self):
        self.case.provider.demo_debit_outage = False
        self.a_person_corrects_the_access()
        last = target_calendar.add_target_days(self.case.day, CALM_DAYS)
        while self.case.day < last:
            self.a_person_corrects_the_access()
            self.case.next_day("told")
            self.never_two_live_attempts()
        self.case.assert_sound()
