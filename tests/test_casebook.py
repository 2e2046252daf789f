"""Passages without the agent's name, what people may write about them, who sees which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.casebook import (
    Subject,
    Wanted,
    check_text,
    chosen,
    library,
    nameless,
    passage_of,
)
from pipeline.domain import CaseKind, CaseText
from pipeline.errors import BadInput
from pipeline.store import Cases, Scope, Snapshot, StoredCall
from tests.access import site
from tests.access.site import OTHER, OWN
from tests.dashboards import databases

AGENT: dict[str, Any] = {"agent_name": "李晓梅", "agent_id": "A8023"}
TEXT = CaseText(CaseKind.BAD, "承诺保本", "误导客户", "本产品不保本", ("理财",))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("您好，我是李晓梅，很高兴为您服务", "您好，我是***，很高兴为您服务"),
        ("我的工号是8023", "我的工号是****"),
        ("工号八零二三为您服务", "工号****为您服务"),
        ("我是八 零 二 三号", "我是*******号"),
        ("工号 5566 为您服务", "工号 **** 为您服务"),
        ("A8023", "*****"),
        ("利率是百分之三，期限24个月", "利率是百分之三，期限24个月"),
    ],
)
def test_the_agent_is_not_named(said: str, shown: str) -> None:
    hidden = nameless(said, AGENT)
    assert len(hidden) == len(said)
    assert hidden == shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": "客户电话13812345678"}, r"13812345678.*phone"),
        ({"answer": "请转告客户张伟先生"}, "name"),
        ({"why": "李晓梅没有核实"}, "names the agent"),
        ({"tags": ("卡号6228480402564890018",)}, "bank_card"),
    ],
)
def test_a_case_names_nobody(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        check_text(replace(TEXT, **changed), AGENT)


def test_sums_and_hotlines_may_stand_in_an_answer() -> None:
    check_text(replace(TEXT, answer="年化收益约3%，10万元一年约3000元，详询95588"), AGENT)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> StoredCall:
    with Snapshot.open(databases.small(tmp_path_factory.mktemp("casebook"))) as snapshot:
        return snapshot.call(databases.HEARD)


def test_a_passage_is_masked_and_knows_what_it_is_about(heard: StoredCall) -> None:
    passage = passage_of(heard, 1, 4, Subject("no_promise"))
    assert [turn.text for turn in passage.quote] == list(databases.TURNS[1:])
    assert (passage.start, passage.end) == (4.5, 19.5)
    assert (passage.rule, passage.rule_title) == ("no_promise", "不得承诺保本")
    assert (passage.control_point, passage.point_title) == ("2.1", "信息保护")
    free = passage_of(heard, 0, 0, Subject(control_point="1"))
    assert (free.rule, free.point_title) == (None, "开场")


@pytest.mark.parametrize(("first", "last"), [(0, 9), (3, 2), (-1, 0)])
def test_turns_that_are_not_there_are_no_passage(heard: StoredCall, first: int, last: int) -> None:
    with pytest.raises(BadInput, match="has no turns"):
        passage_of(heard, first, last, Subject())
    with pytest.raises(BadInput, match="not checked by rule nothing"):
        passage_of(heard, 0, 0, Subject("nothing"))


def test_others_read_a_case_and_learn_nothing_of_its_call(tmp_path: Path) -> None:
    with Snapshot.open(site.make(tmp_path)) as snapshot:
        for known in (OWN, OTHER):
            call = snapshot.call(known.call_id)
            passage = passage_of(call, 0, 1, Subject(f"rule_{known.call_id}"))
            text = replace(TEXT, title=f"{known.fruit}树", tags=(known.fruit,))
            Cases(snapshot.people).add("张敏", passage, text)
        other, own = library(snapshot.within(Scope(agent=OWN.agent)))
        assert own.call is not None
        assert own.call["agent_id"] == OWN.agent
        assert other.call is None
        assert other.case.text.title == f"{OTHER.fruit}树"
        hidden = other.case.passage
        assert (hidden.call_id, hidden.content_sha256, hidden.first) == ("", "", 0)
        every = library(snapshot)
        assert [one.call and one.call["call_id"] for one in every] == [OTHER.call_id, OWN.call_id]
        assert library(snapshot.within(Scope(calls=False)))[0].call is None

    def found(**wanted: Any) -> list[str]:
        return [one.case.text.title for one in chosen(every, Wanted(**wanted))]

    assert found() == ["樱桃树", "苹果树"]
    assert found(words="怎么种 苹果") == found(tag="苹果") == ["苹果树"]
    assert found(kind=CaseKind.GOOD) == found(point="9") == found(retired=True) == []
    assert found(line="bank", point="2.1", kind=CaseKind.BAD) == ["樱桃树", "苹果树"]
