"""What is known about a call beside its findings, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboards.language import clock, listed, named, number, percent, t
from pipeline.domain import Role
from pipeline.store import CAPABILITIES, StoredCall

Row = Mapping[str, Any]
Pairs = list[tuple[str, str]]
MOST_CUES = 5
CLIPPED = 0.001  # a share below this is a click


def _seconds(value: float | None) -> str:
    return "—" if value is None else t("seconds", n=number(value, 1))


def measures(call: StoredCall) -> Pairs:
    """What was measured, and what was taken out or masked."""
    found = call.metrics
    removed = [_removed(row) for row in call.removed]
    kinds = sorted({named("kind", span["kind"]) for span in call.private_spans})
    return [
        (t("metric_turns"), number(found["turns"])),
        (t("metric_characters"), number(found["characters"])),
        (t("metric_agent_rate"), number(found["agent_rate"])),
        (t("metric_customer_rate"), number(found["customer_rate"])),
        (t("metric_articulation"), _sides(found, lambda side: number(side["articulation"]))),
        (t("metric_agent_share"), percent(found["agent_share"])),
        (t("metric_reply"), _sides(found, _reply)),
        (t("metric_silence_total"), _seconds(found["silence_total"])),
        (t("metric_silence_longest"), _seconds(found["silence_longest"])),
        (t("metric_silence_left"), _left(found)),
        (t("metric_holds"), _holds(found["holds"])),
        (t("metric_overlaps"), _overlaps(found["overlaps"])),
        (t("metric_breaks_in"), _sides(found, _breaks_in)),
        (t("metric_pauses"), _sides(found, _pauses)),
        (t("metric_loudness"), _sides(found, _loudness)),
        (t("metric_pitch"), _sides(found, _pitch)),
        (t("metric_tone"), _tones(call)),
        (t("metric_hangup_lag"), _seconds(found["hangup_lag"])),
        (t("metric_hold"), _seconds(found["hold_seconds"])),
        (t("metric_sounds"), "　".join(_sound(row) for row in call.sounds) or "—"),
        (t("metric_removed"), "　".join([t("places", n=len(removed)), *removed])),
        (t("metric_private"), "　".join([t("places", n=len(call.private_spans)), *kinds])),
    ]


def _sides(found: Row, words: Callable[[Row], str]) -> str:
    """Write something of both sides; `—` where the two are not told apart, or it says nothing."""
    said = {
        role: words(found[role]) for role in (Role.AGENT, Role.CUSTOMER) if found[role] is not None
    }
    if all(text in ("", "—") for text in said.values()):
        return "—"
    return "　".join(f"{named('role', role)} {text or '—'}" for role, text in said.items())


def _reply(side: Row) -> str:
    if side["reply_median"] is None:
        return ""
    usual, longest = _seconds(side["reply_median"]), _seconds(side["reply_longest"])
    return t("reply_line", usual=usual, longest=longest)


def _left(found: Row) -> str:
    """Whose turn it was while nobody spoke, and how much of it nobody can tell."""
    sides = _sides(found, lambda side: _seconds(side["silence_left"]))
    if sides == "—":
        return sides
    known = sum(found[role]["silence_left"] for role in (Role.AGENT, Role.CUSTOMER))
    return f"{sides}　{t('left_unsure', s=_seconds(max(found['silence_total'] - known, 0.0)))}"


def _holds(holds: Sequence[Row] | None) -> str:
    if holds is None:
        return "—"
    seconds = sum(hold["end"] - hold["start"] for hold in holds)
    unannounced = sum(not hold["announced"] for hold in holds)
    if not holds:
        return t("times", n=0)
    return t("holds_line", n=len(holds), s=_seconds(seconds), unannounced=unannounced)


def _overlaps(overlaps: Sequence[Row]) -> str:
    mere = sum(bool(overlap["backchannel"]) for overlap in overlaps)
    said = t("times", n=len(overlaps))
    return f"{said}　{t('overlaps_mere', n=mere)}" if mere else said


def _breaks_in(side: Row) -> str:
    if side["breaks_in"] is None:
        return ""
    return t("breaks_in_line", n=side["breaks_in"], gives=side["gives_way"])


def _pauses(side: Row) -> str:
    if side["pauses"] is None:
        return ""
    return t("pauses_line", n=side["pauses"], longest=_seconds(side["longest_pause"]))


def _loudness(side: Row) -> str:
    if side["loudness"] is None:
        return ""
    said = t("loudness_line", n=number(side["loudness"], 1))
    if side["clipped"] is not None and side["clipped"] >= CLIPPED:
        said += f"　{t('clipped_line', share=percent(side['clipped'], 1))}"
    return said


def _pitch(side: Row) -> str:
    if side["pitch"] is None:
        return ""
    return t("pitch_line", hertz=number(side["pitch"]), semitones=number(side["movement"], 1))


def _tones(call: StoredCall) -> str:
    """The turns that stand out from their speaker's usual voice, each with the reason."""
    found = call.metrics
    rows = {row["segment"]: row for row in call.segments}
    lines = []
    for role in (Role.AGENT, Role.CUSTOMER):
        side = found[role]
        if side is None:
            continue
        own = [mark for mark in found["tones"] or () if rows[mark["segment"]]["role"] == role]
        if side["compared"] is None:
            said = t("tone_unmeasured")
        elif not own:
            said = t("tone_calm", n=side["compared"])
        else:
            said = "；".join(_tone(mark, rows[mark["segment"]]) for mark in own)
        lines.append(f"{named('role', role)} {said}")
    return "　".join([*lines, t("tone_note")]) if lines else "—"


