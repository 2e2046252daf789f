"""What is known about a call beside its findings, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboards.language import clock, language, named, number, percent, t
from pipeline.domain import Role
from pipeline.store import StoredCall

Row = Mapping[str, Any]
Pairs = list[tuple[str, str]]
MOST_CUES = 5
CAPABILITIES = ("times", "words", "stereo", "overlap", "loudness", "roles", "confidence")


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
        (t("metric_agent_share"), percent(found["agent_share"])),
        (t("metric_silence_total"), _seconds(found["silence_total"])),
        (t("metric_silence_longest"), _seconds(found["silence_longest"])),
        (t("metric_overlaps"), t("times", n=len(found["overlaps"]))),
        (t("metric_hangup_lag"), _seconds(found["hangup_lag"])),
        (t("metric_removed"), "　".join([t("places", n=len(removed)), *removed])),
        (t("metric_private"), "　".join([t("places", n=len(call.private_spans)), *kinds])),
    ]


def source(call: StoredCall) -> Pairs:
    """Where a call comes from, what it was processed with, what it can and cannot carry."""
    row = call.call
    able = set(row["capabilities"])
    lacking = [name for name in CAPABILITIES if name not in able]
    made_by = (row[name] for name in ("engine", "model", "revision", "device"))
    engine = "　".join(str(part) for part in made_by if part)
    pairs = [
        (t("file_names"), "，".join(dict.fromkeys(Path(name).name for name in call.names))),
        (t("audio_format"), _audio(row)),
        (t("engine"), engine),
        (t("pack"), f"{named('line', row['pack'])} {row['pack_version']}"),
        (t("customer"), row["customer_id"]),
        (t("attributes"), _attributes(row["attributes"])),
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


def _audio(row: Row) -> str:
    if row["audio_codec"] is None:
        return ""
    rate, channels = row["audio_sample_rate"], row["audio_channels"]
    return t("audio_line", codec=row["audio_codec"], rate=rate, channels=channels)


def _list(family: str, values: Sequence[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(named(family, value) for value in values)


def _attributes(text: str) -> str:
    """Write a call's attributes (JSON text of the store) as words."""
    found: dict[str, Any] = json.loads(text)
    words = {True: t("yes"), False: t("no")}
    return "　".join(
        f"{named('attribute', name)} {words[value] if isinstance(value, bool) else value}"
        for name, value in found.items()
    )
