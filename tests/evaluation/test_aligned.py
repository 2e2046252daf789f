"""The differences of two texts, and what of them may be shown."""

from __future__ import annotations

from pipeline import privacy
from pipeline.domain import Segment, Transcript
from pipeline.evaluation.aligned import Step, aligned, confusions
from tests.builders import a_dialogue


def masked(transcript: Transcript) -> list[tuple[Segment, Segment]]:
    safe = privacy.mask(transcript, privacy.find_private(transcript))
    return list(zip(transcript.segments, safe.segments, strict=True))


def compared(said: str, heard: str) -> list[Step]:
    return aligned(masked(a_dialogue(f"客户: {said}")), masked(a_dialogue(f"客户: {heard}")))


def shown(steps: list[Step]) -> str:
    return "".join(
        step.said if step.tag == "equal" else f"[{step.said}>{step.heard}]" for step in steps
    )


def test_every_difference_is_shown_in_its_place() -> None:
    steps = compared("您好，这里是东方银行。", "您号，这是东方的银行。")
    assert shown(steps) == "您[好>号]这[里>]是东方[>的]银行"
    assert confusions(steps) == {("好", "号"): 1}


def test_a_number_is_hidden_in_both_texts_even_where_only_one_gives_it_away() -> None:
    said = "我的手机号是一三八零零一三八零零零"
    assert shown(compared(said, "我的手机号是一三八零零一三八零零零")) == "我的手机号是" + "*" * 11
    badly = shown(compared(said, "我的手鸡好是幺三巴零灵幺三八零零"))
    assert "三" not in badly
    assert "巴" not in badly
    assert "灵" not in badly
    assert badly.startswith("我的手[机>鸡][号>好]") or badly.startswith("我的手[机号>鸡好]")


def test_what_the_recogniser_adds_to_a_number_is_hidden_too() -> None:
    text = shown(compared("验证码是六六二七，谢谢", "验证码是六六九二七五谢谢"))
    assert text.endswith("谢谢")
    assert not set("六二七九五") & set(text)


def test_a_name_is_hidden_where_it_was_misheard() -> None:
    """Nothing finds the name in what was recognised."""
    text = shown(compared("我叫张建国，我要挂失。", "我角章健果，我要挂失。"))
    assert not set("建国健果") & set(text)
    assert text.endswith("我要挂失")


def test_short_numbers_are_shown_and_compared_by_their_sound() -> None:
    assert shown(compared("分十二期", "分12期")) == "分[十>一]二期"


def test_nothing_heard_and_nothing_said_are_aligned_too() -> None:
    nothing = aligned([], [])
    assert nothing == []
    (lost,) = aligned(masked(a_dialogue("客服: 您好")), [])
    assert (lost.tag, lost.said) == ("delete", "您好")
