"""What is measured by short ways is what the plain ones find, over made-up calls."""

from __future__ import annotations

import re
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.acoustics.floor import REQUESTS, WAITS, attributed, backchannels, replies
from pipeline.acoustics.times import overlaps_of
from pipeline.domain import Overlap, Role, Segment
from pipeline.text import is_backchannel

ASKS = re.compile(r"(?:[吗呢么]|是不是|好不好|对不对|可以不|行不行|多少|什么|哪里|怎么办)$")
CHECKS = re.compile(r"^(?:[喂诶哎]|[您你]好)*(?:还?在吗|在听吗|人呢|听得?[到见]|喂|说话)")
SIDES = (Role.AGENT, Role.CUSTOMER)
OTHER = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT}
TEXTS = st.lists(
    st.sampled_from(
        (*"，。？? …\n_嗯好的对喂诶您你还在人听到说话吗呢么是不行多少哪里怎办等", "您好",
         "请报一下", "我查一下", "什么", "怎么办", "在听吗", "明白", "知道了", "因为")
    ),
    max_size=9,
).map("".join)  # fmt: skip
TIMES = st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0, 1.25, 2.0, 3.0, 4.5, 6.0])
SEGMENTS = st.lists(
    st.builds(
        lambda role, text, start, length, channel: Segment(
            role, text, start, None if start is None else start + length, channel=channel
        ),
        st.sampled_from(Role),
        TEXTS,
        st.none() | TIMES,
        TIMES,
        st.sampled_from([None, None, 0, 1]),
    ),
    max_size=7,
)


def plain(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def asks(text: str) -> bool:
    return text.rstrip().endswith(("?", "？")) or ASKS.search(plain(text)) is not None


def awaited(last: Segment, following: Segment) -> Role:
    """Whose turn it is between two turns, in the order of docs/voice.md."""
    if WAITS[last.role].search(last.text):
        return last.role
    if asks(last.text) or (last.role is Role.AGENT and REQUESTS.search(last.text)):
        return OTHER[last.role]
    if CHECKS.search(plain(following.text)):
        return OTHER[following.role]
    return Role.UNKNOWN if following.role is Role.CUSTOMER else Role.AGENT


@given(st.sampled_from(SIDES), TEXTS, st.sampled_from(SIDES), TEXTS)
def test_whose_turn_it_was(one: Role, said: str, other: Role, then: str) -> None:
    last, following = Segment(one, said, 0.0, 1.0), Segment(other, then, 5.0, 6.0)
    found = list(attributed([(1.0, 5.0, 0)], [last, following], frozenset(), [1.0, 6.0]))
    assert [silence.left_by for silence in found] == [awaited(last, following)]


def test_a_hum_without_end_is_read_at_once() -> None:
    last, following = Segment(Role.AGENT, "好。", 0, 1), Segment(Role.AGENT, "诶" * 300, 5, 60)
    began = time.process_time()
    assert list(attributed([(1, 5, 0)], [last, following], frozenset(), [1, 60]))
    assert time.process_time() - began < 1


@given(SEGMENTS)
def test_overlaps_are_those_of_all_pairs(segments: list[Segment]) -> None:
    timed = sorted(
        (s.start, s.end, k) for k, s in enumerate(segments) if s.start is not None and s.end
    )
    expected = []
    for place, (start, end, by) in enumerate(timed):
        for _, other_end, over in timed[:place]:
            one, other = segments[by], segments[over]
            channels = one.channel is not None and other.channel is not None
            differ = one.channel != other.channel if channels else one.role is not other.role
            if differ and other_end - start >= 0.2 and min(end, other_end) - start >= 0.2:
                expected.append(Overlap(start, min(end, other_end), by, over))
    assert list(overlaps_of(segments)) == expected


@given(SEGMENTS)
def test_signs_of_listening(segments: list[Segment]) -> None:
    def side(segment: Segment) -> object:
        return segment.role if segment.channel is None else segment.channel

    expected = set()
    for k, own in enumerate(segments):
        if own.start is None or own.end is None or not is_backchannel(own.text):
            continue
        others = [
            (s.start, s.end or 0.0, s.text)
            for s in segments
            if s.start is not None and side(s) != side(own)
        ]
        before = max((o for o in others if o[1] <= own.start), key=lambda o: o[1], default=None)
        answers = before is None or asks(before[2])
        goes_on = any(own.start <= begins <= own.end + 1 for begins, _, _ in others)
        if any(a < own.start < b for a, b, _ in others) or (goes_on and not answers):
            expected.add(k)
    assert backchannels(segments) == expected


@given(SEGMENTS, st.sets(st.integers(0, 6)))
def test_replies_of_each_side(segments: list[Segment], signs: set[int]) -> None:
    floor = [s for k, s in enumerate(segments) if k not in signs and s.end is not None]
    for role in SIDES:
        expected = [
            max((b.start or 0.0) - (a.end or 0.0), 0.0)
            for a, b in pairwise(floor)
            if b.role is role and a.role is OTHER[role]
        ]
        assert replies(segments, frozenset(signs))[role] == expected
