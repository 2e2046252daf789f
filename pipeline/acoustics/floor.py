"""Whose turn it is: replies, silences, who breaks in and who gives way, waiting.

The floor is the row of turns without the mere 嗯 and 好的 of a listener. Nothing is guessed: where
two readings are possible a silence is left by nobody known, and nobody yields.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from pipeline.acoustics.times import Gap
from pipeline.domain import (
    CallHold,
    LineSound,
    Overlap,
    Role,
    Seconds,
    Segment,
    Silence,
    SoundKind,
)
from pipeline.text import is_backchannel

GIVES_WAY: Seconds = 1.0  # who stops within this gives way
HOLD_FROM: Seconds = 5.0  # a shorter wait is a silence, not a hold
LISTENS: Seconds = 1.0  # a 嗯 after which the other goes on within this took no turn
NEAR = 2  # turns: so long an announcement of a wait holds

WAITS = {
    Role.AGENT: re.compile(
        r"稍[等候后]|等一?下|别挂|不要挂|[帮给为][您你](?:[查看核问转办]|确认|申请|操作|处理|登记)"
        r"|我(?:这[边里])?先?去?(?:[查看问]|核实|确认)[询看]?一?下"
    ),
    Role.CUSTOMER: re.compile(r"稍等|等一?下|等会|我(?:先)?(?:去)?(?:找|拿|翻|查|看)"),
}
THANKS = re.compile(r"久等|(?:感谢|谢谢)[您你]的?(?:耐心)?等[待候]|(?:抱歉|不好意思).{0,4}等")
CHECKS = re.compile(r"(?:[喂诶哎]|[您你]好)*(?:还?在吗|在听吗|人呢|听得?[到见]|喂|说话)")
BEGIN_CHECKS = frozenset("喂诶哎您你还在人听说")
ASKS = ("吗", "呢", "么", "是不是", "好不好", "对不对", "可以不", "行不行", "多少", "什么", "哪里",
        "怎么办")  # fmt: skip
LONGEST_ASKED = 3  # characters of one of these
LONGEST_END = 9  # characters in which so many are said, most often
# The agent wants the customer to say or do something.
REQUESTS = re.compile(r"(?:报|说|提供|告诉|念|读|输入|核对|确认|描述|讲|看|填写?|点)一下")
# Words behind which a Chinese sentence cannot end.
OPEN_END = re.compile(
    r"(?:因为|由于|所以|但是|可是|不过|然后|而且|并且|或者|如果|要是|虽然|以及|比如说?|包括|关于|对于"
    r"|按照|根据|为了|通过|就是说?|把|被|跟|和|与|从|向|就|也|还|又|再|才|很|太|非常|特别|已经|正在|一直|第)$"
)


def backchannels(segments: Sequence[Segment]) -> frozenset[int]:
    """Segments that only show that somebody listens.

    Nothing but 嗯, 好的 …, said while the other speaks, or so that the other goes on within a
    second; the answer to a question is none.
    """
    found = set()
    timed: list[tuple[object, Seconds, Seconds, str]] | None = None
    for index, segment in enumerate(segments):
        if segment.start is None or segment.end is None or not is_backchannel(segment.text):
            continue
        if timed is None:
            timed = [
                (_speaker(s), s.start, s.end or 0.0, s.text)
                for s in segments
                if s.start is not None
            ]
        if _only_listens(timed, _speaker(segment), segment.start, segment.end + LISTENS):
            found.add(index)
    return frozenset(found)


def _only_listens(
    timed: Sequence[tuple[object, Seconds, Seconds, str]],
    own: object,
    start: Seconds,
    latest: Seconds,
) -> bool:
    """Whether the other one speaks meanwhile, or goes on until `latest` without an answer."""
    goes_on = False
    before: tuple[Seconds, str] | None = None  # the last to end until then
    for speaker, begins, ends, text in timed:
        if speaker == own:
            continue
        if begins < start < ends:
            return True
        goes_on = goes_on or start <= begins <= latest
        if ends <= start and (before is None or ends > before[0]):
            before = ends, text
    return goes_on and before is not None and not _asks(before[1])


def attributed(
    gaps: Iterable[Gap],
    segments: Sequence[Segment],
    signs: frozenset[int],
    reached: Sequence[Seconds],
) -> Iterator[Silence]:
    """The silences with the one whose turn it was; the rules are in docs/voice.md."""
    for start, end, after in gaps:
        behind = _behind(end, segments, reached)
        yield Silence(start, end, after, _left_by(after, segments, signs, behind))


def _left_by(
    after: int | None, segments: Sequence[Segment], signs: frozenset[int], behind: int | None
) -> Role:
    """Whose turn it was in a silence; UNKNOWN at the edges and where it cannot be told."""
    if after is None or behind is None:
        return Role.UNKNOWN
    before = _took_the_floor(after, signs)
    last, following = segments[before], segments[behind]
    if last.role is Role.UNKNOWN or following.role is Role.UNKNOWN:
        return Role.UNKNOWN
    if before == behind or after != before:  # inside a turn, or only a 嗯 came between
        return last.role if following.role is last.role else Role.UNKNOWN
    return _awaited(last, following)


def _awaited(last: Segment, following: Segment) -> Role:
    """Who was to speak between two turns, by what was said; UNKNOWN where that cannot be told."""
    if WAITS[last.role].search(last.text):
        return last.role
    if _asks(last.text) or (last.role is Role.AGENT and REQUESTS.search(last.text)):
        return _other(last.role)
    if _checks(following.text):
        return _other(following.role)
    # A customer who has said something waits for the agent; an agent may wait for the customer.
    goes_on = last.role is following.role is Role.AGENT
    answers = last.role is Role.CUSTOMER and following.role is Role.AGENT
    return Role.AGENT if goes_on or answers else Role.UNKNOWN


def replies(segments: Sequence[Segment], signs: frozenset[int]) -> dict[Role, list[Seconds]]:
    """By side how long it lets the other wait for an answer, every time; 0 where it breaks in."""
    waits: dict[Role, list[Seconds]] = {Role.AGENT: [], Role.CUSTOMER: []}
    before, ended = Role.UNKNOWN, 0.0
    for index, segment in enumerate(segments):
        role = segment.role
        if index in signs or segment.start is None or segment.end is None:
            continue
        if role is not before and role is not Role.UNKNOWN and before is not Role.UNKNOWN:
            waits[role].append(max((segment.start or 0.0) - ended, 0.0))
        before, ended = role, segment.end or 0.0
    return waits


def settled(
    overlaps: Iterable[Overlap], segments: Sequence[Segment], signs: frozenset[int]
) -> Iterator[Overlap]:
    """The overlaps with what each of them is, and who gives way."""
    for overlap in overlaps:
        mere = overlap.by in signs
        yields = None if mere else _yields(overlap, segments)
        yield Overlap(overlap.start, overlap.end, overlap.by, overlap.over, mere, yields)


def _yields(overlap: Overlap, segments: Sequence[Segment]) -> int | None:
    """Who stops within a second with an unfinished sentence while the other speaks on."""
    ends = {index: segments[index].end or 0.0 for index in (overlap.by, overlap.over)}
    first, last = sorted(ends, key=lambda index: ends[index])
    if ends[first] == ends[last] or ends[first] - overlap.start > GIVES_WAY:
        return None
    text = segments[first].text
    unfinished = text.rstrip().endswith("…") or OPEN_END.search(_plain(text))
    return first if unfinished else None


def holds(
    waits: Iterable[Gap],
    segments: Sequence[Segment],
    reached: Sequence[Seconds],
    sounds: Sequence[LineSound] = (),
) -> Iterator[CallHold]:
    """Waits of 5 s and longer that are announced, filled with music, or given thanks for.

    `waits`: when nobody speaks, whatever the line itself plays meanwhile.
    """
    music = [(s.start, s.end) for s in sounds if s.kind is SoundKind.MUSIC]
    for start, end, after in waits:
        if end - start < HOLD_FROM or after is None:
            continue
        behind = _behind(end, segments, reached)
        last = segments[max(after + 1 - NEAR, 0) : after + 1]
        announced = any(s.role is Role.AGENT and WAITS[s.role].search(s.text) for s in last)
        # the agent's first word behind it, even where the customer asks first whether he is there
        next_ones = [] if behind is None else segments[behind : behind + NEAR]
        first = next((s for s in next_ones if s.role is Role.AGENT), None)
        thanked = first is not None and THANKS.search(first.text) is not None
        played = sum(max(min(b, end) - max(a, start), 0.0) for a, b in music)
        if announced or thanked or played > (end - start) / 2:
            yield CallHold(start, end, announced, thanked)


def _took_the_floor(after: int, signs: frozenset[int]) -> int:
    """The last turn up to a segment that took the floor."""
    if after not in signs:
        return after
    return next((k for k in range(after - 1, -1, -1) if k not in signs), after)


def reached_by(segments: Sequence[Segment]) -> list[Seconds]:
    """By segment the latest end of all up to it."""
    return list(accumulate([segment.end or 0.0 for segment in segments], max))


def _behind(end: Seconds, segments: Sequence[Segment], reached: Sequence[Seconds]) -> int | None:
    """The segment that goes on, or begins, first behind a silence; `reached`: see `reached_by`."""
    end -= 1e-6
    first: tuple[Seconds, int] | None = None
    for index in range(bisect_left(reached, end), len(segments)):
        segment = segments[index]
        if segment.start is None or (segment.end or 0.0) < end:
            continue
        begins = segment.start >= end
        inside = (word.start for word in segment.words if word.start >= end)
        at = segment.start if begins else min(inside, default=None)
        if at is not None and (first is None or (at, index) < first):
            first = at, index
        if begins:  # those that follow begin later
            break
    return None if first is None else first[1]


def _asks(text: str) -> bool:
    if text.rstrip().endswith(("?", "？")):
        return True
    last = _plain(text[-LONGEST_END:])
    if len(last) < LONGEST_ASKED:
        last = _plain(text)
    return last.endswith(ASKS)


def _checks(text: str) -> bool:
    """Whether somebody asks first whether the other one is there."""
    if text[:1].isalnum() and text[0] not in BEGIN_CHECKS:
        return False
    return CHECKS.match(_plain(text)) is not None


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _other(role: Role) -> Role:
    return Role.CUSTOMER if role is Role.AGENT else Role.AGENT


def _speaker(segment: Segment) -> object:
    return segment.role if segment.channel is None else segment.channel
