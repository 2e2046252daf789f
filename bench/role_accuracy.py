"""Is the right side called the agent? Measured on calls whose roles are known.

    python -m bench.role_accuracy bench/cases/heldout

The calls of a folder of cases, as written, their sides unnamed, whole and cut to their first four
turns. Printed: named rightly, named wrongly, left unnamed; shares with 95 % Wilson intervals.
Recordings: `bench.role_recordings`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bench.rule_accuracy import share
from pipeline.domain import CallInfo, Role, Segment
from pipeline.rules import parse_dialogue
from pipeline.speakers import find_roles

OPENING = 4


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+")
    options = parser.parse_args()
    calls = [call for path in options.cases for call in sided(path)]
    print("| calls | n | right | wrong | left unnamed | swapped by mistake |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(row("whole", calls))
    print(row(f"first {OPENING} turns", [(i, cut) for i, s in calls if (cut := opening(s))]))


def sided(path: Path) -> Iterator[tuple[CallInfo, list[Segment]]]:
    """Calls in which both speak; the agent is on channel 0 and on channel 1 in turn."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    cases: Iterator[dict[str, Any]] = (
        case for file in files for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    )
    for number, case in enumerate(cases):
        call = parse_dialogue([str(text) for text in case["lines"]], {"call_id": "c"})
        side = {Role.AGENT: number % 2, Role.CUSTOMER: 1 - number % 2}
        segments = [replace(s, channel=side[s.role]) for s in call.segments if s.role in side]
        if {s.role for s in segments} == set(side):
            yield CallInfo("c"), segments


def opening(segments: Sequence[Segment]) -> list[Segment]:
    """The first turns, if both speak there."""
    first = list(segments[:OPENING])
    return first if len({s.role for s in first}) == 2 and len(segments) > OPENING else []


def judged(info: CallInfo, segments: Sequence[Segment]) -> str:
    """`right`, `wrong` or `unnamed`."""
    basis = find_roles(info, segments)
    if basis.agent is None:
        return "unnamed"
    agent = next(s.channel for s in segments if s.role is Role.AGENT)
    return "right" if basis.agent == agent else "wrong"


def row(name: str, calls: Sequence[tuple[CallInfo, list[Segment]]]) -> str:
    """One line of the table."""
    count = Counter(judged(info, segments) for info, segments in calls)
    swapped = sum(find_roles(info, segments).swapped_from is not None for info, segments in calls)
    cells = [share(count[said], len(calls)) for said in ("right", "wrong", "unnamed")]
    return f"| {name} | {len(calls)} | {' | '.join(cells)} | {share(swapped, len(calls))} |"


if __name__ == "__main__":
    main()
