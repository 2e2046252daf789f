"""A call to hear and to read: its sound, the strip, and what was said with its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from urllib.parse import urljoin

import streamlit as st

from dashboards import hearing, original, signed, strip
from dashboards.components import PLAYER, transcript
from dashboards.language import clock, language, named, t, title_of
from pipeline.access import Act
from pipeline.domain import Role, Seconds, Severity
from pipeline.store import StoredCall

Row = Mapping[str, Any]
LONG: Seconds = 900.0


def listen(
    call: StoredCall, now: original.Held | None = None, *, codes: bool = True
) -> hearing.Hearing:
    """Put the sound into the page, or say why there is none; the strip below plays it.

    `codes`: whoever may can enter a code for the original, which `now` is then.
    """
    if not signed.may(Act.HEAR):
        heard = hearing.Hearing(silent=hearing.Silent.FORBIDDEN)
    elif now is None:
        with _patience(call):
            heard = hearing.hear(call)
    else:
        private = hearing.private_stretches(call) or ()
        heard = hearing.Hearing(now.wav, now.source.name, private, peaks=now.peaks)
    with st.container(key=PLAYER, gap="xsmall"):
        if heard.wav is not None:  # always in the same place: the next one replaces it at once
            st.audio(_address(heard, now), format="audio/wav")
        if now is not None:
            original.warning(now, str(call.call["content_sha256"]))
        else:
            _heard_line(call, heard, codes=codes)
            original.outcome()
    return heard


def _address(heard: hearing.Hearing, now: original.Held | None) -> str:
    """Whole, because Streamlit takes a mere path for one of the server's files."""
    session = signed.who().session
    path = hearing.address(heard, session) if now is None else original.address(now, session)
    here = st.context.url
    return urljoin(here if isinstance(here, str) else "http://127.0.0.1/", path)


def _patience(call: StoredCall) -> AbstractContextManager[None]:
    """A long recording takes seconds to silence, the first time that it is heard."""
    long = (call.call["duration"] or 0) > LONG
    return st.spinner(t("preparing")) if long else nullcontext()


def _heard_line(call: StoredCall, heard: hearing.Hearing, *, codes: bool) -> None:
    """What is silenced, or why there is no sound; the way to the original where there is one."""
    with st.container(
        key="heard", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        if heard.silent is not None:
            file = heard.file if signed.may(Act.CUSTOMER) else ""
            message = t(f"silent_{heard.silent}", file=file, message=heard.message)
            st.info(message, icon=":material/volume_off:")
        else:
            st.caption(t("muted", n=heard.muted) if heard.muted else t("nothing_muted"))
        placed = heard.silent in (None, hearing.Silent.UNPLACED)
        if codes and placed and signed.may(Act.ORIGINAL):
            original.code_form(call)


def read(call: StoredCall, heard: hearing.Hearing, now: original.Held | None = None) -> None:
    """The strip, and below it what was said; either may be missing.

    `now`: the original is heard, and read where its raw words were asked for.
    """
    whole = now is not None
    drawn = strip.strip(call, heard, whole=whole)
    if not call.segments:
        st.info(t("no_speech"), icon=":material/speaker_notes_off:")
    if not call.segments and drawn is None:
        return
    shown = {
        "mode": call.call["channel"],
        "lang": language(),
        "playable": heard.wav is not None,
        "roles": {role: named("role", role) for role in Role},
        "shown_roles": sorted({row["role"] for row in call.segments}),
        "turns": _turns(call, now.texts if now else {}),
        "strip": drawn,
        "opened_at": _opened_at(),
        "whole": whole,
        "taken": "14.5rem" if whole else "10.5rem",
    }
    transcript("transcript", shown)


def _opened_at() -> tuple[str, str] | None:
    """The call and the segment that the address names: where the player begins."""
    asked = st.query_params
    return (asked["id"], asked["segment"]) if "segment" in asked else None


def _turns(call: StoredCall, raw: Mapping[int, str]) -> list[dict[str, Any]]:
    marks, rows = _marks(call.findings), strip.lanes(call)
    return [
        {
            "segment": row["segment"],
            "role": row["role"],
            "start": row["start"],
            "end": strip.end_of(row),
            "lane": strip.lane_of(row, rows),
            "time": clock(row["start"]) if row["start"] is not None else "",
            "text": raw.get(row["segment"], row["text"]),
            "marks": marks.get(row["segment"], []),
        }
        for row in call.segments
    ]


def _marks(findings: Sequence[Row]) -> dict[int, list[dict[str, str]]]:
    """Segment → the failed and unsure findings that point at it."""
    marks: dict[int, list[dict[str, str]]] = {}
    for finding in gravest(findings, "fail", "unsure"):
        mark = {
            "rule": finding["rule"],
            "title": title_of(finding),
            "tone": strip.tone_of(finding),
        }
        for segment in {item["segment"] for item in finding["evidence"]}:
            marks.setdefault(segment, []).append(mark)
    return marks


def gravest(findings: Sequence[Row], *verdicts: str) -> list[Row]:
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
