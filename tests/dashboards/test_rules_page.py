"""The page of rules, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.names import NAMES
from dashboards.texts import TEXTS
from pipeline.store import Decision, People, ReviewDraft, Snapshot
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return databases.small(tmp_path)


def test_every_rule_leads_to_its_calls(open_page: Open, db: Path) -> None:
    rows = component(open_page(db, "rules"), "rules")["rows"]
    with Snapshot.open(db) as snapshot:
        known = {row["rule"] for row in snapshot.rules().to_pylist()}
    assert {row["link"]["params"]["rule"] for row in rows} == known
    assert all(row["link"]["page"] == "queue" for row in rows)


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_decisions_become_precision_with_an_interval(
    open_page: Open, db: Path, lang: str, at: int
) -> None:
    with Snapshot.open(db) as snapshot:
        calls = snapshot.list_calls(limit=50).to_pylist()
    people = People.open(db)
    for call in calls:
        if call["top_rule"] == "no_full_card_number":
            people.add_review(
                ReviewDraft(
                    "李质检", call["call_id"], call["content_sha256"], Decision.CONFIRM,
                    rule="no_full_card_number",
                )
            )  # fmt: skip
    page = open_page(db, "rules", lang=lang)
    row = next(
        row for row in component(page, "rules")["rows"]
        if row["link"]["params"]["rule"] == "no_full_card_number"
    )  # fmt: skip
    assert row["cells"]["decided"] == "11 / 0"
    assert row["cells"]["precision"]["text"] == "100% [74%, 100%]"
    assert TEXTS["rules_method"][at][:20] in seen(page)
    assert NAMES["advice_retire"][at] not in seen(page)


@pytest.mark.parametrize("name", ["empty", "one_call"])
def test_hardly_any_calls(open_page: Open, dbs: dict[str, Path], name: str) -> None:
    assert TEXTS["page_rules" if name == "one_call" else "no_calls"][0] in seen(
        open_page(dbs[name], "rules")
    )
