"""Every operator against its case file, and the rules of the house about operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from pipeline.rules import OPERATORS
from pipeline.rules.marked_yaml import plain
from pipeline.rules.model import Condition
from pipeline.rules.operators import Operator, table
from pipeline.rules.operators.keyword import Keyword
from pipeline.rules.result import Outcome, Result, no
from tests.rules.calls import CASES, a_call

ANY: TypeAdapter[Operator] = TypeAdapter(Condition)
KINDS = {
    "hit": Outcome.HIT,
    "no_hit": Outcome.NO,
    "unsure": Outcome.UNSURE,
    "not_applicable": Outcome.NOT_APPLICABLE,
}


def cases() -> Iterator[Any]:
    for name in OPERATORS:
        document = plain((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
        common = {k: document.pop(k, {}) for k in ("condition", "with")}
        for kind, rows in document.items():
            for k, row in enumerate(rows, start=1):
                yield pytest.param(
                    KINDS[kind], common | row, id=f"{name}-{kind}-{k}-{row.get('note', '')}"
                )


def checked(case: dict[str, Any]) -> Result:
    conditions = {k: ANY.validate_python(v) for k, v in case.pop("with").items()}
    condition = ANY.validate_python(case.pop("condition"))
    case.pop("note", None)
    call = a_call(*case.pop("lines"), **case)

    def lookup(name: str) -> Result:
        return conditions[name].check(call, lookup)

    return condition.check(call, lookup)


@pytest.mark.parametrize(("outcome", "case"), list(cases()))
def test_case(outcome: Outcome, case: dict[str, Any]) -> None:
    result = checked(dict(case))
    if outcome is Outcome.UNSURE and result.doubt:
        return  # a doubtful answer makes the rule unsure
    assert result.outcome is outcome, result
    assert not result.doubt
    assert result.reason
    assert not result.reason.endswith("。")


@pytest.mark.parametrize("name", OPERATORS)
def test_house_rules(name: str) -> None:
    """An operator has a docstring, a valid example of itself, and cases that hit and do not."""
    operator = OPERATORS[name]
    assert operator.__doc__
    assert ANY.validate_python(yaml.safe_load(operator.EXAMPLE)).operator == name
    document = plain((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert document["hit"]
    assert document["no_hit"]


def test_a_duplicate_operator_raises() -> None:
    with pytest.raises(ValueError, match="'keyword' is registered twice"):
        table(("keyword", Keyword), ("keyword", Keyword))


def test_the_table_names_what_the_class_says() -> None:
    for name, operator in OPERATORS.items():
        assert operator.model_fields["operator"].annotation.__args__ == (name,)  # type: ignore[union-attr]


def test_an_expression_that_may_match_nothing_at_the_end_comes_to_an_end() -> None:
    condition = ANY.validate_python(
        {"operator": "regex", "label": "结尾", "patterns": ["好的|(?<=行)$", "再见(?=$)"]}
    )
    found = condition.check(a_call("客服: 好的，行", "客户: 再见，行"), lambda _: no(""))
    assert [(h.segment, h.start, h.end) for h in found.hits] == [(0, 0, 2)]
