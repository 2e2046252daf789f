"""The page of rules, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.names import NAMES
from dashboards.texts import TEXTS
from pipeline.store import Decision, People, ReviewDraft, Snapshot
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "packs"


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


def test_the_latest_hits_of_a_rule_with_what_people_said(open_page: Open, db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        call = next(
            row for row in snapshot.list_calls(limit=50, sort="newest").to_pylist()
            if row["top_rule"] == "no_full_card_number"
        )  # fmt: skip
        finding = next(
            row for row in snapshot.call(call["call_id"]).findings
            if row["rule"] == "no_full_card_number"
        )  # fmt: skip
    People.open(db).add_review(
        ReviewDraft(
            "李质检", call["call_id"], call["content_sha256"], Decision.CONFIRM,
            rule="no_full_card_number",
        )
    )  # fmt: skip
    page = open_page(db, "rules")
    page.selectbox(key="rule_examples").set_value("no_full_card_number").run()
    assert not page.exception
    rows = component(page, "rule_hits")["rows"]
    row = next(row for row in rows if row["cells"]["call"] == call["call_id"])
    assert row["cells"]["quote"] == {
        "text": finding["evidence"][0]["quote"], "sub": finding["why"],
    }  # fmt: skip
    assert row["cells"]["said"] == NAMES["decision_confirm"][0]
    assert row["link"]["params"] == {
        "id": call["call_id"], "segment": str(finding["evidence"][0]["segment"]),
    }  # fmt: skip


def test_a_changed_pack_is_tried_on_the_page(open_page: Open, db: Path) -> None:
    page = open_page(db, "rules")
    page.file_uploader(key="backtest_pack").upload(
        "general.yaml", (EXAMPLES / "general.yaml").read_bytes(), "application/yaml"
    ).run()
    page.date_input(key="backtest_since").set_value("2020-01-01").run()
    page.button(key="backtest_go").click().run(timeout=120)
    assert not page.exception
    tiles = component(page, "backtest_tiles")["tiles"]
    with Snapshot.open(db) as snapshot:
        calls = snapshot.list_calls(limit=50).to_pylist()
    dated = [call for call in calls if call["started_at"] is not None]
    assert tiles[0]["value"].endswith(f"/ {len(dated)}")
    rules = component(page, "backtest_rules")["rows"]
    added = next(
        row["cells"] for row in rules if row["cells"]["rule"]["sub"] == "stated_facts_are_right"
    )
    assert added["not_applicable"].startswith("0 → "), "the pack in force has no such rule"


def test_a_broken_pack_says_where(open_page: Open, db: Path) -> None:
    page = open_page(db, "rules")
    page.file_uploader(key="backtest_pack").upload(
        "trial.yaml", b"pack: trial\nrules: 7\n", "application/yaml"
    ).run()
    page.button(key="backtest_go").click().run(timeout=120)
    assert not page.exception
    assert "trial.yaml" in page.code[0].value
    assert "/tmp" not in page.code[0].value
