"""The original recording: for one session, one call, a few minutes, after a code was redeemed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from shlex import quote
from threading import Timer

import streamlit as st

from dashboards import hearing, signed
from dashboards.faults import fault
from dashboards.language import t, when
from dashboards.options import options, settings
from dashboards.peaks import Peaks
from dashboards.serving import TICKETS
from pipeline.access import Act
from pipeline.errors import BadSettings, CallqaError, TryAgain
from pipeline.hearing_grants import Granted, original_of, read_granted, redeem
from pipeline.store import StoredCall

HELD, SAID = "held_original", "said_original"
WATCH = "2s"


@dataclass(frozen=True, slots=True)
class Held:
    """What this session may hear: the original of one call, from a file of its own, and its wave.

    The wave is let go with the file: nobody else sees how loud a private number was. `texts`: what
    was said in raw words, by segment, once somebody asked for them.
    """

    call_id: str
    source: Path
    wav: Path
    granted: Granted
    peaks: Peaks
    texts: Mapping[int, str] = field(default_factory=dict, repr=False)


def held(call_id: str | None) -> Held | None:
    """What this session holds of this call; what it held of another, or too long, is let go."""
    now: Held | None = st.session_state.get(HELD)
    if now is None:
        return None
    there = now.wav.is_file() and now.source.is_file()
    if now.call_id == call_id and there and now.granted.seconds_left:
        return now
    release()
    return None


def address(now: Held, session: str) -> str:
    """Where the player of this session finds the original, while it is held."""

    def find() -> Path:
        if not now.granted.seconds_left or not now.wav.is_file():
            raise TryAgain("the time of this grant is over")
        return now.wav

    return TICKETS.sound(session, now.wav, find)


def release() -> None:
    """Forget the original and delete its file."""
    now: Held | None = st.session_state.pop(HELD, None)
    if now is not None:
        now.wav.unlink(missing_ok=True)


def code_form(call: StoredCall) -> None:
    """A small way to enter a code; what came of it stands below."""
    call_id = str(call.call["call_id"])
    with st.popover(t("hear_original"), type="tertiary", icon=":material/lock:"):
        st.caption(t("hear_original_help"))
        st.code(
            f"callqa hear {quote(call_id)} --db {quote(options().db.name)} --reason …",
            language=None,
        )
        with st.form(f"hear_{call_id}", clear_on_submit=True, border=False):
            st.text_input(t("hear_code"), key=f"code_{call_id}", autocomplete="off")
            st.form_submit_button(t("hear_play"), on_click=_redeem, args=(call, call_id))


def outcome() -> None:
    """Say why the last code opened nothing, once."""
    said = st.session_state.pop(SAID, None)
    if said:
        st.error(said, icon=":material/lock:")


def warning(now: Held, content: str) -> None:
    """What is heard, by whose grant, until when; a way to read it too, and to stop before."""
    granted = now.granted
    values = {"id": now.call_id, "who": granted.who, "role": granted.role, "n": granted.entry}
    words, read, stop = st.columns([5, 1.2, 1], vertical_alignment="center", gap="small")
    words.error(t("original_heard", **values, until=when(granted.until)), icon=":material/warning:")
    read.button(
        t("original_read"), key="original_read", on_click=_read, args=(now, content),
        disabled=bool(now.texts), width="stretch",
    )  # fmt: skip
    stop.button(t("original_stop"), key="original_stop", on_click=release, width="stretch")
    outcome()
    _watch(now.call_id)


@st.fragment(run_every=WATCH)
def _watch(call_id: str) -> None:
    """When the time is over the page is drawn again, without the original."""
    if held(call_id) is None:
        st.rerun()


def _redeem(call: StoredCall, call_id: str) -> None:
    code = str(st.session_state.get(f"code_{call_id}") or "").strip()
    if not code:
        return
    try:
        person = signed.who()
        person.need(Act.ORIGINAL)
        source = original_of(call)
        found = redeem(settings(), options().db, call.call, code, person.name)
        if isinstance(found, Granted):
            _hold(call_id, source, found)
        else:
            st.session_state[SAID] = t(f"code_{found}")
    except BadSettings as error:
        st.session_state[SAID] = t("original_unsigned", message=fault(error))
    except (CallqaError, OSError) as error:
        st.session_state[SAID] = t("original_impossible", message=fault(error))


def _read(now: Held, content: str) -> None:
    """Show what was said without masks, for as long as the sound is held."""
    call = {"call_id": now.call_id, "content_sha256": content}
    try:
        person = signed.who(active=True)
        person.need(Act.ORIGINAL)
        found = read_granted(settings(), options().db, call, now.granted, person.name)
        texts = {number: segment.text for number, segment in found.items()}
        st.session_state[HELD] = replace(now, texts=texts)
    except CallqaError as error:
        st.session_state[SAID] = t("original_unread", message=fault(error))


def _hold(call_id: str, source: Path, granted: Granted) -> None:
    release()
    wav, peaks = hearing.whole(source)
    timer = Timer(granted.seconds_left, partial(wav.unlink, missing_ok=True))
    timer.daemon = True  # deletes the file also when nobody looks at the page any more
    timer.start()
    st.session_state[HELD] = Held(call_id, source, wav, granted, peaks)
