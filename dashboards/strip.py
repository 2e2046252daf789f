"""What the strip above a transcript shows: lanes, the wave, and what happens when.

Times are seconds from the beginning. Words are made here, drawing is the browser's: see
`components/strip.js`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.hearing import Hearing
from dashboards.language import SEVERITY_TONE, named, number, percent, t, title_of
from dashboards.peaks import Peaks
from pipeline.domain import Role, Seconds
from pipeline.store import StoredCall

Row = Mapping[str, Any]
CLEAR_SHARE = 0.8  # of a channel's speech by one role: then it bears that role's name
PARTNER: Mapping[Role | None, Role] = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}
ORDER = (Role.AGENT, None, Role.UNKNOWN, Role.CUSTOMER)  # from top to bottom


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel of a two-channel call, or one role of a transcript, or (neither) everything."""

    role: Role | None = None
    channel: int | None = None


def lanes(call: StoredCall) -> list[Lane]:
    """The lanes of a call from top to bottom, the agent's first."""
    if "stereo" in call.call["capabilities"]:
        found = [Lane(role, side) for side, role in enumerate(_sides(call.segments))]
        return sorted(found, key=lambda lane: ORDER.index(lane.role))
    heard = {Role(row["role"]) for row in call.segments if row["start"] is not None}
    if call.call["audio_codec"] is None and len(heard) > 1:
        return [Lane(role) for role in Role if role in heard]
    return [Lane()]


def lane_of(row: Row, rows: Sequence[Lane]) -> int:
    """In which lane a turn or a sound lies."""
    for n, lane in enumerate(rows):
        if lane.channel is not None and lane.channel == row.get("channel"):
            return n
    role = row.get("role")
    return next((n for n, lane in enumerate(rows) if lane.role == role), 0)


def strip(call: StoredCall, heard: Hearing, *, whole: bool) -> dict[str, Any] | None:
    """Everything but the turns; None where nothing has a time."""
    rows, length = lanes(call), _length(call, heard)
    if call.call["channel"] != "voice" or not length:
        return None
    roles = {row["segment"]: row["role"] for row in call.segments}
    events = [
        *_private(heard, whole=whole),
        *_silences(call.metrics["silences"]),
        *_overlaps(call.metrics["overlaps"], roles),
        *_sounds(call, rows),
    ]
    return {
        "call": call.call["call_id"],
        "length": length,
        "lanes": [_named(lane) for lane in rows],
        "wave": None if heard.peaks is None else wave_of(heard.peaks, rows),
        "events": events,
        "findings": list(_findings(call.findings)),
        "legend": _legend(events, call.findings),
        "words": _words(),
    }


def end_of(row: Row) -> Seconds | None:
    """When a turn or a piece of evidence ends, where it says so; else when it begins."""
    found: Seconds | None = row["start"] if row["end"] is None else row["end"]
    return found


def _length(call: StoredCall, heard: Hearing) -> Seconds:
    ends = [row["end"] for row in call.segments if row["end"] is not None]
    known = (call.call["duration"], heard.peaks.seconds if heard.peaks else None)
    return max([seconds for seconds in (*known, *ends) if seconds], default=0.0)


def _sides(segments: Sequence[Row]) -> list[Role | None]:
    """Who speaks on each of two channels; a silent one is the other's partner."""
    roles = [_role_of([row for row in segments if row["channel"] == side]) for side in (0, 1)]
    for side in (0, 1):
        if all(row["channel"] != side for row in segments):
            roles[side] = PARTNER.get(roles[1 - side])
    return roles


def _role_of(segments: Sequence[Row]) -> Role | None:
    """Whose channel it is; None when nobody speaks there, or both do."""
    seconds: Counter[str] = Counter()
    for row in segments:
        if row["start"] is not None:
            seconds[row["role"]] += (row["end"] or row["start"]) - row["start"]
    if not seconds:
        return None
    role, most = seconds.most_common(1)[0]
    return Role(role) if most >= CLEAR_SHARE * seconds.total() else None


def _named(lane: Lane) -> dict[str, Any]:
    side = "" if lane.channel is None else named("side", lane.channel)
    name = named("role", lane.role) if lane.role else side
    return {"role": lane.role, "name": name, "side": side if lane.role else ""}


