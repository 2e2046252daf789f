"""What a number is about: the label before it, or the question that it answers.

`身份证是 330…` names its number; `请问您的手机号码是多少？ – 幺三八…` asks for it one turn earlier.
Look-alikes are named too: after 工号, 保单号 or 后四位 a number is `other` and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from pipeline.domain import Role, Transcript
from pipeline.privacy.corrections import corrected
from pipeline.privacy.labels import (
    ANSWER_REACH,
    CREDENTIALS,
    LAST_THREE,
    NEUTRAL,
    OTHER,
    labels,
    leads,
    refused,
    said,
)
from pipeline.privacy.turns import turns_of
from pipeline.text import (
    DigitRun,
    DigitsView,
    digits_view,
    may_answer,
    may_hold_digits,
    may_reach,
)

ASKED_BACK = 4  # passages, both sides counted: the last two turns of the other side
WHOLE_NUMBERS = frozenset({11, 16, 18, 19})
CODES = ("otp", "password", "cvv")
NEAR_RUN = 16
ASIDE = 14  # characters of a turn between a question for a code and the answer

_ASKS_ANSWER = re.compile(r"[^。？！?!]{0,8}?(?:多少|是?什么|是?啥|是几|哪)")


class Number(NamedTuple):
    """A run of digits and what it is about: its own label (`said`), else a question (`asked`)."""

    run: DigitRun
    said: str | None = None
    asked: frozenset[str] = frozenset()
    glued: bool = False

    def about(self, kind: str) -> bool:
        """Whether the label, or without one the question, names this kind."""
        return self.said == kind if self.said else kind in self.asked

    @property
    def named_other(self) -> bool:
        """Named as something that is not private."""
        return self.said == OTHER if self.said else self.asked == {OTHER}

    @property
    def look_alike(self) -> bool:
        """Named as something that is not private, or part of an identifier (DD2026…)."""
        return self.named_other or (self.glued and not self.said)


class Passage(NamedTuple):
    """One turn: a segment, or several of one role read as one text.

    `segments` are their indexes, `starts` the positions in `text` at which they begin. `earlier` is
    what the other side said just before, `before` the last turns of both, `later` the next turn.
    `runs` are the runs of digits as they are said, `numbers` those that remain when corrections are
    made.
    """

    segments: tuple[int, ...]
    role: Role
    text: str
    starts: tuple[int, ...]
    runs: tuple[DigitRun, ...] = ()
    numbers: tuple[Number, ...] = ()
    earlier: str = ""
    before: tuple[str, ...] = ()
    later: str = ""

    @property
    def view(self) -> DigitsView:
        """The text with its runs of digits."""
        return DigitsView(self.text, self.runs)

    @property
    def recent(self) -> str:
        """What both said in the last turns."""
        return "\n".join(self.before)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Give the range [start, end) as (segment, start_char, end_char) in the segments."""
        if len(self.segments) == 1:
            yield self.segments[0], start, end
            return
        ends = (*(at - 1 for at in self.starts[1:]), len(self.text))
        for segment, begin, finish in zip(self.segments, self.starts, ends, strict=True):
            if start < finish and end > begin:
                yield segment, max(start, begin) - begin, min(end, finish) - begin


def read_passages(transcript: Transcript) -> Iterator[Passage]:
    """Give the turns of a transcript in order, every run of digits with what it is about."""
    segments = transcript.segments
    turns = list(turns_of(transcript))
    texts = ["\n".join([segments[index].text for index in turn]) for turn in turns]
    before: list[Passage] = []
    texts_before: tuple[str, ...] = ()
    for turn, text, later in zip(turns, texts, [*texts[1:], ""], strict=False):
        role = segments[turn[0]].role
        view = _view(text, before) if may_hold_digits(text) else None
        passage = Passage(
            tuple(turn),
            role,
            text,
            _starts([segments[index].text for index in turn]) if len(turn) > 1 else (0,),
            view.runs if view else (),
            tuple(_numbers(view, role, before)) if view and view.runs else (),
            before[-1].text if before and before[-1].role is not role else "",
            texts_before,
            later,
        )
        before = [*before[1 - ASKED_BACK :], passage]
        texts_before = (*texts_before[1 - ASKED_BACK :], text)
        yield passage


def _starts(parts: Sequence[str]) -> tuple[int, ...]:
    """Where each of several texts begins in the text that joins them."""
    return (0, *accumulate(len(part) + 1 for part in parts[:-1]))


