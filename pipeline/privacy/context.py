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
from pipeline.text import (
    SPOKEN_DIGITS,
    DigitRun,
    DigitsView,
    cells,
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
PROMPT = 12  # characters of a word between two parts of a number: 等您接着报

_HUM = (
    r"[\s嗯啊哦噢喔唔呃额诶欸好对是行的嘞呢吧着了您你,，。.、！!？?~]|请?[说讲报]|请?继续"
    r"|然后|明白|知道|后面|还有|接着|往下|下面|剩下|最后|慢慢|听着|在听|记着"
    r"|[一二三四五六七八两1-8]?[位个]|那?几"
)
# Possessive: these read a text from left to right, in one way or not at all.
_BACKCHANNEL = re.compile(rf"(?:{_HUM})*+")
# The other side says what it heard, and asks on; every word of a backchannel may stand in it.
_ECHO = re.compile(rf"(?:{_HUM}|[{SPOKEN_DIGITS}]|吗|没错|我记)*+")
_ASKS_ANSWER = re.compile(r"[^。？！?!]{0,8}?(?:多少|是?什么|是?啥|是几|哪)")
_OPEN_END = re.compile(rf"[{SPOKEN_DIGITS}年月街路道巷弄号栋幢座A-Za-z][\s,，。.、嗯呃啊]*$")
_THE_REST = re.compile(r"\W*[嗯很好对行哦]*\W*(?:后面|剩下|最后|接着|还有|再)")
_GOES_ON = re.compile(
    rf"[\s,，。、嗯呃啊]*(?:后面|然后|再|还有|从)?(?:就?是)?[\s,，]*[{SPOKEN_DIGITS}十A-Za-z]"
)


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
    turns = list(_turns(transcript))
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


def _turns(transcript: Transcript) -> Iterator[list[int]]:
    """Group the segments of one known role that nobody interrupts but with 嗯, 好的 or an echo.

    What the other side said again meanwhile (六二二二 – 六二二二 – 零二…) is a turn of its own.
    Unknown roles stand alone: the next segment may be the other person.
    """
    turn: list[int] = []
    aside: list[int] = []
    role, unknown = None, Role.UNKNOWN
    for index, segment in enumerate(transcript.segments):
        if turn and (role is unknown or segment.role is not role):
            if role is not unknown:
                text = segment.text
                said_again = _ECHO.fullmatch(text) is not None
                if said_again and _BACKCHANNEL.fullmatch(text):
                    continue
                if (said_again and _echoes(transcript, turn, text)) or (
                    len(text) <= PROMPT and _prompts(transcript, turn, index)
                ):
                    aside.append(index)
                    continue
            yield turn
            if aside:
                yield aside
                aside = []
            turn = []
        turn.append(index)
        role = segment.role
    if turn:
        yield turn
    if aside:
        yield aside


def _echoes(transcript: Transcript, turn: Sequence[int], text: str) -> bool:
    """Whether a text, which hardly says more, says again the last digits of a turn."""
    again = _plain(text)
    return len(again) > 1 and again in _plain(transcript.segments[turn[-1]].text)


def _prompts(transcript: Transcript, turn: Sequence[int], index: int) -> bool:
    """Whether a short text only asks for the rest of a number, which then comes."""
    text = transcript.segments[index].text
    if not _OPEN_END.search(transcript.segments[turn[-1]].text):
        return False
    role = transcript.segments[turn[-1]].role
    rest = next((s for s in transcript.segments[index + 1 :] if s.role is role), None)
    if rest is None or not _GOES_ON.match(rest.text):
        return False
    return (not labels(text) or _THE_REST.match(text) is not None) and len(_plain(text)) < 2


def _plain(text: str) -> str:
    return "".join(plain for *_, plain in cells(text, 0, len(text)) if plain.isdigit())


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
