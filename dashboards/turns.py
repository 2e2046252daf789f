"""The turns of a call as its transcript shows them: what was said, corrected, found there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import correcting, strip
from dashboards.language import clock, title_of
from pipeline.corrected import in_force
from pipeline.domain import Severity
from pipeline.store import StoredCall

Row = Mapping[str, Any]


def turns_of(call: StoredCall) -> list[dict[str, Any]]:
    """One entry a turn, for the component."""
    marks, rows, corrections = _marks(call.findings), strip.lanes(call), in_force(call)
    return [
        {
            "segment": row["segment"],
            "role": row["role"],
            "start": row["start"],
            "end": strip.end_of(row),
            "lane": strip.lane_of(row, rows),
            "time": clock(row["start"]) if row["start"] is not None else "",
            "text": row["text"],
            "marks": marks.get(row["segment"], []),
            "corrected": correcting.note(corrections.get(row["segment"])),
        }
        for row in call.segments
    ]


def _marks(findings: Sequence[Row]) -> dict[int, list[dict[str, str]]]:
    """Segment → the failed and unsure findings that found something there."""
    marks: dict[int, list[dict[str, str]]] = {}
    for finding in ordered(findings, "fail", "unsure"):
        mark = {
            "rule": finding["rule"],
            "title": title_of(finding),
            "tone": strip.tone_of(finding),
        }
        for segment in {i["segment"] for i in finding["evidence"] if not i["sought"]}:
            marks.setdefault(segment, []).append(mark)
    return marks


def ordered(findings: Sequence[Row], *verdicts: str) -> list[Row]:
    """The findings with these verdicts, in this order, the gravest first."""
    chosen = [finding for finding in findings if finding["verdict"] in verdicts]
    return sorted(
        chosen,
        key=lambda f: (
            verdicts.index(f["verdict"]),
            not f["veto"],
            Severity(f["severity"]).rank,
            f["points"],
        ),
    )
