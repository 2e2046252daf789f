"""Reading stored calls back as nouns, for scoring them again without hearing them again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.domain import (
    Agent,
    CallHold,
    CallInfo,
    CallMetrics,
    DataClass,
    MaskedTranscript,
    Medium,
    Overlap,
    PastCall,
    PrivateSpan,
    Role,
    Seconds,
    Segment,
    SideVoice,
    Silence,
    Tone,
    ToneMark,
    Verdict,
    Voice,
    Word,
)
from pipeline.store.connection import rows_of, sql

Row = dict[str, Any]
Connection = duckdb.DuckDBPyConnection
INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class StoredText:
    """What is needed to score a stored call again, and the result that it has now."""

    call_id: str
    content_sha256: str
    transcript: MaskedTranscript
    metrics: CallMetrics
    private_spans: tuple[PrivateSpan, ...]
    duration: Seconds | None
    capabilities: frozenset[str]
    pack: str
    pack_hash: str
    score: float
    grade: str
    vetoed: bool
    verdicts: dict[str, Verdict]
    language: str | None = None


def read_texts(connection: Connection, call_ids: Sequence[str]) -> list[StoredText]:
    """The stored calls of these ids, in their order."""
    with_ids = _Asked(connection, call_ids)
    segments, spans = with_ids.by_call("segments", "segment"), with_ids.by_call("private_spans")
    metrics, findings = with_ids.by_call("metrics"), with_ids.by_call("findings", "finding")
    found = {str(row["call_id"]): row for row in with_ids.rows("calls")}
    return [
        _text(found[call], segments[call], spans[call], metrics[call], findings[call])
        for call in call_ids
        if call in found
    ]


def read_history(
    connection: Connection, customers: Iterable[str]
) -> dict[str, tuple[PastCall, ...]]:
    """All calls of these customers, oldest first, by customer."""
    wanted = pa.table({"customer_id": pa.array(sorted(set(customers)), pa.string())})
    connection.register(INCOMING, wanted)
    try:
        rows: list[Row] = rows_of(connection, sql("list_past_calls"))
    finally:
        connection.unregister(INCOMING)
    calls: dict[str, list[PastCall]] = defaultdict(list)
    for row in rows:
        calls[row["customer_id"]].append(_past(row))
    return {customer: tuple(own) for customer, own in calls.items()}


class _Asked:
    """Rows of the asked calls, table by table."""

    def __init__(self, connection: Connection, call_ids: Sequence[str]) -> None:
        self._connection = connection
        self._ids = pa.table({"call_id": pa.array(list(call_ids), pa.string())})

    def rows(self, table: str, order: str = "") -> list[Row]:
        query = f"SELECT * FROM {table} SEMI JOIN {INCOMING} USING (call_id)"  # noqa: S608
        self._connection.register(INCOMING, self._ids)
        try:
            return rows_of(self._connection, query + (f" ORDER BY {order}" if order else ""))
        finally:
            self._connection.unregister(INCOMING)

    def by_call(self, table: str, order: str = "") -> defaultdict[str, list[Row]]:
        grouped: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table, order):
            grouped[row["call_id"]].append(row)
        return grouped


def _text(
    call: Row, segments: list[Row], spans: list[Row], metrics: list[Row], findings: list[Row]
) -> StoredText:
    return StoredText(
        call_id=call["call_id"],
        content_sha256=call["content_sha256"],
        transcript=MaskedTranscript(_info(call), tuple(_segment(row) for row in segments)),
        metrics=_metrics(metrics[0]),
        private_spans=tuple(_span(row) for row in spans),
        duration=call["duration"],
        capabilities=frozenset(call["capabilities"]),
        language=call["language"],
        pack=call["pack"],
        pack_hash=call["pack_hash"],
        score=call["score"],
        grade=call["grade"],
        vetoed=call["vetoed"],
        verdicts={row["rule"]: Verdict(row["verdict"]) for row in findings},
    )


def _info(call: Row) -> CallInfo:
    return CallInfo(
        call_id=call["call_id"],
        medium=Medium(call["channel"]),
        business_line=call["business_line"],
        direction=call["direction"],
        started_at=call["started_at"],
        agent=Agent(call["agent_id"], call["agent_name"], call["team"]),
        customer_id=call["customer_id"],
        agent_channel=call["agent_channel"],
        attributes=_attributes(call["attributes"]),
        missing=tuple(call["missing"]),
    )


def _attributes(text: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(text).items() if value is not None}


def _segment(row: Row) -> Segment:
    words = tuple(Word(**word) for word in row["words"] or ())
    known = {name: row[name] for name in _SEGMENT if name in row}
    voice = row.get("voice")
    return Segment(
        **{**known, "role": Role(row["role"]), "words": words},
        voice=None if voice is None else Voice(**voice),
    )


_SEGMENT = ("role", "text", "start", "end", "confidence", "channel", "level", "speaker")


def _span(row: Row) -> PrivateSpan:
    own = {name: value for name, value in row.items() if name not in ("call_id", "class")}
    return PrivateSpan(**{**own, "role": Role(row["role"]), "data_class": DataClass(row["class"])})


def _metrics(row: Row) -> CallMetrics:
    """Measures as they were stored; what a call was not measured for then is left out."""
    own = {name: value for name, value in row.items() if name != "call_id"}
    lists = {name: tuple(map(make, row.get(name) or ())) for name, make in _LISTS.items()}
    sides = {name: _side(row.get(name)) for name in ("agent", "customer")}
    return CallMetrics(**{**own, **lists, **sides})


def _silence(item: Row) -> Silence:
    return Silence(**{**item, "left_by": Role(item.get("left_by") or Role.UNKNOWN)})


def _overlap(item: Row) -> Overlap:
    return Overlap(**{**item, "backchannel": bool(item.get("backchannel"))})


def _hold(item: Row) -> CallHold:
    return CallHold(**item)


def _tone(item: Row) -> ToneMark:
    return ToneMark(**{**item, "tone": Tone(item["tone"])})


_LISTS: dict[str, Callable[[Row], object]] = {
    "silences": _silence,
    "overlaps": _overlap,
    "holds": _hold,
    "tones": _tone,
}


def _side(item: Row | None) -> SideVoice | None:
    return None if item is None else SideVoice(**item)


def _past(row: Row) -> PastCall:
    own = {name: value for name, value in row.items() if name not in ("customer_id", "channel")}
    sets = {name: frozenset(row[name]) for name in ("passed", "failed")}
    return PastCall(
        **{**own, **sets, "medium": Medium(row["channel"])}
        | {"attributes": _attributes(row["attributes"])}
    )
