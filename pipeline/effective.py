"""The result that counts: the machine's findings as people decided them, beside the machine's."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from pipeline.domain import (
    ControlPointScore,
    Decision,
    Decisions,
    Evidence,
    Finding,
    Scorecard,
    Severity,
    Verdict,
)
from pipeline.errors import BadPack
from pipeline.rules.kept import KeptPack, kept_pack
from pipeline.scoring import DECIDED, with_decisions
from pipeline.store import (
    Decided,
    Filters,
    LevelChoice,
    Review,
    Snapshot,
    decided_calls,
    findings_of,
)

Row = Mapping[str, Any]
Result = tuple[tuple[Finding, ...], Scorecard]


def human_result(
    findings: Sequence[Row],
    pack: tuple[str, Mapping[str, Any]],
    reviews: Iterable[Review],
    levels: Iterable[LevelChoice],
) -> Result:
    """What a call's stored findings come to with all decisions, under the pack that scored it.

    `pack`: its hash and content. BadPack when that was kept without its scorecard.
    """
    stored, kept = [finding_of(row) for row in findings], kept_pack(pack[1], pack[0])
    return _result(stored, kept, latest_decisions(reviews), levels)


def decided_results(snapshot: Snapshot, filters: Filters) -> Decided:
    """The same of all calls that filters leave and people decided or corrected something of.

    Calls nobody decided anything of count as the machine scored them, and are not in it. Where a
    pack was kept without its scorecard the decisions count, but the machine's score stands. What
    was worked out of a call is remembered until somebody decides something else of it.
    """
    calls = decided_calls(snapshot, filters)
    keys = {call["call_id"]: _key(snapshot, call) for call in calls}
    known = {call_id: _REMEMBERED.get(key) for call_id, key in keys.items()}
    fresh = [call for call in calls if known[call["call_id"]] is None]
    if fresh:
        packs = {one: _kept(snapshot, one) for one in {str(call["pack_hash"]) for call in fresh}}
        findings = findings_of(snapshot, fresh)
        for call in fresh:
            call_id = call["call_id"]
            found = findings.get(call_id, [])
            known[call_id] = made = _changed(call, found, packs[str(call["pack_hash"])])
            _REMEMBERED.put(keys[call_id], made)
    parts = [part for part in known.values() if part is not None]
    names = ("calls", "findings", "points", "levels")
    return Decided(*([row for part in parts for row in getattr(part, name)] for name in names))


class _Memory:
    """What was worked out last, of so many calls; for all threads of this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._kept: OrderedDict[Hashable, Decided] = OrderedDict()

    def get(self, key: Hashable) -> Decided | None:
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, made: Decided) -> None:
        with self._guard:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


_REMEMBERED = _Memory(50_000)


def _key(snapshot: Snapshot, call: Row) -> Hashable:
    """Everything that the result rests on."""
    said = tuple((one["rule"], one["decision"]) for one in call["decisions"] or ())
    levels = tuple((one.item, one.level, one.reviewer) for one in call["levels"])
    own = (call["call_id"], call["correction"])
    return str(snapshot.layout.db), snapshot.version, *own, said, levels


def _changed(call: Row, findings: Sequence[Row], kept: KeptPack | None) -> Decided:
    """What people changed of one call."""
    call_id, corrected = call["call_id"], call["corrected"]
    said = {one["rule"]: Decision(one["decision"]) for one in call["decisions"] or ()}
    read = [{**row, **corrected.get(row["rule"], {})} for row in findings]
    still_open = sum(_flagged(row) and row["rule"] not in said for row in read)
    base: dict[str, Any] = {
        "call_id": call_id, "settled": sum(map(_flagged, findings)) - still_open
    }  # fmt: skip
    if kept is None:
        touched_rows = [row for row in read if row["rule"] in said or row["rule"] in corrected]
        return Decided([base], [_row(row, *_plain(row, said)) for row in touched_rows])
    found, card = _result([_finding(row) for row in read], kept, said, call["levels"])
    rows = [
        _row(row, one.verdict, one.points)
        for stored, row, one in zip(findings, read, found, strict=True)
        if one.rule in corrected
        or (stored["verdict"], stored["points"]) != (one.verdict, one.points)
    ]
    items = [item for item in card.human_items if item.level is not None]
    touched = {row["control_point"] for row in rows} | {item.control_point for item in items}
    lines = [
        {"call_id": call_id, **_part(line, "number", "worst", "points")}
        for line in card.items
        if any(f"{number}.".startswith(f"{line.number}.") for number in touched)
    ]
    base |= _part(card, "score", "grade", "vetoed")
    return Decided([base], rows, lines, _levels(call_id, card, call["levels"]))


