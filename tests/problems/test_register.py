"""Problems are known again from week to week, as trainers left them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain import Problem
from pipeline.errors import BadInput, TryAgain
from pipeline.problems import Weekly, hide, look, merge, note, rename, split
from pipeline.store import ProblemRegister, Snapshot
from tests.problems.conftest import LAST, week

WHO = "赵培训"


def of(seen: Weekly, word: str, kind: str = "asked") -> Problem:
    return next(one for one in seen.problems if word in one.name and one.kind == kind)


@pytest.fixture
def snapshot(db: Path) -> Snapshot:
    return Snapshot.open(db)


def test_last_weeks_problems_keep_ids_and_names(snapshot: Snapshot) -> None:
    for back in (3, 2, 1):
        note(snapshot, week(back))
    before, now = look(snapshot, week(1)), look(snapshot, LAST)
    names = {one.id: one.name for one in before.problems}
    again = [one for one in now.problems if one.id in names]
    assert len(again) >= 15
    assert all(one.name == names[one.id] for one in again)
    assert of(now, "积分").id not in names
    assert of(now, "积分").trend == "new"


def test_noting_a_week_changes_neither_it_nor_older_ones(snapshot: Snapshot) -> None:
    before = {back: look(snapshot, week(back)).problems for back in (1, 0)}
    note(snapshot, LAST)
    assert {back: look(snapshot, week(back)).problems for back in (1, 0)} == before
    with pytest.raises(BadInput, match="only looked at"):
        note(snapshot, week(1))


def test_a_week_with_few_calls_is_not_noted(snapshot: Snapshot) -> None:
    assert note(snapshot, LAST, least=121) is None
    assert ProblemRegister(snapshot.people).newest_week() is None


def test_the_register_keeps_words_that_several_calls_share(snapshot: Snapshot) -> None:
    note(snapshot, LAST)
    with snapshot.cursor() as cursor:
        said = cursor.execute("SELECT call_id, text FROM segments WHERE role = 'customer'")
        texts = said.fetchall()
    for topic in ProblemRegister(snapshot.people).topics():
        for word in topic.terms:
            assert len({call for call, text in texts if word in text.lower()}) >= 3, word


def test_a_new_name_holds_in_all_weeks_and_kinds_until_it_is_undone(snapshot: Snapshot) -> None:
    register, seen = ProblemRegister(snapshot.people), look(snapshot, week(1))
    number = rename(register, WHO, seen, of(seen, "违约金"), "提前还款的违约金")
    for back, kinds in ((1, {"asked"}), (0, {"asked", "repeated"})):
        found = look(snapshot, week(back)).problems
        named = {str(one.kind) for one in found if one.name == "提前还款的违约金" and one.renamed}
        assert kinds <= named
    register.undo(WHO, number)
    assert look(snapshot, week(1)).problems == seen.problems
    with pytest.raises(TryAgain):
        register.undo(WHO, number)


@pytest.mark.parametrize("name", ["", "  ", "问" * 41, "客户电话13812345678的问题"])
def test_names_that_are_none_or_private_are_refused(snapshot: Snapshot, name: str) -> None:
    seen = look(snapshot, LAST)
    with pytest.raises(BadInput):
        rename(ProblemRegister(snapshot.people), WHO, seen, seen.problems[0], name)
    with pytest.raises(BadInput, match="say who you are"):
        rename(ProblemRegister(snapshot.people), " ", seen, seen.problems[0], "名称")


def test_merged_problems_are_one_in_later_weeks(snapshot: Snapshot) -> None:
    register, seen = ProblemRegister(snapshot.people), look(snapshot, week(1))
    one, other = of(seen, "违约金"), of(seen, "限额")
    befores = ((1, seen), (0, look(snapshot, LAST)))
    number = merge(register, WHO, seen, one, other)
    for back, before in befores:
        after = look(snapshot, week(back))
        assert one.id not in {problem.id for problem in after.problems}
        whole = next(problem for problem in after.problems if problem.id == other.id)
        assert whole.name == other.name
        assert whole.calls > of(before, "限额").calls
    with pytest.raises(BadInput, match="already"):
        merge(register, WHO, look(snapshot, week(1)), one, other)
    register.undo(WHO, number)
    assert of(look(snapshot, LAST), "违约金").id == one.id


def test_rules_are_not_merged(snapshot: Snapshot) -> None:
    seen = look(snapshot, LAST)
    rule = next(one for one in seen.problems if one.rule)
    with pytest.raises(BadInput, match="not merged"):
        merge(ProblemRegister(snapshot.people), WHO, seen, rule, of(seen, "违约金"))


def test_what_is_split_off_stays_apart_in_later_weeks(snapshot: Snapshot) -> None:
    register, seen = ProblemRegister(snapshot.people), look(snapshot, week(1))
    whole = of(seen, "短信")
    with pytest.raises(BadInput, match="is no word"):
        split(register, WHO, seen, whole, ("理赔", "别的"))
    word = next(one for one in whole.words if one in ("取消", "扣款", "扣了", "通知", "扣短"))
    number = split(register, WHO, seen, whole, (word, "短信费另一半"))
    new = register.acts()[-1].value
    for back in (1, 0):
        after = look(snapshot, week(back))
        assert after.topics[new].name == "短信费另一半"
        part, rest = (
            after.calls.get(f"asked-{topic}", frozenset()) for topic in (new, whole.id[6:])
        )
        assert len(part & rest) <= len(part) / 3, "who asks twice"
        assert back == 0 or (part and rest)
    register.undo(WHO, number)
    assert look(snapshot, week(1)).problems == seen.problems


def test_hidden_problems_are_not_shown(snapshot: Snapshot) -> None:
    register, seen = ProblemRegister(snapshot.people), look(snapshot, LAST)
    gone = seen.problems[0]
    number = hide(register, WHO, gone)
    assert look(snapshot, LAST).problems == seen.problems[1:]
    register.undo(WHO, number)
    assert look(snapshot, LAST).problems == seen.problems
