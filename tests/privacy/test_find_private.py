"""Rules of finding: overlaps, split numbers, classes, positions."""

from __future__ import annotations

import time

import pytest

from pipeline.domain import CallInfo, DataClass, Role, Segment, Transcript
from pipeline.privacy import DETECTORS, find_private
from pipeline.privacy.detectors import _table
from pipeline.privacy.detectors.phone import Phone
from tests.builders import a_dialogue


def test_credentials_are_c3_and_identity_is_c2() -> None:
    c3 = {kind for kind, each in DETECTORS.items() if each.data_class is DataClass.C3}
    assert c3 == {"otp", "password", "cvv", "expiry"}
    c1 = {kind for kind, each in DETECTORS.items() if each.data_class is DataClass.C1}
    assert c1 == {"employer"}


def test_a_span_points_into_the_segments_own_text_and_names_the_speaker() -> None:
    transcript = a_dialogue("坐席: 您好。", "客户: 我电话是幺三八零零幺三八零零零。")
    (span,) = find_private(transcript)
    assert (span.segment, span.start_char, span.end_char) == (1, 4, 15)
    assert (span.role, span.detector, span.group) == (Role.CUSTOMER, "Phone", None)


def test_a_right_check_digit_beats_a_label() -> None:
    """The customer answers the question for a card with an ID number."""
    transcript = a_dialogue(
        "坐席: 请报一下您的手机号。", "客户: 三三零一零六一九八五零七一二四零一八"
    )
    (span,) = find_private(transcript)
    assert (span.kind, span.valid) == ("id_card", True)


def test_a_label_beats_a_shorter_number_inside() -> None:
    """The groups 138 0013 8000 inside a misheard card number are no phone."""
    (span,) = find_private(a_dialogue("客户: 卡号是 62220 13800138000 1"))
    assert (span.kind, span.valid) == ("bank_card", False)


def test_two_numbers_in_one_turn_are_two_spans() -> None:
    text = "客户: 手机幺三八零零幺三八零零零，身份证三三零一零六一九八五零七一二四零一八。"
    assert [span.kind for span in find_private(a_dialogue(text))] == ["phone", "id_card"]


def test_a_number_over_several_segments_shares_a_group() -> None:
    turns = (
        "客户: 幺三八五七，",
        "客户: 幺九四零二六，",
        "客户: 还有座机零五七幺",
        "客户: 八八六六幺二三四",
    )
    spans = find_private(a_dialogue(*turns))
    assert [(span.kind, span.segment, span.group) for span in spans] == [
        ("phone", 0, 1),
        ("phone", 1, 1),
        ("landline", 2, 2),
        ("landline", 3, 2),
    ]


def test_a_listeners_words_do_not_cut_a_number() -> None:
    turns = (
        "坐席: 手机号？",
        "客户: 幺三八",
        "坐席: 嗯，好的。",
        "客户: 五七幺九",
        "坐席: 嗯",
        "客户: 四零二六",
    )
    spans = find_private(a_dialogue(*turns))
    assert [(each.kind, each.segment, each.group) for each in spans] == [
        ("phone", 1, 1),
        ("phone", 3, 1),
        ("phone", 5, 1),
    ]


def test_a_real_turn_of_the_other_side_ends_a_turn() -> None:
    turns = ("客户: 工号我记了，四八二九", "坐席: 还有别的问题吗？", "客户: 一三")
    assert find_private(a_dialogue(*turns)) == ()


def test_pieces_end_at_digits() -> None:
    spans = find_private(a_dialogue("客户: 嗯，幺三八五七，", "客户: 嗯，幺九四零二六。"))
    assert [(span.start_char, span.end_char) for span in spans] == [(2, 7), (2, 8)]


def test_unknown_roles_are_not_joined() -> None:
    """Without roles the next segment may be the other person."""
    segments = tuple(Segment(Role.UNKNOWN, text) for text in ("验证码四八二九", "一三"))
    spans = find_private(Transcript(CallInfo("c"), segments))
    assert [(span.segment, span.kind) for span in spans] == [(0, "otp")]


def test_a_question_is_answered_once() -> None:
    """After the phone was given, eleven other digits are not a misheard phone."""
    turns = ("坐席: 手机号幺三八零零幺三八零零零，对吗？", "客户: 对，二零二四零八幺七三零五。")
    assert [span.segment for span in find_private(a_dialogue(*turns))] == [0]


def test_an_empty_transcript_has_nothing() -> None:
    assert find_private(Transcript(CallInfo("c"), ())) == ()


def test_a_duplicate_detector_raises() -> None:
    with pytest.raises(ValueError, match="two detectors for 'phone'"):
        _table(Phone(), Phone())


@pytest.mark.parametrize(
    "piece", ["一", "1 ", "幺三八，", "十一", "a a ", "a.", "微信a", "密码是", "要"]
)
def test_strange_texts_cost_linear_time(piece: str) -> None:
    """Of characters in one turn eight times as many cost about eight times as much, not 64."""
    for _ in range(5):  # other programs can only make it look slower
        short, long = _seconds(piece, 2_000), _seconds(piece, 16_000)
        if long < 2.4 and long / short < 14:
            return
    pytest.fail(f"{short:.3f} s for 2,000 characters, {long:.3f} s for 16,000")


def _seconds(piece: str, characters: int) -> float:
    transcript = a_dialogue("客户: " + piece * (characters // len(piece)) + "@")
    began = time.process_time()
    find_private(transcript)
    return time.process_time() - began


def test_money_is_no_answer_to_a_question_for_a_code() -> None:
    turns = ("坐席: 您有没有把验证码告诉别人？", "客户: 告诉了，然后就被扣了5000。")
    assert [span.kind for span in find_private(a_dialogue(*turns))] == ["amount"]