def _flagged(row: Row) -> bool:
    return row["verdict"] in ("fail", "unsure")


def _finding(row: Row) -> Finding:
    """A finding with what scoring looks at."""
    return Finding(
        rule=row["rule"], title=row["title"], checks=(), control_point=row["control_point"],
        verdict=Verdict(row["verdict"]), severity=Severity(row["severity"]), points=row["points"],
        why="", confidence=1.0, evidence=_evidence(row), key_point=row["key_point"],
        veto=row["veto"], places=row["places"],
    )  # fmt: skip


def _row(row: Row, verdict: Verdict, points: float) -> dict[str, Any]:
    """A finding as it counts."""
    names = (
        "call_id", "finding", "rule", "title", "title_en", "control_point", "severity", "veto",
    )  # fmt: skip
    first = row["evidence"][0] if row["evidence"] else {"segment": None, "quote": None}
    return {
        **{name: row[name] for name in names}, "segment": first["segment"],
        "quote": first["quote"], "machine_verdict": row["verdict"], "verdict": verdict,
        "points": points,
    }  # fmt: skip


def _result(
    findings: Sequence[Finding],
    kept: KeptPack,
    rules: Mapping[str, Decision],
    levels: Iterable[LevelChoice],
) -> Result:
    known = {(item.item, name) for item in kept.plan.human_items for name, _ in item.levels}
    chosen = {one.item: one.level for one in levels if (one.item, one.level) in known}
    decisions = Decisions(rules=rules, levels=chosen)
    return with_decisions(kept.plan, kept, findings, decisions)


def _kept(snapshot: Snapshot, pack_hash: str) -> KeptPack | None:
    content = snapshot.pack_content(pack_hash)
    try:
        return None if content is None else kept_pack(content, pack_hash)
    except BadPack:
        return None


def _plain(finding: Row, said: Mapping[str, Decision]) -> tuple[Verdict, float]:
    """A finding whose price nobody knows any more, as it was decided."""
    machine = Verdict(finding["verdict"])
    decision = said.get(finding["rule"])
    verdict = machine if decision is None else DECIDED.get(decision, machine)
    return verdict, finding["points"] if verdict == finding["verdict"] else 0.0


def _levels(call_id: str, card: Scorecard, chosen: Iterable[LevelChoice]) -> list[dict[str, Any]]:
    """The levels that cost something, and who chose them."""
    by = {one.item: one.reviewer for one in chosen}
    return [
        {
            "call_id": call_id, "item": item.item, "title": item.title, "title_en": item.title_en,
            "number": item.control_point, "level": item.level, "points": item.points,
            "reviewer": by[item.item],
        }
        for item in card.human_items
        if item.level is not None and item.points < 0
    ]  # fmt: skip


def _part(one: Finding | Scorecard | ControlPointScore, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def latest_decisions(reviews: Iterable[Review]) -> dict[str, Decision]:
    """The decision that counts per rule; `reviews` oldest first, comments decide nothing."""
    return {
        review.rule: review.decision
        for review in reviews
        if review.rule is not None and review.decision is not Decision.COMMENT
    }


def finding_of(row: Row) -> Finding:
    """A stored finding as the noun it was."""
    values = {name: row[name] for name in Finding.__dataclass_fields__}
    return Finding(
        **{
            **values,
            "checks": tuple(row["checks"]),
            "verdict": Verdict(row["verdict"]),
            "severity": Severity(row["severity"]),
            "evidence": _evidence(row),
        }
    )


def _evidence(row: Row) -> tuple[Evidence, ...]:
    """As it was; findings of before nobody marked what is missing have no `sought`."""
    return tuple(Evidence(**{**item, "sought": bool(item["sought"])}) for item in row["evidence"])
