"""What people say of what models read in a call, for whoever is signed in; never cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import data, signed
from pipeline.access import Act
from pipeline.domain import NO, NONE_OF_THE_LIST, REASON, YES, Flag, Label, Role
from pipeline.errors import BadInput, NotAllowed
from pipeline.learning import UNSURE, reasons
from pipeline.store import LabelDraft, Labels, StoredCall

Row = Mapping[str, Any]


def values_of(subject: str) -> tuple[str, ...]:
    """What can be said of a reason or a flag; nothing of anything else."""
    if subject == REASON:
        return (*reasons(), NONE_OF_THE_LIST)
    return (YES, NO) if subject in tuple(Flag) else ()


def of(call: Row) -> dict[str, Label]:
    """The latest label of every subject of a call, also those taken back."""
    content = str(call["content_sha256"])
    return Labels(data.people()).of(content) if data.is_mine(content) else {}


def history(call: Row) -> list[Label]:
    """All labels of a call, oldest first."""
    content = str(call["content_sha256"])
    return Labels(data.people()).history(content) if data.is_mine(content) else []


def machine(call: StoredCall, subject: str) -> str | None:
    """What the models say of a subject: a reason, `unsure`, `yes`, `no`; None: none has looked."""
    found = call.learned
    if found is None:
        return None
    if subject == REASON:
        return str(found["reason"] or UNSURE)
    return YES if subject in found["flags"] else NO


def turns(call: StoredCall) -> Sequence[Row]:
    """What may show a flag: what the customer said, as it was recognised; models read that."""
    return [row for row in call.heard or call.segments if row["role"] != Role.AGENT]


def say(
    typed: str, call: StoredCall, subject: str, value: str | None, segment: int | None,
    previous: int | None,
) -> Label:  # fmt: skip
    """Store a label in the name of whoever is signed in; `value` None takes the one before back.

    Refuses as `data.add_review` does; BadInput for what cannot be said.
    """
    name = signed.acting(Act.REVIEW, typed)
    content, call_id = str(call.call["content_sha256"]), str(call.call["call_id"])
    if not data.is_mine(content):
        raise NotAllowed(f"there is no call {call_id} for you")
    known = values_of(subject)
    if not known or value not in (None, *known):
        raise BadInput(f"'{value}' cannot be said of {subject}")
    said = {row["segment"]: str(row["text"]) for row in turns(call)}
    if segment is not None and (subject == REASON or segment not in said):
        raise BadInput(f"call {call_id} has no turn {segment + 1}")
    quote = None if segment is None else said[segment]
    draft = LabelDraft(
        name, call_id, content, subject, value, segment, quote, machine(call, subject), previous
    )
    return Labels(data.people()).say(draft)