def _view(text: str, before: Sequence[Passage]) -> DigitsView:
    """The runs of digits in a turn; in the answer to a question for a number also guessed ones."""
    view = digits_view(text)
    if not before or not may_answer(text) or (view.runs and not _may_be_whole(view)):
        return view
    return _fuller(view, digits_view(text, asked=True)) if _wants_digits(before) else view


def _may_be_whole(view: DigitsView) -> bool:
    """Test cheaply: False means that guessed digits make no first whole number of a turn."""
    if not WHOLE_NUMBERS.isdisjoint(map(len, view.runs)):
        return False
    return may_reach(view.text, min(WHOLE_NUMBERS))


def _fuller(view: DigitsView, guessed: DigitsView) -> DigitsView:
    """The guessed digits where there are no others, or where only they make a whole number."""
    if not view.runs:
        return guessed
    whole = not WHOLE_NUMBERS.isdisjoint(map(len, guessed.runs))
    return guessed if whole and WHOLE_NUMBERS.isdisjoint(map(len, view.runs)) else view


def _wants_digits(before: Sequence[Passage]) -> bool:
    """Whether the last turns asked for a number."""
    return any(
        _last_topic(passage) not in (None, OTHER, *NEUTRAL) for passage in reversed(before[-2:])
    )


def _numbers(view: DigitsView, role: Role, before: Sequence[Passage]) -> Iterator[Number]:
    """Every run with its label or question."""
    runs = corrected(view)
    for index, run in enumerate(runs):
        earlier = runs[index - 1] if index else None
        own = said(view.text, run, earlier)
        if own == LAST_THREE:
            own = OTHER if any(_last_topic(turn) == OTHER for turn in before[-2:]) else "cvv"
        asked = frozenset[str]() if own else _asked(run, view.text, role, before)
        yield Number(run, own, asked, _glued(view.text, run))


def _asked(run: DigitRun, text: str, role: Role, before: Sequence[Passage]) -> frozenset[str]:
    """Give what the last turns asked for and did not get, the nearest turn with a label first."""
    idle = True  # whether nothing else came up since
    for passage in reversed(before):
        again = _answered(passage, run)
        if again:
            return again.difference(NEUTRAL)
        topics = frozenset(_open_topics(passage, run, role))
        if OTHER in topics and _last_topic(passage) == OTHER:
            return frozenset({OTHER})
        if not idle or not leads(text[max(0, run.start_char - NEAR_RUN) : run.start_char]):
            topics = topics.difference(CODES)
        if topics:
            return topics
        idle = idle and not passage.numbers and len(passage.text) <= ASIDE
    return frozenset()


def _answered(passage: Passage, run: DigitRun) -> frozenset[str]:
    """What this same number is called in a turn, where it is said again."""
    called = (n for n in passage.numbers if n.run.digits == run.digits)
    for number in called:
        if number.said or number.asked:
            return frozenset({number.said}) if number.said else number.asked
    return frozenset()


def _last_topic(passage: Passage) -> str | None:
    """The label that stands last in a turn."""
    found = labels(passage.text)
    return found[-1].topic if found else None


def _open_topics(passage: Passage, run: DigitRun, role: Role) -> Iterator[str]:
    """Give the labels of a turn that no number follows there, or this same number (a read-back).

    An agent tells no code unless somebody asks what it is.
    """
    for label in labels(passage.text):
        answers = (
            other
            for other in passage.runs
            if label.end <= other.start_char <= label.end + ANSWER_REACH
        )
        answer = next(answers, None)
        is_open = answer is None or answer.digits == run.digits
        if label.topic in (*CREDENTIALS, LAST_THREE) and refused(passage.text, label):
            continue
        told = role is Role.AGENT and passage.role is Role.CUSTOMER and answer is None
        if (
            told
            and label.topic in (*CODES, LAST_THREE)
            and not _ASKS_ANSWER.match(passage.text, label.end)
        ):
            continue
        if is_open and label.topic not in NEUTRAL:
            yield "cvv" if label.topic == LAST_THREE else label.topic


def _glued(text: str, run: DigitRun) -> bool:
    """Whether an ASCII letter stands directly before the run."""
    before = text[run.start_char - 1] if run.start_char else ""
    return before.isascii() and before.isalpha()
