"""Turns are read from a whole call at once: the same as character by character."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import Role, Segment
from pipeline.process import prepare
from pipeline.rules.result import Hit
from pipeline.rules.turns import Turn, fold, read_turns
from tests.builders import a_dialogue

MARKS = "，。？！、：；… \n_-.·:,?!%％．：＿"
TEXTS = st.text(st.sampled_from(f"您好保本Aａ１5٣ßİ𠮷\0\ud800\ue000{MARKS}"), max_size=12)
KEPT = re.compile(r"[^\W_]|[%％]|(?<=\d)[.:．：](?=\d)")
SEGMENTS = st.lists(
    st.builds(
        lambda role, text, start, length: Segment(role, text, start, start + length),
        st.sampled_from(Role),
        TEXTS,
        st.sampled_from((0.0, 3.0)),
        st.sampled_from((1.0, 2.5)),
    ),
    max_size=8,
)


@given(SEGMENTS, st.booleans())
def test_every_character_is_found_again(segments: list[Segment], roles_known: bool) -> None:
    turns = read_turns(segments, roles_known=roles_known)
    covered = [k for t in turns for k in range(t.first_segment, t.last_segment + 1)]
    assert covered == list(range(len(segments)))
    for turn in turns:
        own = range(turn.first_segment, turn.last_segment + 1)
        assert {segments[k].role for k in own} == {turn.role} or not roles_known
        assert turn.text == "".join(fold(segments[k].text) for k in own)
        places = [(k, kept.start()) for k in own for kept in KEPT.finditer(segments[k].text)]
        assert [turn.place(at) for at in range(len(turn.text))] == places
        for k in own:
            for char in range(len(segments[k].text) + 1):
                assert turn.folded(k, char) == sum(place < (k, char) for place in places)


@given(SEGMENTS)
def test_turns_are_as_long_as_one_person_speaks(segments: list[Segment]) -> None:
    turns = read_turns(segments, roles_known=True)
    for before, after in pairwise(turns):
        assert before.role is not after.role or before.role is Role.UNKNOWN
        assert after.begin == before.begin + len(before.text) + 1
    numbers: dict[Role, list[int]] = {}
    for turn in turns:
        numbers.setdefault(turn.role, []).append(turn.number)
    assert all(own == list(range(1, len(own) + 1)) for own in numbers.values())


def read(*texts: str, gap: float = 0.0) -> Turn:
    """One turn of several segments, each of 2 s."""
    segments = [
        Segment(Role.AGENT, text, k * (2 + gap), k * (2 + gap) + 2) for k, text in enumerate(texts)
    ]
    return read_turns(segments, roles_known=True)[0]


@pytest.mark.parametrize(
    ("texts", "gap", "clauses", "sentences", "questions"),
    [
        (("您好，我是小王。请问？",), 0.0, [2, 6, 8], [6, 8], {8}),
        (("您好", "我是小王"), 0.0, [], [], set()),
        (("您好", "我是小王"), 1.0, [2], [2], set()),
        (("，您好", "，我是"), 0.0, [2], [], set()),
        (("利率3.5%，对．ＯＫ．5",), 0.0, [6, 7, 9], [7, 9], set()),
        (("十点10:30到：好",), 0.0, [8], [], set()),
        (("您好\n在吗？！嗯",), 0.0, [2, 4], [2, 4], {4}),
        (("", "？您", ""), 1.0, [1], [1], set()),
    ],
)
def test_where_clauses_and_sentences_end(
    texts: tuple[str, ...], gap: float, clauses: list[int], sentences: list[int],
    questions: set[int],
) -> None:  # fmt: skip
    turn = read(*texts, gap=gap)
    assert (list(turn.clauses), list(turn.sentences)) == (clauses, sentences)
    assert set(turn.questions) == questions


@pytest.mark.parametrize(
    ("segment", "start", "end", "quote"),
    [
        (0, 0, 2, "您好"),
        (0, 5, 6, "我说这个"),
        (1, 0, 2, "保本吗"),  # the clause began in the segment before, the quote does not
        (1, 4, 5, "对"),
        (1, 3, 4, "，"),  # marks alone are in no clause
        (2, 1, 2, "ＯＫ"),
    ],
)
def test_the_clause_around_a_hit_stays_inside_its_segment(
    segment: int, start: int, end: int, quote: str
) -> None:
    call = prepare(a_dialogue("客服: 您好，我说这个", "客服: 保本吗，对。", "客户: ＯＫ"))
    assert call.evidence(Hit(segment, start, end)).quote == quote