def wave_of(peaks: Peaks, rows: Sequence[Lane]) -> dict[str, Any]:
    """The figures of each lane; `sources` are the channels of the file that it shows."""
    every = range(len(peaks.channels))
    sources = [list(every) if lane.channel is None else [lane.channel] for lane in rows]
    return {
        "points": [
            [max(at) for at in zip(*(peaks.channels[c] for c in source), strict=True)]
            for source in sources
        ],
        "sources": sources,
        "step": peaks.step,
        "seconds": peaks.seconds,
        "full": peaks.full,
        "offset": peaks.pcm.offset,
        "rate": peaks.pcm.rate,
        "channels": peaks.pcm.channels,
    }


def _event(kind: str, row: Row, label: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "start": row["start"], "end": row["end"], "label": label, "text": text}


def _private(heard: Hearing, *, whole: bool) -> Iterator[dict[str, Any]]:
    text = _private_name(heard, whole=whole)
    for start, end in heard.private:
        yield _event("private", {"start": start, "end": end}, t("strip_private_short"), text)


def _private_name(heard: Hearing, *, whole: bool) -> str:
    if heard.wav is None:
        return t("strip_private_short")
    return t("strip_private_heard") if whole else t("strip_private")


def _silences(silences: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for row in silences:
        seconds = t("seconds", n=number(row["end"] - row["start"], 1))
        role = row.get("left_by") or Role.UNKNOWN
        whose = "" if role == Role.UNKNOWN else t("strip_turn_of", who=named("role", role))
        yield _event("silence", row, seconds, t("strip_silence", n=seconds) + whose)


def _overlaps(overlaps: Sequence[Row], roles: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Who came in, whether to say something, and who stopped for the other."""
    for row in overlaps:
        mere, yields = bool(row.get("backchannel")), row.get("yields")
        who = named("role", roles.get(row["by"], Role.UNKNOWN))
        came_in = t("strip_mere", who=who) if mere else t("strip_broke_in", who=who)
        seconds = t("seconds", n=number(row["end"] - row["start"], 1))
        text = t("strip_overlap", n=seconds, who=came_in)
        if yields is not None:
            stops = named("role", roles.get(yields, Role.UNKNOWN))
            text += t("strip_yields", who=stops)
        yield {**_event("overlap", row, came_in, text), "mere": mere}


def _sounds(call: StoredCall, rows: Sequence[Lane]) -> Iterator[dict[str, Any]]:
    for row in call.sounds:
        name = named("sound", row["kind"])
        keys = t("keys_line", n=row["detail"]) if row["kind"] == "keypad" else ""
        sure = f"{t('confidence')} {percent(row['confidence'])}"
        yield {**_event("sound", row, name, f"{name}{keys}　{sure}"), "lane": lane_of(row, rows)}


def _findings(findings: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """One mark per piece of evidence that has a time, found of what failed and is unsure."""
    for finding in findings:
        if finding["verdict"] not in ("fail", "unsure"):
            continue
        tone = tone_of(finding)
        how = named(*_severity(tone))
        for item in finding["evidence"]:
            if item["start"] is not None and not item["sought"]:
                yield {
                    "rule": finding["rule"],
                    "title": title_of(finding),
                    "tone": tone,
                    "how": how,
                    "segment": item["segment"],
                    "start": item["start"],
                    "end": end_of(item),
                }


def tone_of(finding: Row) -> str:
    """Return the class of a failed or unsure finding's mark."""
    return SEVERITY_TONE[finding["severity"]] if finding["verdict"] == "fail" else "warn"


def _severity(tone: str) -> tuple[str, str]:
    return ("verdict", "unsure") if tone == "warn" else ("severity", tone)


def _legend(events: Sequence[Row], findings: Sequence[Row]) -> list[tuple[str, str]]:
    """Kinds of marks that this call has, with their names; the roles are the browser's."""
    kinds = {event["kind"] for event in events}
    names = {
        "silence": t("strip_silences"),
        "overlap": t("metric_overlaps"),
        "private": next((event["text"] for event in events if event["kind"] == "private"), ""),
        "sound": t("metric_sounds"),
    }
    tones = {finding["tone"] for finding in _findings(findings)}
    marks = [tone for tone in (*SEVERITY_TONE.values(), "warn") if tone in tones]
    shown = [(kind, name) for kind, name in names.items() if kind in kinds]
    return shown + [(tone, named(*_severity(tone))) for tone in marks]


WORDS = (
    *("play", "pause", "speed", "mute", "volume", "zoom_in", "zoom_out", "fit", "help", "keys"),
    *("position", "marks", "scroll", "failed", "unplayable"),
)


def _words() -> dict[str, str]:
    """Names of what the strip is worked with."""
    return {word: t(f"strip_{word}") for word in WORDS}
