from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import routing
from odoo.addons.payment_collection.pure import routing_data as data
from odoo.addons.payment_collection.pure.costs import Cost, failure_rate
from odoo.addons.payment_collection.pure.routing_data import (
    Candidate,
    Past,
    ProviderState,
    Rule,
    Usage,
)

A, B, C = 1, 2, 3
PROVIDERS = {number: ProviderState(number, f"PSP {number}") for number in (A, B, C)}


def candidate(key="EC1", cents=10_000, registered=(A, B), **values):
    return Candidate(key=key, amount_cents=cents, registered=registered, **values)


def rule(provider=B, number=10, **values):
    return Rule(id=number, name=f"Rule {number}", provider=provider, **values)


def decide(debit, *rules, providers=PROVIDERS, usage=None):
    return routing.decide(debit, rules, providers, usage or Usage())


def codes(decision):
    return [step.code for step in decision.steps]


@tagged("post_install", "-at_install")
class TestConditions(BaseCase):
    def chosen(self, debit, **conditions):
        decision = decide(debit, rule(**conditions))
        return decision.provider == B, codes(decision)[0]

    def test_each_condition_passes_a_debit_over_and_says_why(self):
        cases = (
            ({"min_cents": 10_001}, "amount_below"),
            ({"max_cents": 9_999}, "amount_above"),
            ({"scheme": "b2b"}, "scheme"),
            ({"countries": frozenset({"BE"})}, "country"),
            ({"bics": ("CEPA",)}, "bic"),
            ({"tags": frozenset({7})}, "tags"),
            ({"kinds": frozenset({"lease"})}, "kind"),
            ({"min_score": 51}, "score"),
            ({"max_score": 49}, "score"),
            ({"past": data.PAST_PROVEN}, "past"),
            ({"has_domain": True}, "domain"),
            ({"share": 0}, "share"),
        )
        debit = candidate(country="FR", bic="BNPAFRPP", score=50)
        for conditions, code in cases:
            with self.subTest(conditions=conditions):
                self.assertEqual(self.chosen(debit, **conditions), (False, code))

    def test_limits_of_a_condition_belong_to_it(self):
        debit = candidate(country="FR", bic="CEPAFRPP", score=50, tags=frozenset({7, 8}))
        for conditions in (
            {"min_cents": 10_000, "max_cents": 10_000},
            {"countries": frozenset({"FR", "BE"})},
            {"bics": ("BNPA", "CEPA")},
            {"tags": frozenset({7})},
            {"min_score": 50, "max_score": 50},
        ):
            with self.subTest(conditions=conditions):
                self.assertEqual(self.chosen(debit, **conditions), (True, "rule"))

    def test_past_results_are_those_with_the_rule_s_own_provider(self):
        failed, good = Past(2, 1, last_failed=True), Past(3, 0)
        expected = {
            data.PAST_ANY: (True, True, True),
            data.PAST_CLEAN: (False, True, True),
            data.PAST_PROVEN: (False, True, False),
            data.PAST_FAILED: (True, False, False),
            data.PAST_LAST_FAILED: (True, False, False),
            data.PAST_LAST_COLLECTED: (False, True, False),
            data.PAST_NEVER: (False, False, True),
        }
        for past, wanted in expected.items():
            pasts = ({B: failed, A: good}, {B: good, A: failed}, {})
            with self.subTest(past=past):
                found = tuple(self.chosen(candidate(past=known), past=past)[0] for known in pasts)
                self.assertEqual(found, wanted)

    def test_results_with_another_provider_can_be_asked_for(self):
        debit = candidate(past={A: Past(0, 1, last_failed=True)})
        self.assertTrue(self.chosen(debit, past=data.PAST_LAST_FAILED, past_provider=A)[0])


