"""How well the chance of a finding foretells what people decide, beside the queue's plain order.

    python -m bench.chance [--worlds 20]

There are no real decisions here, so they are generated, and the truth is stated: 40 rules, each
with its own precision (Beta 4:2, severities drawn), six lines and twenty teams that shift the log
odds (standard deviation 0.3 and 0.2), findings that are unsure (15 %) or of confidence 0.3 to 1.
What the worlds differ in:

- `heard`: what is badly heard is confirmed less often, but not in proportion to its confidence
  (log odds fall by 2 from 1 to 0.4); unsure 1 less, for a third of the rules 1 more.
- `moving`: the same, and after two thirds of the time a quarter of the rules were rewritten and
  have another precision.
- `plain`: a finding is confirmed with its confidence × the precision of its rule, as the plain
  order has it (but for the rule's record, in which low confidence counts once more).

Everything is learned from the first 3,000 decisions (and 1,000, and 300) and measured on 1,500
calls of later days that nobody chose. Several worlds, by seed; intervals are of the mean over them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from statistics import fmean, stdev

from pipeline.chance import Example, Traits, brier, learn, log_loss, plain_chance
from pipeline.shares import wilson
from pipeline.store.chances import BANDS

RULES, LINES, TEAMS = 40, 6, 20
CALLS, FIRST = 1500, (50, 100, 200)
WEIGHTS = (100, 60, 30, 10)  # of severities, as in the queue
SHOWN = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0001)


@dataclass(frozen=True)
class World:
    """What is true in it."""

    kind: str
    precision: list[float]
    later: list[float]
    weight: list[int]
    odd: list[bool]
    lines: list[float]
    teams: list[float]


@dataclass(frozen=True)
class Finding:
    """A finding with what people will decide of it."""

    example: Example
    weight: int


def world(kind: str, rng: random.Random) -> World:
    """One world by its kind."""
    precision = [rng.betavariate(4, 2) for _ in range(RULES)]
    later = [
        rng.betavariate(4, 2) if kind == "moving" and rng.random() < 0.25 else old
        for old in precision
    ]
    return World(
        kind, precision, later, [rng.choice(WEIGHTS) for _ in range(RULES)],
        [rng.random() < 1 / 3 for _ in range(RULES)],
        [rng.gauss(0, 0.3) for _ in range(LINES)], [rng.gauss(0, 0.2) for _ in range(TEAMS)],
    )  # fmt: skip


def finding(true: World, rng: random.Random, *, late: bool) -> Finding:
    """A finding of a day, and what is decided of it."""
    rule, line, team = rng.randrange(RULES), rng.randrange(LINES), rng.randrange(TEAMS)
    unsure = rng.random() < 0.15
    confidence = 0.5 if unsure else min(1.0, 0.3 + 0.75 * rng.random() ** 0.4)
    right = (true.later if late else true.precision)[rule]
    if true.kind == "plain":
        chance = confidence * right
    else:
        logit = log(right / (1 - right)) + true.lines[line] + true.teams[team]
        sign = -1 if true.odd[rule] else 1
        logit -= sign * unsure + (0 if unsure else 2 * (1 - confidence) / 0.6)
        chance = 1 / (1 + exp(-logit))
    heard = 0 if unsure else 1 + sum(confidence >= band for band in BANDS)
    traits = Traits(f"r{rule}", heard, f"l{line}", f"t{team}")
    return Finding(Example(traits, confidence, rng.random() < chance), true.weight[rule])


@dataclass(frozen=True)
class Outcome:
    """Of one world: errors, and what the first calls of the queue hold: before, now, at best.

    `found`: the severity of confirmed violations; `held`: calls with a confirmed violation.
    """

    errors: dict[str, tuple[float, float]]
    found: dict[int, tuple[int, int, int]]
    held: dict[int, tuple[int, int, int]]
    used: bool
    pairs: list[tuple[float, bool]]


def run(kind: str, decided: int, seed: int) -> Outcome:
    """Learn from earlier decisions, then foretell later calls."""
    rng = random.Random(f"{kind}-{seed}")
    true = world(kind, rng)
    known = [finding(true, rng, late=n > decided * 2 / 3) for n in range(decided)]
    calls = [
        [finding(true, rng, late=True) for _ in range(rng.randint(1, 4))] for _ in range(CALLS)
    ]
    got = learn([one.example for one in known])

    def plain(one: Example) -> float:
        return plain_chance(one, got.records)

    def now(one: Example) -> float:
        return got.model.chance(one.traits) if got.table and got.model else plain(one)

    every = [one.example for call in calls for one in call]
    errors = {
        name: (
            fmean(measure(plain(e), e.confirmed) for e in every),
            fmean(measure(now(e), e.confirmed) for e in every),
        )
        for name, measure in (("brier", brier), ("log", log_loss))
    }
    pairs = [(now(e), e.confirmed) for e in every] if got.table else []
    sums = [sum(one.example.confirmed * one.weight for one in call) for call in calls]
    some = [int(value > 0) for value in sums]
    orders = [*(_order(calls, chance) for chance in (plain, now)), _best(sums)]
    found, held = (
        {many: tuple(sum(of[at] for at in way[:many]) for way in orders) for many in FIRST}
        for of in (sums, some)
    )
    return Outcome(errors, found, held, got.table is not None, pairs)  # type: ignore[arg-type]


def _order(calls: Sequence[Sequence[Finding]], chance: Callable[[Example], float]) -> list[int]:
    """The queue: calls by what their most urgent finding is worth."""
    worth = [max(one.weight * chance(one.example) for one in call) for call in calls]
    return sorted(range(len(calls)), key=lambda at: -worth[at])


def _best(sums: Sequence[int]) -> list[int]:
    """The order of somebody who knows what will be decided."""
    return sorted(range(len(sums)), key=lambda at: -sums[at])


def interval(values: Sequence[float]) -> str:
    """Mean with its 95 % interval over worlds."""
    half = 1.96 * stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return f"{fmean(values):.3f} ± {half:.3f}"


def reliability(pairs: Sequence[tuple[float, bool]]) -> Iterator[str]:
    """Foretold against what came, in bands of the chance."""
    for low, high in pairwise(SHOWN):
        own = [(chance, came) for chance, came in pairs if low <= chance < high]
        if own:
            share = fmean(came for _, came in own)
            ends = wilson(share, len(own))
            yield (
                f"| {low:.1f} to {min(high, 1):.1f} | {len(own):,} | "
                f"{fmean(chance for chance, _ in own):.3f} | {share:.3f} "
                f"[{ends[0]:.3f}, {ends[1]:.3f}] |"
            )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20)
    options = parser.parse_args()
    heads = ["world, decisions", "used", "Brier", "gain", "log loss", "gain"]
    heads += [f"first {many}: share of the best severity" for many in FIRST]
    heads += [f"calls with a confirmed violation in the first {many}" for many in FIRST]
    print(f"| {' | '.join(heads)} | (plain → now)")
    kept: dict[str, list[tuple[float, bool]]] = {}
    for kind in ("heard", "moving", "plain"):
        for decided in (3000, 1000, 300):
            came = [run(kind, decided, seed) for seed in range(options.worlds)]
            cells = [f"{kind}, {decided:,}", f"{sum(one.used for one in came)}/{len(came)}"]
            for name in ("brier", "log"):
                before, now = ([one.errors[name][at] for one in came] for at in (0, 1))
                gains = [b - n for b, n in zip(before, now, strict=True)]
                cells += [f"{fmean(before):.3f} → {fmean(now):.3f}", interval(gains)]
            for many in FIRST:
                before, now = (
                    [one.found[many][at] / one.found[many][2] for one in came] for at in (0, 1)
                )
                gains = [n - b for b, n in zip(before, now, strict=True)]
                cells.append(f"{fmean(before):.3f} → {fmean(now):.3f} ({interval(gains)})")
            for many in FIRST:
                before, now = ([float(one.held[many][at]) for one in came] for at in (0, 1))
                gains = [n - b for b, n in zip(before, now, strict=True)]
                cells.append(f"{fmean(before):.1f} → {fmean(now):.1f} ({interval(gains)})")
            print(f"| {' | '.join(cells)} |", flush=True)
            if decided == 3000:
                kept[kind] = [pair for one in came for pair in one.pairs]
    for kind, pairs in kept.items():
        print(f"\n{kind}, 3,000 decisions\n\n| chance | findings | foretold | confirmed |")
        print("\n".join(reliability(pairs)))


if __name__ == "__main__":
    main()