def _tone(mark: Row, segment: Row) -> str:
    """One turn: when, how far it stands out, and by how much."""
    parts = [
        t(f"tone_{name}", n=f"{mark[name]:g}")
        for name in ("louder", "higher", "faster", "wider")
        if mark[name] is not None
    ]
    said = listed(parts)
    how = mark["tone"]
    return f"{clock(segment['start'])} {t(f'tone_{how}')}{said}"


def source(call: StoredCall, *, customer: bool = True) -> Pairs:
    """Where a call comes from, what it was processed with, what it can and cannot carry.

    `customer` False: without what may tell who the customer is.
    """
    row = call.call
    able = set(row["capabilities"])
    lacking = [name for name in CAPABILITIES if name not in able]
    made_by = (row[name] for name in ("engine", "model", "revision", "device"))
    engine = "　".join(str(part) for part in made_by if part)
    telling = (
        [
            (t("file_names"), "，".join(dict.fromkeys(Path(name).name for name in call.names))),
            (t("customer"), row["customer_id"]),
            (t("attributes"), _attributes(row["attributes"])),
        ]
        if customer
        else []
    )
    pairs = [
        *telling,
        (t("audio_format"), _audio(row)),
        (t("engine"), engine),
        (t("pack"), f"{named('line', row['pack'])} {row['pack_version']}"),
        (t("missing_data"), _list("missing", row["missing"])),
        (t("role_basis"), _roles(row)),
        (t("capabilities"), _list("can", sorted(able))),
        (t("capabilities_lacking"), _list("can", lacking)),
        (t("notes"), _list("note", row["notes"])),
    ]
    return [(name, value or "—") for name, value in pairs]


def _removed(row: Row) -> str:
    reason = named("reason", row["reason"])
    return t("removed_line", start=clock(row["start"]), n=row["characters"], reason=reason)


def _roles(row: Row) -> str:
    """Say which side is the agent, how sure that is, and what speaks for it most."""
    basis = row["role_basis"]
    if basis is None:
        return ""
    agent, customer = basis["agent"], basis["customer"]
    if agent is None and customer is None:
        return t("roles_untold")
    stereo = "stereo" in row["capabilities"]
    parts = [
        f"{named('role', role)} {named('side', side) if stereo else t('voice_n', n=side + 1)}"
        for role, side in ((Role.AGENT, agent), (Role.CUSTOMER, customer))
        if side is not None
    ]
    parts.append(t("role_confidence", n=percent(basis["confidence"])))
    parts.append(named("role_source", basis["source"]))
    heard = [c["name"] for c in basis["cues"] if (c["log_odds"] > 0) == (c["side"] == agent)]
    return "　".join([*parts, _list("cue", list(dict.fromkeys(heard))[:MOST_CUES])])


def _sound(row: Row) -> str:
    """A sound of the line with its times; of a keypad the number of keys."""
    words = {"kind": named("sound", row["kind"]), "start": clock(row["start"])}
    keys = t("keys_line", n=row["detail"]) if row["kind"] == "keypad" else ""
    return t("sound_line", **words, end=clock(row["end"])) + keys


def _audio(row: Row) -> str:
    if row["audio_codec"] is None:
        return ""
    rate, channels = row["audio_sample_rate"], row["audio_channels"]
    return t("audio_line", codec=row["audio_codec"], rate=rate, channels=channels)


def _list(family: str, values: Sequence[str]) -> str:
    return listed(named(family, value) for value in values)


def _attributes(text: str) -> str:
    """Write a call's attributes (JSON text of the store) as words."""
    found: dict[str, Any] = json.loads(text)
    words = {True: t("yes"), False: t("no")}
    return "　".join(
        f"{named('attribute', name)} {words[value] if isinstance(value, bool) else value}"
        for name, value in found.items()
    )
