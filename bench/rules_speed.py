"""How many calls a second one core scores, where the time goes, and how it grows.

    python -m bench.rules_speed [--calls 10000] [--turns 60] [--lines bank wealth …]

Generated calls (see `generated_calls`) go one by one through the line of a call: private data and
measures (`prepare`), all rules (`evaluate`), the scorecard. Beside it in the same run a plain loop
of Python's `re` looks for the same phrases and patterns in the same turns, rule by rule: no scopes,
no guards, no sounds, no reasons. Then the same with twice the rules (as many again, other words)
and with half the calls. CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bench.generated_calls import generate
from pipeline import scoring
from pipeline.domain import Transcript
from pipeline.intake.transcripts import parse_transcript
from pipeline.process import prepare
from pipeline.rules import RulePack, evaluate, load_pack
from pipeline.rules.model import Rule

LINES = ("bank", "wealth", "securities", "insurance", "collection")
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass
class Spent:
    """CPU seconds by stage."""

    calls: int = 0
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """All stages together."""
        return sum(self.stages.values())

    def row(self) -> str:
        """Cells of a table."""
        per_call = {name: 1000 * spent / self.calls for name, spent in self.stages.items()}
        stages = " | ".join(f"{value:.2f}" for value in per_call.values())
        return f"{self.calls / self.total:.0f} | {sum(per_call.values()):.2f} | {stages}"


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--lines", nargs="+", choices=LINES, default=LINES)
    options = parser.parse_args()
    packs = {line: load_pack(line) for line in options.lines}
    doubled = {line: _doubled(pack) for line, pack in packs.items()}
    for pack in (*packs.values(), *doubled.values()):
        _ = pack.ready

    def calls(count: int) -> Iterator[Transcript]:
        return _calls(count, options.turns, options.lines)

    few = list(calls(10))
    for same in (packs, doubled):
        _line(few, same)  # warm: expressions compiled, symbols made
    gc.collect()
    gc.set_threshold(10_000)  # both as in the processes that score stored calls again
    gc.freeze()
    atexit.register(gc.unfreeze)
    rows: list[tuple[str, Spent]] = []
    half, third = options.calls // 2, max(options.calls // 10, 1)
    runs: tuple[tuple[str, dict[str, RulePack], int], ...] = (
        ("full packs", packs, options.calls),
        ("full packs, half the calls", packs, half),
        ("twice the rules", doubled, options.calls),
    )
    for name, used, count in runs:
        rows.append((name, _line(calls(count), used)))
    loop = _plain_loop(calls(third), packs)
    sizes = {line: len(pack.rules) for line, pack in packs.items()}
    print(f"{options.calls} calls of {options.turns} turns, rules: {sizes}\n")
    print("| | calls/s | ms/call | prepare | rules | scorecard |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, spent in rows:
        print(f"| {name} | {spent.row()} |")
    print(f"| plain loop of `re`, phrases only | {loop.calls / loop.total:.0f} "
          f"| {1000 * loop.total / loop.calls:.2f} | | | |")  # fmt: skip
    whole, _, twice = (spent for _, spent in rows)
    more = 100 * (twice.total / whole.total - 1)
    more_rules = 100 * (twice.stages["rules"] / whole.stages["rules"] - 1)
    print(f"\ntwice the rules cost {more:.0f} % more in all, {more_rules:.0f} % in the rules")


def _calls(count: int, turns: int, lines: Sequence[str] = LINES) -> Iterator[Transcript]:
    every = generate(count * len(LINES), turns)
    wanted = (call for call in every if call["business_line"] in lines)
    for call in islice(wanted, count):
        yield parse_transcript(json.dumps(call), "generated", ZONE).transcript


def _line(calls: Iterator[Transcript] | Sequence[Transcript], packs: dict[str, RulePack]) -> Spent:
    """Every call through the line, nothing kept."""
    spent = Spent(stages={"prepare": 0.0, "rules": 0.0, "scorecard": 0.0})

    def timed(stage: str, step: Callable[[], Any]) -> Any:  # noqa: ANN401
        start = time.process_time()
        result = step()
        spent.stages[stage] += time.process_time() - start
        return result

    for transcript in calls:
        pack = packs[transcript.info.business_line]
        call = timed("prepare", lambda t=transcript: prepare(t))
        findings = timed("rules", lambda p=pack, c=call: evaluate(p, c))
        timed("scorecard", lambda p=pack, f=findings: scoring.score(p.plan, p, f))
        spent.calls += 1
    return spent


def _plain_loop(calls: Iterator[Transcript], packs: dict[str, RulePack]) -> Spent:
    """What a short script would do: every expression of every rule on every turn of its role."""
    compiled = {line: [e for rule in pack.rules for e in _expressions(rule)]
                for line, pack in packs.items()}  # fmt: skip
    spent = Spent(stages={"loop": 0.0})
    marks = re.compile(r"[\W_]+")
    for transcript in calls:
        start = time.process_time()
        found = 0
        for segment in transcript.segments:
            text = marks.sub("", segment.text).lower()
            for role, expression in compiled[transcript.info.business_line]:
                if role in (None, segment.role) and expression.search(text):
                    found += 1
        spent.stages["loop"] += time.process_time() - start
        spent.calls += 1
    return spent


def _expressions(rule: Rule) -> Iterator[tuple[str | None, re.Pattern[str]]]:
    for condition in rule.conditions.values():
        role = getattr(condition, "role", None)
        if condition.operator == "regex":
            yield from ((role, re.compile(pattern)) for pattern in condition.patterns)
        phrases = [way for p in getattr(condition, "phrases", ()) for way in p.split("|")]
        if phrases:
            yield role, re.compile("|".join(map(re.escape, phrases)))
        for slot in getattr(condition, "slots", {}).values():
            yield role, slot.wanted


def _doubled(pack: RulePack) -> RulePack:
    """The pack and as many rules again: the same with every third Han character exchanged."""
    again = [_altered(rule) for rule in pack.rules]
    return RulePack(
        pack.name, pack.title, pack.version, pack.effective, (*pack.rules, *again), pack.plan,
        pack.sources,
    )  # fmt: skip


def _altered(rule: Rule) -> Rule:
    document = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    document["id"] += "_again"
    for condition in document["conditions"].values():
        for name in ("patterns", "phrases"):
            if condition.get(name):
                condition[name] = [_other_words(text) for text in condition[name]]
        for slot in (condition.get("slots") or {}).values():
            for name in ("patterns", "phrases"):
                slot[name] = [_other_words(text) for text in slot.get(name) or ()]
    return Rule.model_validate(document)


def _other_words(text: str) -> str:
    """Every third Han character one code point further: other words of the same shape."""
    count = 0
    chars = []
    for char in text:
        if "\u4e00" <= char <= "\u9fa0":
            count += 1
            chars.append(chr(ord(char) + 1) if count % 3 == 0 else char)
        else:
            chars.append(char)
    return "".join(chars)


if __name__ == "__main__":
    main()