@tagged("post_install", "-at_install")
class TestChoice(BaseCase):
    def test_the_first_rule_that_applies_wins(self):
        decision = decide(candidate(), rule(A, 10, min_cents=20_000), rule(B, 11), rule(A, 12))
        self.assertEqual((decision.provider, decision.rule), (B, 11))
        self.assertEqual(codes(decision), ["amount_below", "rule"])

    def test_without_a_rule_the_holder_of_the_mandate_takes_it(self):
        decision = decide(candidate())
        self.assertEqual((decision.provider, decision.rule, codes(decision)), (A, None, ["holder"]))

    def test_a_rule_for_a_provider_that_does_not_know_the_mandate_is_passed_over(self):
        decision = decide(candidate(), rule(C))
        self.assertEqual((decision.provider, codes(decision)), (A, ["not_registered", "holder"]))

    def test_a_provider_that_is_down_gives_way_to_another_that_knows_the_mandate(self):
        down = {**PROVIDERS, A: ProviderState(A, "PSP 1", status=data.DOWN)}
        decision = decide(candidate(), rule(A), providers=down)
        self.assertEqual((decision.provider, codes(decision)), (B, ["down", "down", "other"]))

    def test_nobody_left_is_said_with_the_reason_that_a_person_can_act_on(self):
        poor = {A: ProviderState(A, "PSP 1", max_cents=100)}
        foreign = {A: ProviderState(A, "PSP 1", currencies=frozenset({"SEK"}))}
        down = {A: ProviderState(A, "PSP 1", status=data.DOWN)}
        for providers, problem in (
            (poor, "amount_limit"),
            (foreign, "currency"),
            (down, "provider_unavailable"),
            ({}, "provider_unavailable"),
        ):
            with self.subTest(problem=problem):
                decision = decide(candidate(registered=(A,)), providers=providers)
                self.assertEqual((decision.provider, decision.problem), (None, problem))

    def test_a_provider_that_can_not_meet_the_day_announced_is_passed_over(self):
        day = date(2026, 2, 4)
        slow = {**PROVIDERS, B: ProviderState(B, "PSP 2", earliest=date(2026, 2, 5))}
        for latest, taken in ((day, A), (date(2026, 2, 5), B), (None, B)):
            with self.subTest(latest=latest):
                decision = decide(candidate(latest=latest), rule(B), providers=slow)
                self.assertEqual(decision.provider, taken)
        alone = decide(candidate(latest=day, registered=(B,)), providers=slow)
        self.assertEqual((alone.provider, alone.problem), (None, "cutoff_passed"))

    def test_the_cheapest_depends_on_the_amount_and_on_the_failures(self):
        fixed, percent = Cost(fixed_cents=Decimal(25)), Cost(percent=Decimal("0.5"))
        providers = {A: ProviderState(A, "A", cost=fixed), B: ProviderState(B, "B", cost=percent)}
        cheapest = rule(None)
        self.assertEqual(decide(candidate(cents=4_000), cheapest, providers=providers).provider, B)
        self.assertEqual(decide(candidate(cents=6_000), cheapest, providers=providers).provider, A)
        providers[B] = ProviderState(
            B,
            "B",
            cost=Cost(percent=Decimal("0.5"), failure_cents=Decimal(500)),
            failure_rate=Decimal("0.1"),
        )
        self.assertEqual(decide(candidate(cents=4_000), cheapest, providers=providers).provider, A)

    def test_caps_of_rules_give_way_and_caps_of_providers_hold(self):
        debits = [candidate(f"EC{number}") for number in range(6)]
        capped = rule(B, cap_count=2)
        shaped = routing.decide_all(debits, [capped], PROVIDERS, Usage())
        self.assertEqual([d.provider for d in shaped], [B, B, A, A, A, A])
        strict = {
            A: ProviderState(A, "A", cap_cents=25_000),
            B: ProviderState(B, "B", cap_count=1),
        }
        held = routing.decide_all(debits, [], strict, Usage())
        self.assertEqual([d.provider for d in held], [A, A, B, None, None, None])

    def test_what_went_out_before_counts_against_the_caps(self):
        decision = decide(candidate(), rule(cap_count=2), usage=Usage(rules={10: [2, 100]}))
        self.assertEqual(codes(decision), ["cap_count", "holder"])


SHARES = st.integers(min_value=0, max_value=100)


