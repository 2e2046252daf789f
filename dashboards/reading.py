"""A call to hear and to read: its sound, the strip, and what was said with its marks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from dashboards import hearing, original, signed, strip
from dashboards.address import whole
from dashboards.components import PLAYER, transcript
from dashboards.faults import fault
from dashboards.language import language, named, t
from dashboards.turns import turns_of
from pipeline.access import Act
from pipeline.domain import Role, Seconds
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
    session = signed.who().session
    return whole(hearing.address(heard, session) if now is None else original.address(now, session))


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
            message = t(f"silent_{heard.silent}", file=file, message=fault(heard.message))
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
        "turns": _told(turns_of(call), now.texts if now else {}),
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


def _told(turns: list[dict[str, Any]], raw: Mapping[int, str]) -> list[dict[str, Any]]:
    """The turns in raw words where those were asked for."""
    return [{**turn, "text": raw.get(turn["segment"], turn["text"])} for turn in turns]
