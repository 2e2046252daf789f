"""Precision and recall per check of COMPLIANCE.md on cases nobody tuned on.

    python -m bench.rule_accuracy bench/cases/heldout [--details] [--packs docs/examples/packs]

A case is a short call, the check it is about and whether the check is violated (`expect: fail`)
or not (`ok`). It counts as accused when a rule that implements the check fails, as `unsure` when
one is unsure and none fails. Printed per check: violations found, violations left to a person,
false accusations; precision and recall with 95 % Wilson intervals. `--details` names the wrong
cases: only for sets that rules may be tuned on. `--packs`: a folder of own packs beside the
built-in ones, for checks that need facts of the house (E5).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain import PastCall, Transcript, Verdict
from pipeline.process import Packs, inspect, past_call, provenance_of
from pipeline.rules import parse_dialogue

PEOPLE = ("agent_id", "team")  # given in the cases, not needed by any rule of the packs


@dataclass(frozen=True)
class Judged:
    """One case and what the rules said."""

    id: str
    check: str
    violated: bool
    said: str  # accused, unsure, clear, not checked
    why: str


def main() -> None:
    """Judge all cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--packs", type=Path)
    options = parser.parse_args()
    judged = [j for path in options.cases for j in judge_all(path, options.packs)]
    print_table(judged)
    if options.details:
        for j in judged:
            if (j.said == "accused") is not j.violated:
                print(f"{j.id} {'violated' if j.violated else 'ok'} → {j.said}: {j.why}")
    if options.json:
        rows = [asdict(j) for j in judged]
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def judge_all(path: Path, own_packs: Path | None = None) -> Iterator[Judged]:
    """All cases of a folder or file."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    packs = Packs(folder=own_packs)
    for file in files:
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield _judged(case, packs)


def _judged(case: dict[str, Any], packs: Packs) -> Judged:
    line = case["business_line"]
    pack = packs.of(line)
    earlier: list[PastCall] = []
    for number, before in enumerate(case.get("before") or ()):
        report = inspect(_call(before, line), pack, provenance_of(f"{number}", pack, ""))
        past = past_call(report)
        customer = (before.get("info") or {}).get("customer_id")
        if past is not None and customer == (case.get("info") or {}).get("customer_id"):
            earlier.append(past)
    history = (
        tuple(earlier) if "before" in case or "customer_id" in (case.get("info") or {}) else None
    )
    report = inspect(_call(case, line), pack, provenance_of("x", pack, ""), history=history)
    own = [f for f in report.findings if case["check"] in f.checks]
    verdicts = {finding.verdict for finding in own}
    said = "clear" if own else "not checked"
    if Verdict.FAIL in verdicts:
        said = "accused"
    elif Verdict.UNSURE in verdicts:
        said = "unsure"
    why = "; ".join(f"{f.rule} {f.verdict}: {f.why}" for f in own)
    return Judged(case["id"], case["check"], case["expect"] == "fail", said, why)


def _call(case: dict[str, Any], line: str) -> Transcript:
    info = {k: v for k, v in (case.get("info") or {}).items() if k not in PEOPLE}
    return parse_dialogue(
        [str(text) for text in case["lines"]],
        {"business_line": line, **info},
        case.get("tail", 0),
        case.get("pace", 5),
    )


def print_table(judged: Sequence[Judged]) -> None:
    """One line per check, a sum at the end."""
    by_check: defaultdict[str, Counter[tuple[bool, str]]] = defaultdict(Counter)
    for one in judged:
        by_check[one.check][one.violated, one.said] += 1
    print(
        "| check | violated: accused / unsure / missed | ok: accused / unsure / clear "
        "| recall | precision |"
    )
    print("| --- | --- | --- | --- | --- |")
    total: Counter[tuple[bool, str]] = Counter()
    for check in sorted(by_check, key=lambda c: (c[0], int(c[1:]))):
        total += by_check[check]
        print(_row(check, by_check[check]))
    print(_row("**all**", total))


def _row(name: str, count: Counter[tuple[bool, str]]) -> str:
    hit, doubt = count[True, "accused"], count[True, "unsure"]
    missed = sum(n for (violated, _), n in count.items() if violated) - hit - doubt
    false, open_, clear = (count[False, k] for k in ("accused", "unsure", "clear"))
    clear += count[False, "not checked"]
    note = " (no rule)" if count[True, "not checked"] else ""
    recall, precision = share(hit, hit + doubt + missed), share(hit, hit + false)
    counts = f"{hit} / {doubt} / {missed} | {false} / {open_} / {clear}"
    return f"| {name}{note} | {counts} | {recall} | {precision} |"


def share(part: int, whole: int) -> str:
    if not whole:
        return "–"
    low, high = wilson(part, whole)
    return f"{100 * part / whole:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def wilson(part: int, whole: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share = part / whole
    middle = share + z * z / (2 * whole)
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


if __name__ == "__main__":
    main()
