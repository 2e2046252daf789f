"""The result that counts: the machine's findings as people decided them, beside the machine's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from pipeline.store import Decided, Filters, LevelChoice, Review, Snapshot, decided_calls

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
    return _result(findings, kept_pack(pack[1], pack[0]), latest_decisions(reviews), levels)


def decided_results(snapshot: Snapshot, filters: Filters) -> Decided:
    """The same of all calls that filters leave and people decided something of, at once.

    Calls nobody decided anything of count as the machine scored them, and are not in it. Where a
    pack was kept without its scorecard the decisions count, but the machine's score stands.
    """
    packs: dict[str, KeptPack | None] = {}
    calls: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    for row in decided_calls(snapshot, filters):
        call_id, pack_hash = row["call_id"], str(row["pack_hash"])
        if pack_hash not in packs:
            packs[pack_hash] = _kept(snapshot, pack_hash)
        kept, said = packs[pack_hash], _said(row["findings"])
        if kept is None:
            findings += [_plain(call_id, f, said) for f in row["findings"] if f["rule"] in said]
            continue
        found, card = _result(row["findings"], kept, said, row["levels"])
        calls.append({"call_id": call_id, **_part(card, "score", "grade", "vetoed")})
        findings += [{"call_id": call_id, **_part(f, "rule", "verdict", "points")} for f in found]
        points += [
            {"call_id": call_id, **_part(i, "number", "worst", "points")} for i in card.items
        ]
        levels += _levels(call_id, card, row["levels"])
    return Decided(calls, findings, points, levels)


def _result(
    findings: Sequence[Row],
    kept: KeptPack,
    rules: Mapping[str, Decision],
    levels: Iterable[LevelChoice],
) -> Result:
    known = {item.item for item in kept.plan.human_items}
    chosen = {one.item: one.level for one in levels if one.item in known}
    decisions = Decisions(rules=rules, levels=chosen)
    return with_decisions(kept.plan, kept, [finding_of(row) for row in findings], decisions)


def _kept(snapshot: Snapshot, pack_hash: str) -> KeptPack | None:
    content = snapshot.pack_content(pack_hash)
    try:
        return None if content is None else kept_pack(content, pack_hash)
    except BadPack:
        return None


def _said(findings: Iterable[Row]) -> dict[str, Decision]:
    return {f["rule"]: Decision(f["decision"]) for f in findings if f["decision"] is not None}


def _plain(call_id: str, finding: Row, said: Mapping[str, Decision]) -> dict[str, Any]:
    """A decided finding whose price nobody knows any more."""
    verdict = DECIDED.get(said[finding["rule"]], Verdict(finding["verdict"]))
    points = finding["points"] if verdict == finding["verdict"] else 0.0
    return {"call_id": call_id, "rule": finding["rule"], "verdict": verdict, "points": points}


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
            "evidence": tuple(Evidence(**item) for item in row["evidence"]),
        }
    )