@st.composite
def worlds(draw):
    """Candidates, rules and providers of all sorts."""
    statuses = st.sampled_from([data.READY, data.READY, data.DOWN, data.PAUSED, data.DISABLED])
    providers = {
        number: ProviderState(
            number,
            str(number),
            status=draw(statuses),
            min_cents=draw(st.integers(1, 300)),
            max_cents=draw(st.integers(300, 1000)),
            cap_count=draw(st.integers(0, 4)),
            cap_cents=draw(st.integers(0, 2000)),
            currencies=draw(st.sampled_from([frozenset({"EUR"}), frozenset({"EUR", "SEK"})])),
        )
        for number in (A, B, C)
    }
    rules = [
        Rule(
            id=10 + number,
            name=str(number),
            provider=draw(st.sampled_from([A, B, C, None])),
            share=draw(SHARES),
            min_cents=draw(st.integers(0, 800)),
            cap_count=draw(st.integers(0, 3)),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    debits = [
        Candidate(
            key=f"EC{number}",
            amount_cents=draw(st.integers(1, 1200)),
            currency=draw(st.sampled_from(["EUR", "SEK"])),
            registered=tuple(draw(st.permutations([A, B, C]))[: draw(st.integers(0, 3))]),
        )
        for number in range(draw(st.integers(1, 12)))
    ]
    return debits, rules, providers


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    @given(worlds())
    @settings(max_examples=300, deadline=None)
    def test_nobody_is_chosen_who_may_not_take_it(self, world):
        debits, rules, providers = world
        decisions = routing.decide_all(debits, rules, providers, Usage())
        totals = dict.fromkeys(providers, (0, 0))
        for debit, decision in zip(debits, decisions, strict=True):
            if decision.provider is None:
                self.assertTrue(decision.problem)
                continue
            chosen = providers[decision.provider]
            self.assertIn(chosen.id, debit.registered)
            self.assertEqual(chosen.status, data.READY)
            self.assertIn(debit.currency, chosen.currencies)
            self.assertTrue(chosen.min_cents <= debit.amount_cents <= chosen.max_cents)
            count, cents = totals[chosen.id]
            totals[chosen.id] = (count + 1, cents + debit.amount_cents)
        for number, (count, cents) in totals.items():
            self.assertTrue(not providers[number].cap_count or count <= providers[number].cap_count)
            self.assertTrue(not providers[number].cap_cents or cents <= providers[number].cap_cents)

    @given(worlds())
    @settings(max_examples=200, deadline=None)
    def test_held_only_when_each_registered_provider_had_its_reason(self, world):
        debits, rules, providers = world
        decisions = routing.decide_all(debits, rules, providers, Usage())
        for debit, decision in zip(debits, decisions, strict=True):
            if decision.provider is None:
                tried = [step.provider for step in decision.steps if step.rule is None]
                self.assertEqual(tried, list(debit.registered))

    @given(worlds())
    @settings(max_examples=200, deadline=None)
    def test_the_same_input_gives_the_same_answer_and_its_explanation_ends_with_it(self, world):
        debits, rules, providers = world
        first = routing.decide_all(debits, rules, providers, Usage())
        self.assertEqual(first, routing.decide_all(debits, rules, providers, Usage()))
        for decision in first:
            verdicts = [step.verdict for step in decision.steps]
            self.assertEqual(verdicts.count(data.CHOSEN), int(decision.provider is not None))
            if decision.provider is not None:
                self.assertEqual(decision.steps[-1].provider, decision.provider)

    @given(SHARES, st.integers(1, 10_000))
    @settings(max_examples=40, deadline=None)
    def test_shares_are_kept_within_two_percent(self, share, number):
        debits = [candidate(f"EC{index:08d}") for index in range(5000)]
        decisions = routing.decide_all(debits, [rule(B, number, share=share)], PROVIDERS, Usage())
        taken = sum(decision.provider == B for decision in decisions) / 50
        self.assertAlmostEqual(taken, share, delta=2.5)

    def test_shares_of_rules_one_after_the_other_do_not_follow_each_other(self):
        """Half, then half of the rest: drawing the same number twice would leave nothing."""
        debits = [candidate(f"EC{index:08d}", registered=(A, B, C)) for index in range(4000)]
        rules = [rule(B, 10, share=50), rule(C, 11, share=50)]
        chosen = [d.provider for d in routing.decide_all(debits, rules, PROVIDERS, Usage())]
        self.assertAlmostEqual(chosen.count(C) / 40, 25, delta=2.5)
        self.assertAlmostEqual(chosen.count(A) / 40, 25, delta=2.5)

    @given(st.integers(0, 500), st.integers(0, 500))
    def test_the_failure_rate_is_a_rate_and_grows_with_the_failures(self, failed, others):
        rate = failure_rate(failed, failed + others)
        self.assertTrue(0 < rate < 1)
        self.assertLess(rate, failure_rate(failed + 1, failed + others + 1))

    def test_costs_are_exact_to_the_fraction_of_a_cent(self):
        cost = Cost(Decimal("20"), Decimal("0.35"), Decimal("350"))
        self.assertEqual(cost.of_debit(1999), Decimal("26.9965"))
        self.assertEqual(cost.expected(1999, Decimal("0.04")), Decimal("40.9965"))
