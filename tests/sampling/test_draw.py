"""Drawing calls by lot."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Candidate, DrawnAs, SampleWish
from pipeline.sampling import digest_of, draw

WISH = SampleWish(date(2026, 11, 1), date(2026, 11, 30), "seed-1", 3, 20, ("张", "李"))
LINES = ("bank", "wealth", "insurance")


def calls(count: int, agents: int = 4, seed: int = 1) -> Iterator[Candidate]:
    rng = random.Random(seed)
    for n in range(count):
        yield Candidate(
            sha256(str(n).encode()).hexdigest(), f"c-{n}", f"A{n % agents}", rng.choice(LINES),
            datetime(2026, 11, 1, 9) + timedelta(hours=rng.randrange(700)),
            rng.choice((30.0, 100.0, 400.0, 900.0)), rng.choice((40.0, 70.0, 90.0, 100.0)),
            rng.random() < 0.3,
        )  # fmt: skip


def test_every_agent_has_the_quota_and_nobody_is_drawn_twice() -> None:
    drawn = draw(calls(400), WISH, {})
    assert len({call.content_sha256 for call in drawn}) == len(drawn)
    of = Counter(call.agent_id for call in drawn)
    assert set(of) == {"A0", "A1", "A2", "A3"}
    assert min(of.values()) >= 3
    assert [call.place for call in drawn] == list(range(len(drawn)))


def test_unflagged_ones_are_the_lowest_tickets_of_all_unflagged_calls() -> None:
    population = list(calls(400))
    unflagged = [call for call in population if not call.flagged]
    by_hand = sorted(
        unflagged, key=lambda c: sha256(f"seed-1:{c.content_sha256}".encode()).digest()
    )
    drawn = [c for c in draw(population, WISH, {}) if c.drawn_as is DrawnAs.UNFLAGGED]
    assert [c.content_sha256 for c in drawn] == [c.content_sha256 for c in by_hand[:20]]


def test_the_same_seed_draws_the_same_from_any_order_and_another_seed_others() -> None:
    population = list(calls(200))
    again = random.Random(3).sample(population, len(population))
    assert draw(population, WISH, {}) == draw(again, WISH, {})
    assert digest_of(population) == digest_of(again)
    other = {c.content_sha256 for c in draw(population, replace(WISH, seed="seed-2"), {})}
    assert other != {c.content_sha256 for c in draw(population, WISH, {})}


def test_an_agents_calls_differ_from_one_another_as_far_as_they_can() -> None:
    one = next(calls(1))
    alike = [replace(one, content_sha256=f"{n:064}", agent_id="A", flagged=True) for n in range(50)]
    other = [
        replace(alike[0], content_sha256="f" * 64, business_line="collection", duration=2000.0),
        replace(
            alike[0], content_sha256="e" * 64, score=10.0, started_at=datetime(2026, 11, 9, 20)
        ),
    ]
    drawn = draw([*alike, *other], replace(WISH, unflagged=0), {})
    assert {"f" * 64, "e" * 64} < {call.content_sha256 for call in drawn}


def test_what_was_drawn_before_counts_and_an_agent_with_few_calls_has_them_all() -> None:
    few = [replace(c, agent_id="A9", flagged=True) for c in calls(2)]
    wish = replace(WISH, unflagged=0)
    assert len(draw(few, wish, {})) == 2
    many = [replace(c, agent_id="A9", flagged=True) for c in calls(40)]
    assert len(draw(many, wish, {"A9": 2})) == 1
    assert draw(many, wish, {"A9": 7}) == []


def test_calls_are_shared_evenly_among_inspectors() -> None:
    given_to = Counter(call.inspector for call in draw(calls(400), WISH, {}))
    assert set(given_to) == {"张", "李"}
    assert max(given_to.values()) - min(given_to.values()) <= 1


def test_every_unflagged_call_has_the_same_chance() -> None:
    population = [replace(c, flagged=False) for c in calls(40)]
    hits: Counter[str] = Counter()
    for n in range(2000):
        wish = replace(WISH, seed=str(n), per_agent=0, unflagged=10)
        hits.update(call.content_sha256 for call in draw(population, wish, {}))
    expected = 2000 * 10 / 40
    chi2 = sum((hits[c.content_sha256] - expected) ** 2 / expected for c in population)
    assert chi2 < 65  # 39 degrees of freedom: 0.6 % of fair draws lie above


@given(st.integers(0, 60), st.integers(0, 6), st.integers(0, 30), st.integers(1, 9))
def test_never_more_than_there_is(count: int, per_agent: int, unflagged: int, agents: int) -> None:
    population = list(calls(count, agents))
    wish = replace(WISH, per_agent=per_agent, unflagged=unflagged)
    drawn = draw(population, wish, {})
    free = sum(not call.flagged for call in population)
    as_unflagged = [call for call in drawn if call.drawn_as is DrawnAs.UNFLAGGED]
    assert len(as_unflagged) == min(unflagged, free)
    of = Counter(call.agent_id for call in drawn)
    for agent, there in Counter(call.agent_id for call in population).items():
        assert of[agent] >= min(per_agent, there)


def test_a_call_of_nobody_known_can_be_drawn_as_unflagged_only() -> None:
    population = [replace(call, agent_id=None) for call in calls(50)]
    assert {c.drawn_as for c in draw(population, WISH, {})} == {DrawnAs.UNFLAGGED}
