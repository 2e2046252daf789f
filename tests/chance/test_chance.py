"""The chance of a finding: drawn to what all rules have, calibrated, used where it is better."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline.chance import Example, Traits, fit, learn, learned
from pipeline.shares import wilson
from pipeline.store import Decision, Filters, ReviewDraft, Snapshot, kind_of
from tests.chance.decided import make

SURE, BADLY = 4, 1


def decided(rule: str, confirmed: int, of: int, **changes: object) -> list[Example]:
    values = {"kind": SURE, "line": "bank", "team": "一组", **changes}
    traits = Traits(rule=rule, **values)  # type: ignore[arg-type]
    return [Example(traits, 1.0, number < confirmed) for number in range(of)]


def chance_of(examples: list[Example], rule: str, **changes: object) -> float:
    model = fit([(one.traits, one.confirmed) for one in examples])
    values = {"kind": SURE, "line": "bank", "team": "一组", **changes}
    return model.chance(Traits(rule=rule, **values))  # type: ignore[arg-type]


def test_a_rule_is_drawn_to_the_others_the_fewer_decisions_it_has() -> None:
    known = [one for n in range(10) for one in decided(f"r{n}", 30 + n, 40)]
    usual = chance_of(known, "never seen")
    assert usual == pytest.approx(0.86, abs=0.05)
    few = chance_of([*known, *decided("new", 0, 2)], "new")
    many = chance_of([*known, *decided("new", 0, 60)], "new")
    assert many < 0.1 < few < usual
    assert many > 0.0


def test_it_follows_the_figures_where_there_are_many() -> None:
    known = [*decided("a", 300, 400), *decided("b", 40, 400), *decided("c", 200, 400)]
    for rule, true in (("a", 0.75), ("b", 0.1), ("c", 0.5)):
        assert chance_of(known, rule) == pytest.approx(true, abs=0.02)


def test_how_it_was_found_counts_for_every_rule() -> None:
    known = []
    for n in range(8):
        known += decided(f"r{n}", 36, 40)
        known += decided(f"r{n}", 8, 40, kind=0)
    sure, unsure = (chance_of(known, "never seen", kind=kind) for kind in (SURE, 0))
    assert unsure < 0.4
    assert sure > 0.75


def generated(count: int, seed: int = 1) -> list[Example]:
    rng, made = random.Random(seed), []
    for _ in range(count):
        rule, kind = rng.randrange(12), rng.choice((0, BADLY, SURE))
        true = (0.15 + 0.06 * rule) * (0.5 if kind == 0 else 1)
        traits = Traits(f"r{rule}", kind, "bank", rng.choice(("一组", "二组")))
        made.append(Example(traits, {0: 0.5, BADLY: 0.4, SURE: 1.0}[kind], rng.random() < true))
    return made


def test_what_it_foretells_comes() -> None:
    """In every fifth of the foretold chances the share that came is within its 99.9 % interval."""
    got, later = learn(generated(4000)), generated(4000, seed=2)
    assert got.model is not None
    pairs = sorted((got.model.chance(one.traits), one.confirmed) for one in later)
    for start in range(0, 4000, 800):
        own = pairs[start : start + 800]
        low, high = wilson(sum(came for _, came in own) / 800, 800)
        slack = 0.7 * (high - low)
        assert low - slack < sum(chance for chance, _ in own) / 800 < high + slack


def test_it_orders_the_queue_only_where_it_is_better_and_enough_was_decided() -> None:
    many = learn(generated(4000))
    assert many.tested is not None
    assert many.tested.better
    assert many.tested.brier < many.tested.brier_before
    assert many.table is not None
    few = learn(generated(199))
    assert (few.model, few.table, few.decisions) == (None, None, 199)
    assert few.records["r3"].decided > few.records["r3"].confirmed
    one_sided = learn([one for one in generated(4000) if one.confirmed])
    assert one_sided.table is None


def test_where_the_records_say_it_all_they_stay() -> None:
    """Everything is well heard and of rules that were judged often: there is nothing to gain."""
    rng, made = random.Random(3), []
    for _ in range(3000):
        rule = rng.randrange(6)
        made.append(
            Example(Traits(f"r{rule}", SURE, "bank", ""), 1.0, rng.random() < 0.3 + 0.1 * rule)
        )
    got = learn(made)
    assert got.model is not None
    assert got.table is None


# ── in the queue ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return make(tmp_path)


def test_the_queue_goes_by_what_was_learned(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        got = learned(snapshot)
        assert got.decisions == 400
        assert got.table is not None
        rows = snapshot.list_flagged(Filters(review="open"), limit=50).to_pylist()
        now = snapshot.list_calls(
            Filters(review="open", flagged=True), "priority", 50, chances=got.table
        ).to_pylist()
        wanted = []
        for row in now:
            (finding,) = (f for f in snapshot.call(row["call_id"]).findings)
            severity = {"critical": 60, "major": 30, "minor": 10}[finding["severity"]]
            chance = got.of(finding, row)
            assert chance.chance is not None
            wanted.append((severity * chance.chance, row["priority"]))
    assert len(now) == len(rows) == 20
    waits = {round(priority - worth, 6) for worth, priority in wanted}
    assert len(waits) == 1  # the days that all of them wait: SQL and Python have the same chance
    assert [p for _, p in wanted] == sorted((p for _, p in wanted), reverse=True)
    first = {row["call_id"] for row in now[:10]}
    right = {f"c-{n}" for n in range(400, 420) if (n % 3 != 0) == (n % 2 == 0)}
    assert len(first & right) >= 9
    assert len({row["call_id"] for row in rows[:10]} & right) < 9  # the plain order did not know


def test_it_is_learned_again_when_a_tenth_more_was_decided(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        before = learned(snapshot)
        people, content = snapshot.people, snapshot.contents()
        for number in range(400, 405):
            rule, call = ("good", "odd")[number % 2], f"c-{number}"
            people.add_review(
                ReviewDraft("李质检", call, content[call], Decision.CONFIRM, rule=rule)
            )
        assert learned(snapshot) is before
        for number in range(405, 410):
            rule, call = ("good", "odd")[number % 2], f"c-{number}"
            people.add_review(
                ReviewDraft("李质检", call, content[call], Decision.CONFIRM, rule=rule)
            )
        assert learned(snapshot).decisions == 410


@pytest.mark.parametrize(
    ("verdict", "confidence", "kind"),
    [("unsure", 0.5, 0), ("fail", 0.59, 1), ("fail", 0.6, 2), ("fail", 0.94, 3), ("fail", 1.0, 4)],
)
def test_kinds(verdict: str, confidence: float, kind: int) -> None:
    assert kind_of({"verdict": verdict, "confidence": confidence}) == kind
