"""Which segments of a call are one turn: who speaks on while the other only listens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.domain import Role, Transcript
from pipeline.privacy.labels import labels
from pipeline.text import SPOKEN_DIGITS, cells

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
_OPEN_END = re.compile(rf"[{SPOKEN_DIGITS}年月街路道巷弄号栋幢座A-Za-z][\s,，。.、嗯呃啊]*$")
_THE_REST = re.compile(r"\W*[嗯很好对行哦]*\W*(?:后面|剩下|最后|接着|还有|再)")
_GOES_ON = re.compile(
    rf"[\s,，。、嗯呃啊]*(?:后面|然后|再|还有|从)?(?:就?是)?[\s,，]*[{SPOKEN_DIGITS}十A-Za-z]"
)


def turns_of(transcript: Transcript) -> Iterator[list[int]]:
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
                said_again = is_echo(text)
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


def is_echo(text: str) -> bool:
    """Whether a text says digits, words of a listener and hardly more: 零零一三，对，您继续."""
    return _ECHO.fullmatch(text) is not None


def _echoes(transcript: Transcript, turn: Sequence[int], text: str) -> bool:
    """Whether a text, which hardly says more, says again digits of a turn, also over its pauses."""
    again = _plain(text)
    told = "".join([_plain(transcript.segments[index].text) for index in turn])
    return len(again) > 1 and again in told


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
