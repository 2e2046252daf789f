"""Calibration for whoever is signed in: rounds, blind answers, what came of it; never cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import data, signed
from dashboards.options import door
from pipeline.access import SINGLE, Act, Person
from pipeline.calibration import (
    Draw,
    Question,
    Readers,
    Result,
    blinded,
    make_round,
    questions,
    refuse_unknown,
    result_of,
)
from pipeline.domain import Answer, AnswerDraft, Round, RoundCall, RoundWish
from pipeline.errors import BadInput, BadPack
from pipeline.store import Calibrations, Snapshot, StoredCall

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A call that somebody scores: blinded, what is asked of it, and their own answers so far."""

    round: Round
    call: StoredCall
    asked: RoundCall
    questions: tuple[Question, ...]

    @property
    def submitted(self) -> bool:
        """Whether it is finished."""
        return (signed.name(), self.asked.content_sha256) in self.round.submitted


def rounds() -> list[Round]:
    """The rounds in which whoever looks takes part, for those who make rounds all; latest first."""
    signed.who().need(Act.RATE)
    return [found for found in _rounds().all() if _sees(found)]


def round_of(number: int) -> Round:
    """One of these; BadInput for any other number."""
    signed.who().need(Act.RATE)
    found = _rounds().get(number)
    if not _sees(found):
        raise BadInput(f"there is no calibration round {number}")
    return found


def waiting_for(call_id: str) -> Round | None:
    """The round for which whoever looks has to score a call blind before anything else."""
    if not signed.may(Act.RATE):
        return None
    for found in _rounds().all():
        if call_id in {call.call_id for call in found.left_for(signed.name())}:
            return found
    return None


# ── making and closing ───────────────────────────────────────────────────────────────────────────


def people() -> list[str]:
    """Names of accounts that may take part; empty where there are no accounts."""
    signed.who().need(Act.CALIBRATE)
    return [name for name, person in _accounts().items() if person.may(Act.RATE)]


def make(typed: str, wish: RoundWish, picked: Sequence[str], draw: Draw | None) -> Round:
    """Make a round in the name of whoever is signed in, without accounts in the one typed."""
    name = signed.acting(Act.CALIBRATE, typed)
    readers = Readers(_reader(signed.who()), {who: _reader(_taking(who)) for who in wish.raters})
    return make_round(readers, name, wish, picked, draw)


def close(typed: str, number: int) -> Round:
    """End a round before everything is in."""
    return _rounds().close(number, signed.acting(Act.CALIBRATE, typed))


def note(
    typed: str, number: int, subject: tuple[str, str], words: str, previous: int | None
) -> None:
    """Write down what was agreed of (content, subject)."""
    name = signed.acting(Act.CALIBRATE, typed)
    _rounds().note(number, subject, name, words, previous)


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────


def sheet(number: int, call_id: str) -> Sheet:
    """A call of a round to score; BadInput for whoever does not take part in it."""
    found, asked = _own(number, call_id)
    reader = _reader(signed.who())
    call = reader.call(asked.call_id)
    content = reader.pack_content(asked.pack_hash)
    if content is None:
        raise BadPack(f"the pack that round {number} asks by is not kept: close the round")
    return Sheet(found, blinded(call), asked, questions(content, asked.rules))


def begun(found: Round) -> set[str]:
    """Contents of the calls of a round of which one has answered something."""
    return _rounds().begun(found.id, signed.name())


def answers(of: Sheet) -> dict[str, Answer]:
    """One's own answers of a call, by subject."""
    return _rounds().sheet(of.round.id, of.asked.content_sha256, signed.name())


def answer(typed: str, of: Sheet, drafts: Sequence[AnswerDraft]) -> None:
    """Store one's answers; TryAgain when one was changed in another window."""
    name = signed.acting(Act.RATE, typed)
    known = {question.subject: question for question in of.questions}
    for draft in drafts:
        refuse_unknown(known.get(draft.subject), draft.answer)
    _own(of.round.id, of.asked.call_id)
    _rounds().answer(of.round.id, of.asked.content_sha256, name, drafts)


def submit(typed: str, of: Sheet) -> Round:
    """Finish a call: from then on nothing of it can be altered."""
    name = signed.acting(Act.RATE, typed)
    _own(of.round.id, of.asked.call_id)
    return _rounds().submit(of.round.id, of.asked.content_sha256, name)


def result(number: int) -> Result:
    """What came of a closed round, of the calls of whoever looks; NotAllowed while it is open."""
    round_of(number)
    return result_of(data.mine(), number)


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


def _rounds() -> Calibrations:
    return Calibrations(data.people())


def _sees(found: Round) -> bool:
    return signed.may(Act.CALIBRATE) or signed.name() in found.raters


def _own(number: int, call_id: str) -> tuple[Round, RoundCall]:
    """A round in which whoever is here takes part, and a call of it that is in their scope."""
    found = round_of(number)
    asked = next((call for call in found.calls if call.call_id == call_id), None)
    there = asked and _reader(signed.who()).count_of("content_sha256", asked.content_sha256)
    if asked is None or not there or signed.name() not in found.raters:
        raise BadInput(f"call {call_id} is not asked of you in round {number}")
    return found, asked


def _reader(person: Person) -> Snapshot:
    """With the calls that are to be scored blind: what is shown of those is blinded."""
    return data.snapshot().within(person.scope)


def _accounts() -> dict[str, Person]:
    return {
        account.name: Person(
            account.name, account.post.role, account.post.agent_id, account.post.team
        )
        for account in door().accounts.list()
        if account.state != "disabled"
    }


def _taking(name: str) -> Person:
    """Who takes part; where there are no accounts anybody may."""
    found = _accounts() or {name: SINGLE}
    person = found.get(name)
    if person is None or not person.may(Act.RATE):
        raise BadInput(f"{name} cannot take part: there is no such account of an inspector")
    return person
