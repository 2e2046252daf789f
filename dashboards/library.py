"""The case library for whoever is signed in: read, added to, agreed on; never cached."""

from __future__ import annotations

from dashboards import data, signed
from pipeline import casebook
from pipeline.access import Act, Page
from pipeline.casebook import Seen, Subject
from pipeline.domain import Case, CaseText, Passage
from pipeline.errors import NotAllowed
from pipeline.store import Cases, StoredCall


def listed() -> list[Seen]:
    """The library, latest first; nameless where a call is not theirs."""
    _refuse_outsiders()
    return casebook.library(data.mine())


def tags() -> list[str]:
    """Every tag that some case has: they are read by all."""
    _refuse_outsiders()
    return sorted({tag for case in Cases(data.people()).all() for tag in case.text.tags})


def one(number: int) -> Seen:
    """One case; BadInput for a number that none has, NotAllowed for who may not read cases."""
    _refuse_outsiders()
    (found,) = casebook.seen(data.mine(), [Cases(data.people()).get(number)])
    return found


def of(call: StoredCall) -> list[Case]:
    """The cases made of a call."""
    content = str(call.call["content_sha256"])
    return Cases(data.people()).of(content) if data.is_mine(content) else []


def passage(call: StoredCall, turns: tuple[int, int], subject: Subject) -> Passage:
    """What would be quoted."""
    return casebook.passage_of(call, *turns, subject)


def add(typed: str, call_id: str, passage: Passage, text: CaseText) -> Case:
    """Make a case of a passage of a call of theirs."""
    name = signed.acting(Act.EXAMPLE, typed)
    if not data.is_mine(passage.content_sha256):
        raise NotAllowed(f"there is no call {call_id} for you")
    casebook.check_text(text, data.call(call_id).call)
    return Cases(data.people()).add(name, passage, text)


def change(typed: str, number: int, text: CaseText, previous: int) -> Case:
    """A new version of what is said about a passage."""
    name = signed.acting(Act.AGREE, typed)
    casebook.check_text(text, one(number).call)
    return Cases(data.people()).change(number, name, text, previous)


def retire(typed: str, number: int, reason: str, previous: int) -> Case:
    """Use a case no more."""
    name = signed.acting(Act.AGREE, typed)
    one(number)
    return Cases(data.people()).retire(number, name, reason, previous)


def _refuse_outsiders() -> None:
    if Page.CASES not in signed.who().pages:
        raise NotAllowed("this role reads no cases")
