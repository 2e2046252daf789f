"""Call reports as rows: one function per table, one key per column of the migrations."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from pipeline.domain import CallReport, Finding, RoleBasis, Scorecard, Severity, Verdict
from pipeline.store.spool import Spooled

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = dict[str, object]
# Tables whose rows belong to one call, in the order in which they are written.
CALL_TABLES = (
    "calls",
    "segments",
    "findings",
    "control_points",
    "private_spans",
    "metrics",
    "removed",
    "sounds",
    "learned",  # written later, by models; gone with a text that is replaced
)


def rows_of_call(entry: Spooled, call_id: str, zone: tzinfo) -> dict[str, list[Row]]:
    """All rows of one call by table; `zone` is meant where `started_at` names none."""
    report = entry.report
    tables: dict[str, list[Row]] = {
        "calls": [_call(entry, zone)],
        "segments": _segments(report),
        "findings": _findings(report),
        "control_points": _control_points(report),
        "private_spans": _private_spans(report),
        "metrics": [_metrics(report)],
        "removed": [_shallow(item) for item in report.removed],
        "sounds": [{**_shallow(item), "kind": item.kind.value} for item in report.sounds],
    }
    for rows in tables.values():
        for row in rows:
            row["call_id"] = call_id
    return tables


def arrow_table(rows: list[Row], schema: pa.Schema) -> pa.Table:
    """Rows as Arrow; every column must be there: a forgotten one is an error, not a null."""
    wanted, given = set(schema.names), set(rows[0]) if rows else set(schema.names)
    if wanted != given:
        raise RuntimeError(f"columns differ: missing {wanted - given}, unknown {given - wanted}")
    return pa.Table.from_pylist(rows, schema=schema)


def aware(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return the same moment with a time zone."""
    return moment.replace(tzinfo=zone) if moment and moment.tzinfo is None else moment


def worst_finding(findings: Iterable[Finding]) -> Finding | None:
    """Choose the failed finding to show first: gravest, then a veto, then the most points."""
    failed = (finding for finding in findings if finding.verdict is Verdict.FAIL)
    return min(failed, key=lambda f: (f.severity.rank, not f.veto, f.points), default=None)


def _call(entry: Spooled, zone: tzinfo) -> Row:
    report, info = entry.report, entry.report.info
    return {
        "content_sha256": report.provenance.content_sha256,
        "channel": info.medium.value,
        "business_line": info.business_line,
        "direction": info.direction,
        "started_at": aware(info.started_at, zone),
        "duration": report.duration,
        "agent_id": info.agent.id,
        "agent_name": info.agent.name,
        "team": info.agent.team,
        "customer_id": info.customer_id,
        "agent_channel": info.agent_channel,
        "attributes": _json(info.attributes),
        "missing": list(info.missing),
        "capabilities": sorted(report.capabilities),
        "notes": list(report.notes),
        "removed_count": len(report.removed),
        "language": report.language,
        "role_basis": _role_basis(report.roles),
        "run_id": entry.run_id,
        "processed_at": entry.written_at,
        "scored_at": entry.written_at,
        "compared_at": None,
        **_technical(report),
        **_verdict(report),
    }


def _technical(report: CallReport) -> Row:
    audio, made_by = report.audio, report.provenance
    return {
        "audio_container": audio.container if audio else None,
        "audio_codec": audio.codec if audio else None,
        "audio_sample_rate": audio.sample_rate if audio else None,
        "audio_channels": audio.channels if audio else None,
        "engine": made_by.engine,
        "model": made_by.model,
        "revision": made_by.revision,
        "device": report.engine.device if report.engine else None,
        "pack_hash": made_by.pack_hash,
        "settings_hash": made_by.settings_hash,
        "code_version": made_by.code_version,
    }


class Scored(Protocol):
    """A result: what the rules say and what it makes."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One per rule."""

    @property
    def scorecard(self) -> Scorecard:
        """The machine's score."""


def rows_of_result(result: Scored) -> dict[str, list[Row]]:
    """The rows of findings and scorecard, and the columns of `calls` that they change."""
    return {
        "calls": [{**_verdict(result), "pack_hash": result.scorecard.pack_hash}],
        "findings": _findings(result),
        "control_points": _control_points(result),
    }


def _verdict(report: Scored) -> Row:
    card, top = report.scorecard, worst_finding(report.findings)
    failed = [f.severity for f in report.findings if f.verdict is Verdict.FAIL]
    return {
        "pack": card.pack,
        "pack_version": card.pack_version,
        "score": card.score,
        "grade": card.grade,
        "vetoed": card.vetoed,
        "worst_severity": top.severity.value if top else None,
        "top_rule": top.rule if top else None,
        "top_title": top.title if top else None,
        "top_title_en": top.title_en if top else None,
        "fails": len(failed),
        "fails_critical": failed.count(Severity.CRITICAL),
        "fails_major": failed.count(Severity.MAJOR),
        "fails_minor": failed.count(Severity.MINOR),
        "unsure": sum(f.verdict is Verdict.UNSURE for f in report.findings),
    }


def _segments(report: CallReport) -> list[Row]:
    return [
        {
            "segment": index,
            "role": segment.role.value,
            "channel": segment.channel,
            "start": segment.start,
            "end": segment.end,
            "text": segment.text,
            "confidence": segment.confidence,
            "level": segment.level,
            "speaker": segment.speaker,
            "voice": _nested(segment.voice),
            "words": [
                {"text": w.text, "start": w.start, "end": w.end, "confidence": w.confidence}
                for w in segment.words
            ],
        }
        for index, segment in enumerate(report.transcript.segments)
    ]


def _findings(report: Scored) -> list[Row]:
    return [
        {
            **_shallow(finding),
            "finding": index,
            "evidence": [_shallow(evidence) for evidence in finding.evidence],
        }
        for index, finding in enumerate(report.findings)
    ]


def _control_points(report: Scored) -> list[Row]:
    return [{**_shallow(item), "item": index} for index, item in enumerate(report.scorecard.items)]


def _private_spans(report: CallReport) -> list[Row]:
    rows = []
    for span in report.private_spans:
        row = _shallow(span)
        row["class"] = row.pop("data_class")
        rows.append(row)
    return rows


def _metrics(report: CallReport) -> Row:
    found = report.metrics
    lists = {name: getattr(found, name) for name in ("silences", "overlaps", "holds", "tones")}
    return {
        **_shallow(found),
        **{name: [_shallow(item) for item in items] for name, items in lists.items()},
        "agent": _nested(found.agent),
        "customer": _nested(found.customer),
    }


def _role_basis(basis: RoleBasis | None) -> Row | None:
    if basis is None:
        return None
    return {**_shallow(basis), "cues": [_shallow(cue) for cue in basis.cues]}


def _nested(noun: DataclassInstance | None) -> Row | None:
    return None if noun is None else _shallow(noun)


def _shallow(noun: DataclassInstance) -> Row:
    """Fields by name; `dataclasses.asdict` copies deeply and took a third of the loader's time."""
    return {field.name: getattr(noun, field.name) for field in fields(noun)}


def _json(value: Mapping[str, object]) -> str:
    """JSON has no not-a-number; such an attribute says nothing and becomes null."""
    plain = {
        key: None if isinstance(item, float) and not math.isfinite(item) else item
        for key, item in value.items()
    }
    return json.dumps(plain, ensure_ascii=False)
