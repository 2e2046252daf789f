"""What is tested cheaply before a search never rules out what the search would find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain import CallInfo, Role, Segment, Transcript
from pipeline.privacy import (
    _CUE_OF,
    _CUES,
    DETECTORS,
    accounts,
    context,
    labels,
    money,
    read_passages,
    turns,
)
from pipeline.privacy import told_names as told
from pipeline.privacy.context import Passage
from pipeline.privacy.detectors import address, employer, expiry, name, password, plate, wechat
from pipeline.rules.marked_yaml import plain
from pipeline.text import DigitsView, digits_view, may_answer
from tests.builders import a_dialogue
from tests.privacy.first_characters import beginnings

CASES = Path(__file__).resolve().parents[1] / "cases" / "privacy"
searching = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def _calls() -> Iterator[Transcript]:
    for file in sorted(CASES.glob("*.yaml")):
        cases = plain(file.read_text(encoding="utf-8"))
        for case in [*(each["turns"] for each in cases["hit"]), *cases["no_hit"]]:
            yield a_dialogue(*([case] if isinstance(case, str) else case))


CALLS = list(_calls())
PASSAGES = [passage for call in CALLS for passage in read_passages(call)]
TEXTS = sorted({passage.text for passage in PASSAGES})
ALL_IN_ONE = Transcript(
    CallInfo("c"),
    tuple(
        Segment((Role.AGENT, Role.CUSTOMER)[number % 2], text) for number, text in enumerate(TEXTS)
    ),
)


def _held(text: str) -> set[str]:
    """The plain way: word by word, expression by expression."""
    return {
        kind
        for kind, cue in _CUE_OF.items()
        if any(word in text for word in cue.words.split("|") if word)
        or (cue.form is not None and cue.form.search(f"\n{text}"))
    }


def _found(texts: list[str]) -> list[set[str]]:
    return [{kind for kind, bit in _CUES.bits.items() if bit & own} for own in _CUES.own(texts)]


def test_one_pass_finds_the_cues_that_are_found_one_by_one() -> None:
    assert _found(TEXTS) == [_held(text) for text in TEXTS]


words = [word for cue in _CUE_OF.values() for word in f"{cue.words}|{cue.hints}".split("|") if word]
pieces = st.sampled_from([*words, *"王张欧阳天，。 \n的是我在京Aat0１三年属号", *TEXTS[::7]])


@given(st.lists(st.lists(pieces, max_size=5).map("".join), max_size=6))
def test_one_pass_finds_the_cues_of_any_turns(texts: list[str]) -> None:
    assert _found(texts) == [_held(text) for text in texts]


@pytest.mark.parametrize("kind", [kind for kind, cue in _CUE_OF.items() if cue.form and cue.hints])
@given(data=st.data())
@searching
def test_a_cue_in_form_of_an_expression_holds_a_hint(kind: str, data: st.DataObject) -> None:
    cue = _CUE_OF[kind]
    assert cue.form is not None
    text = data.draw(st.from_regex(cue.form))
    assert any(hint in text for hint in cue.hints.split("|"))


@pytest.mark.parametrize("kind", [kind for kind, cue in _CUE_OF.items() if cue.needed])
def test_a_detector_that_needs_its_cue_finds_nothing_without(kind: str) -> None:
    found = 0
    for call in (*CALLS, ALL_IN_ONE):
        passages = list(read_passages(call))
        for passage, called in zip(passages, _CUES.called(passages), strict=True):
            hits = list(DETECTORS[kind].find(passage))
            assert not hits or called & _CUES.bits[kind]
            found += len(hits)
    assert found > 0


def _one_of(chars: str) -> re.Pattern[str]:
    return re.compile(f"[{chars}]")


BEFORE_A_SEARCH = {
    "address": (address._AT_A_HOUSE, address._ADDRESS),
    "wechat": (wechat._OF_A_LABEL, wechat._LABEL),
    "expiry": (_one_of("月"), expiry._IN_WORDS),
    "plate": (plate._LETTER, plate._PLATE),
    "bare plate": (plate._LETTER, plate._BARE),
    "name in a clause": (_one_of("叫名"), told._FULL_CLAUSE),
    "called so": (_one_of("叫名"), told._CALLED_SO),
    "dotted name": (_one_of("·•・"), told._DOTTED),
    "in pieces": (re.compile("单名"), told._GIVEN_ONLY),
}
for number, (hints, form) in enumerate(employer._ANY_FORMS):
    BEFORE_A_SEARCH[f"employer {number}"] = re.compile("|".join(hints)), form
for number, (hints, form) in enumerate(employer._ORG_FORMS):
    BEFORE_A_SEARCH[f"organisation {number}"] = re.compile("|".join(hints)), form
    BEFORE_A_SEARCH[f"kind of organisation {number}"] = employer._A_KIND, form


@pytest.mark.parametrize("search", BEFORE_A_SEARCH)
@given(data=st.data())
@searching
def test_what_is_found_passes_the_test_before(search: str, data: st.DataObject) -> None:
    test, form = BEFORE_A_SEARCH[search]
    pattern = re.sub(r"\(\?=\[.*?\)\)", "", form.pattern, count=1)  # few texts fit by chance
    assert test.search(data.draw(st.from_regex(re.compile(pattern, form.flags))))


@pytest.mark.parametrize("search", BEFORE_A_SEARCH)
def test_what_is_found_in_the_cases_passes_too(search: str) -> None:
    test, form = BEFORE_A_SEARCH[search]
    assert [text for text in TEXTS if form.search(text) and not test.search(text)] == []


@pytest.mark.parametrize(
    "gated", [labels._LABEL, accounts.NEAREST, name._SAID], ids=["labels", "accounts", "names"]
)
def test_a_gate_lets_every_beginning_pass(gated: re.Pattern[str]) -> None:
    """It stands first: (?=…)."""
    gate = re.compile(gated.pattern[: gated.pattern.index(")") + 1])
    every = beginnings(gated.pattern, 2)
    assert len(every) > 50
    assert [begin for begin in every if not gate.match(begin)] == []


LEADS = [
    *name._HOLDER.split("|"), "", "小", "叫", "是", "就是", "您是", "你是", "请问是", "孩子",
    "被保人", "我姐", "我哥", "我弟", "我妹", "我儿", "叔", "伯", "姑", "舅", "姨", "转告",
    "通知", "让", "喊", "转给", "汇给", "认识", "找", "联系", "替", "陪", "您跟", "你和",
    "您与", "登记的是", "应该是", "，", "对", "个",
]  # fmt: skip
BETWEEN = ["", "，", " ", "是", "不是", "改成", "写成", "吧，"]
FAMILIES = ["王", "欧阳", "和"]
BEHIND = [
    "", "小", "小明", "小明，", "明。", "小明先生", "小明王女士", "明欧阳总", "小明，小花的小",
    "明，弓长", "明名下", "小明接电话", "小明的卡", "明吧", "小明没错",
]  # fmt: skip


def test_names_are_looked_for_wherever_an_expression_matches() -> None:
    led = before = 0
    for text in map("".join, product(LEADS, BETWEEN, FAMILIES, BEHIND)):
        leading = [pattern for pattern, _ in name._BEHIND if pattern.search(text)]
        assert name._LED.search(text) or not leading
        led += len(leading)
        for at in range(len(text)):
            some = any(pattern.match(text, at) for pattern, _ in name._BEFORE)
            assert some == (name._ANY_BEFORE.match(text, at) is not None)
            assert not some or name._FAMILY.match(text, at)
            before += some
    assert min(led, before) > 1000


hums = st.sampled_from(
    [
        *"嗯啊哦好对是行的呢吧了您你,，。 请说讲报三8位个那几",
        "继续",
        "然后",
        "明白",
        "后面",
        "一二三",
        "吗",
        "没错",
        "我记",
        "二",
    ]
)


@given(st.lists(hums, max_size=8).map("".join))
@settings(max_examples=300)
def test_every_backchannel_may_be_an_echo(text: str) -> None:
    """So that a turn that is no echo is not tried as a backchannel."""
    assert turns._ECHO.fullmatch(text) or not turns._BACKCHANNEL.fullmatch(text)


DIGITS = "零一二三四五六七八九0123789幺妖腰要两就久是留洞拐，。、 嗯个双点十百万元年月号"


@given(st.text(st.sampled_from(DIGITS), max_size=24))
@settings(max_examples=500)
def test_guessed_digits_are_read_as_if_they_always_were(text: str) -> None:
    asked = Passage((0,), Role.AGENT, "您的手机号是多少？", (0,))
    view = digits_view(text)
    if may_answer(text):
        view = context._fuller(view, digits_view(text, asked=True))
    assert context._view(text, [asked]) == view
    assert context._view(text, []) == digits_view(text)
    assert view == DigitsView(text, view.runs)


def test_a_single_numeral_without_unit_is_no_sum() -> None:
    """So that it need not be tested for a place."""
    single = [char for char in map(chr, range(0x10000)) if money._SUM.fullmatch(char)]
    assert len(single) > 40
    assert [char for char in single if money._PLACE.search(char)] == []


@given(st.text(st.sampled_from("0123456789一二三四五六七八九，叉艾克斯xX密码是a"), max_size=40))
def test_letters_of_a_flat_text_are_written_or_end_a_run(text: str) -> None:
    view = digits_view(text)
    lettered = password._LETTER.search(text) or any(run.digits[-1] == "X" for run in view.runs)
    assert lettered or not password._LETTER.search(view.flat()[0])
