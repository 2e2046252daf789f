from __future__ import annotations

from pipeline.asr.turns import merge, utterances
from pipeline.domain import Segment, Word


def words(text: str, start: float, step: float = 0.2) -> list[Word]:
    return [Word(c, start + n * step, start + (n + 1) * step, 0.9) for n, c in enumerate(text)]


def texts(turns: list[Segment]) -> list[tuple[int | None, str]]:
    return [(turn.channel, turn.text) for turn in turns]


def test_a_pause_of_more_than_half_a_second_ends_an_utterance() -> None:
    found = utterances([*words("您好", 0), *words("请讲", 0.8), *words("好的", 2.0)], 0)
    assert [u.text for u in found] == ["您好请讲", "好的"]
    assert found[0].start == 0
    assert found[0].words[-1].text == "讲"


def test_two_channels_interleave_by_time_and_every_turn_ends_with_a_mark() -> None:
    agent = utterances([*words("请问您的姓名是什么", 0), *words("好的", 4)], 0)
    customer = utterances(words("我叫张三", 2.2), 1)
    assert texts(merge([*agent, *customer], join=True)) == [
        (0, "请问您的姓名是什么？"),
        (1, "我叫张三。"),
        (0, "好的。"),
    ]


def test_a_number_said_with_pauses_stays_one_turn_when_nobody_speaks_between() -> None:
    parts = [*words("幺三八", 0), *words("五七幺九", 1.5), *words("四零二六", 3.5)]
    joined = merge(utterances(parts, 1), join=True)
    assert texts(joined) == [(1, "幺三八，五七幺九，四零二六。")]
    assert "".join(word.text for word in joined[0].words) == joined[0].text


def test_in_mono_nothing_is_joined_because_two_people_may_speak() -> None:
    parts = [*words("您好", 0), *words("你好", 1.2)]
    assert len(merge(utterances(parts, 0), join=False)) == 2


def test_a_turn_does_not_begin_with_a_mark() -> None:
    found = utterances([Word("，我", 0, 0.2, 0.9), *words("再想想", 0.2)], 0)
    assert found[0].text == "我再想想"
    assert "".join(word.text for word in found[0].words) == "我再想想"


def test_marks_alone_are_no_utterance() -> None:
    assert utterances([Word("，", 0, 0.1, 0.9)], 0) == []
