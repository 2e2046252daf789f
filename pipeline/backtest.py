"""What a changed pack would change, tried on stored calls; nothing is written.

rules     per rule: how many calls fail, are unsure … now and with the changed pack
calls     those whose verdicts, score, grade or veto would change, the biggest change first
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pipeline.domain import Rescored, Verdict
from pipeline.process import Packs
from pipeline.rescore import Before, Job, Pair, differs, rescored
from pipeline.store import Snapshot

NO_RULE = "absent"  # the pack has no such rule


@dataclass(slots=True)
class RuleChange:
    """One rule before and after: calls by verdict, and those that changed."""

    rule: str
    title: str = ""
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    newly_failed: int = 0
    no_longer_failed: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A verdict that would change, with the reason of the new one."""

    call_id: str
    rule: str
    title: str
    before: str
    after: str
    why: str
    quote: str
    start: float | None


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call whose score, grade or veto would change."""

    call_id: str
    score_before: float
    score_after: float
    grade_before: str
    grade_after: str
    vetoed_before: bool
    vetoed_after: bool
    rules: tuple[str, ...]


@dataclass(slots=True)
class Backtest:
    """The comparison, added up call by call; keeps at most `most` calls and examples per rule."""

    pack: str
    version: str
    pack_hash: str
    most: int = 20
    calls: int = 0
    changed: int = 0
    sum_before: float = 0.0
    sum_after: float = 0.0
    grades: Counter[tuple[str, str]] = field(default_factory=Counter)
    vetoes: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    rules: dict[str, RuleChange] = field(default_factory=dict)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    biggest: list[CallChange] = field(default_factory=list)

    def add(self, before: Before, after: Rescored) -> None:
        """One call more."""
        card = after.scorecard
        self.calls += 1
        self.sum_before += before.score
        self.sum_after += card.score
        self.grades[before.grade, card.grade] += 1
        self.vetoes[before.vetoed, card.vetoed] += 1
        changed = self._rules_of(before, after)
        if not differs(before, after):
            return
        self.changed += 1
        self.biggest.append(
            CallChange(
                before.call_id,
                before.score,
                card.score,
                before.grade,
                card.grade,
                before.vetoed,
                card.vetoed,
                changed,
            )
        )
        if len(self.biggest) > 10 * self.most:
            self._shorten()

    def _rules_of(self, before: Before, after: Rescored) -> tuple[str, ...]:
        changed = []
        found = {finding.rule: finding for finding in after.findings}
        for rule in (*found, *(r for r in before.verdicts if r not in found)):
            finding = found.get(rule)
            now = NO_RULE if finding is None else finding.verdict.value
            then = before.verdicts.get(rule, NO_RULE)
            row = self.rules.setdefault(rule, RuleChange(rule))
            row.title = row.title or (finding.title if finding else "")
            row.before[then] += 1
            row.after[now] += 1
            if now == then:
                continue
            changed.append(rule)
            row.newly_failed += now == Verdict.FAIL
            row.no_longer_failed += then == Verdict.FAIL
            kept = self.examples.setdefault(rule, [])
            if finding is not None and len(kept) < self.most:
                first = finding.evidence[0] if finding.evidence else None
                kept.append(
                    Example(
                        before.call_id,
                        rule,
                        finding.title,
                        then,
                        now,
                        finding.why,
                        first.quote if first else "",
                        first.start if first else None,
                    )
                )
        return tuple(changed)

    def _shorten(self) -> None:
        self.biggest.sort(
            key=lambda c: (
                c.vetoed_before is c.vetoed_after,
                -abs(c.score_after - c.score_before),
                c.call_id,
            )
        )
        del self.biggest[self.most :]

    def report(self) -> dict[str, Any]:
        """Everything as plain values for JSON; rules that change come first."""
        self._shorten()
        rows = sorted(
            self.rules.values(), key=lambda r: (-(r.newly_failed + r.no_longer_failed), r.rule)
        )
        mean = max(self.calls, 1)
        return {
            "pack": self.pack,
            "pack_version": self.version,
            "pack_hash": self.pack_hash,
            "calls": self.calls,
            "changed": self.changed,
            "mean_score_before": round(self.sum_before / mean, 2),
            "mean_score_after": round(self.sum_after / mean, 2),
            "vetoed_before": self.vetoes[True, False] + self.vetoes[True, True],
            "vetoed_after": self.vetoes[False, True] + self.vetoes[True, True],
            "grades": [
                {"before": a, "after": b, "calls": n} for (a, b), n in sorted(self.grades.items())
            ],
            "rules": [
                {**asdict(r), "before": dict(r.before), "after": dict(r.after)} for r in rows
            ],
            "biggest": [asdict(change) for change in self.biggest],
            "examples": [asdict(e) for row in rows for e in self.examples.get(row.rule, ())],
        }


def backtest(
    job: Job, since: datetime | None, told: Callable[[int, int], None], most: int = 20
) -> Backtest:
    """Score stored calls with the pack of the job and compare with their results.

    The calls are those that a pack of the same name has scored; when there are none, all of them.
    """
    assert job.pack is not None  # for mypy: the command needs one
    pack = Packs(job.pack, job.packs_folder).of("")
    with Snapshot.open(job.db, job.timezone) as snapshot:
        rows = snapshot.for_scoring(since, pack=pack.name) or snapshot.for_scoring(since)
    call_ids = [row["call_id"] for row in rows]
    result = Backtest(pack.name, pack.version, pack.sha256, most)
    _add_all(result, rescored(job, call_ids), len(call_ids), told)
    return result


def _add_all(
    result: Backtest, chunks: Iterable[list[Pair]], size: int, told: Callable[[int, int], None]
) -> None:
    for pairs in chunks:
        for before, after in pairs:
            result.add(before, after)
        told(result.calls, size)
