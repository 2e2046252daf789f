"""Corrections of misheard turns for whoever is signed in; never cached."""

from __future__ import annotations

from contextlib import suppress

from dashboards import data, signed
from pipeline import corrected
from pipeline.access import Act
from pipeline.domain import Correction
from pipeline.errors import BadInput, NotAllowed, TryAgain
from pipeline.store import CorrectionDraft, Corrections, StoredCall


def correct(typed: str, call: StoredCall, segment: int, text: str | None) -> Correction:
    """Store what somebody heard in a turn, masked, in the name of whoever is signed in.

    `text` None takes a correction back. Refuses as `data.add_review` does; `BadInput` for the very
    text that is there.
    """
    name = signed.acting(Act.REVIEW, typed)
    content, call_id = str(call.call["content_sha256"]), str(call.call["call_id"])
    if not data.is_mine(content):
        raise NotAllowed(f"there is no call {call_id} for you")
    (stored,) = data.snapshot().texts([call_id])
    heard = {row["segment"]: row["text"] for row in call.heard or call.segments}
    shown = {row["segment"]: row["text"] for row in call.segments}
    written, spans = (None, ()) if text is None else corrected.masked(stored, segment, text)
    if written == shown.get(segment):
        raise BadInput("this is what the transcript says already")
    latest = {one.segment: one.id for one in call.corrections}
    before = latest.get(segment)
    draft = CorrectionDraft(name, call_id, content, segment, heard[segment], written, spans, before)
    made = Corrections(data.people()).add(draft)
    with suppress(TryAgain):  # the correction is stored; the next run keeps what it changes
        corrected.keep(data.snapshot(), call_id, data.packs())
    return made


def history(call: StoredCall) -> list[Correction]:
    """All corrections of a call, oldest first."""
    content = str(call.call["content_sha256"])
    return Corrections(data.people()).history(content) if data.is_mine(content) else []
