"""The search page without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboards.texts import TEXTS
from pipeline.search import SearchIndex
from pipeline.store import Store
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.databases import HEARD
from tests.store.reports import a_report


def rows(at: AppTest) -> list[dict[str, object]]:
    found: list[dict[str, object]] = component(at, "search")["rows"]
    return found


def test_before_anything_is_typed_it_says_how(open_page: Open, dbs: dict[str, Path]) -> None:
    for lang, which in (("zh", 0), ("en", 1)):
        at = open_page(dbs["small"], "search", lang=lang)
        assert TEXTS["search_start"][which] in seen(at)
    at.button[1].click().run()  # an example
    assert not at.exception
    assert at.text_input[0].value


def test_a_sentence_is_shown_with_its_marks_and_leads_to_its_moment(
    open_page: Open, dbs: dict[str, Path]
) -> None:
    at = open_page(dbs["small"], "search", q="保本", role="customer")
    (row,) = rows(at)
    cells: dict[str, object] = row["cells"]  # type: ignore[assignment]
    said: list[dict[str, str]] = cells["said"]  # type: ignore[assignment]
    assert [part["text"] for part in said] == ["这款产品", "保本", "吗?"]
    assert said[1]["style"] == "hit"
    assert "肯定是保本的" in said[2]["sub"], "what was said next"
    link: dict[str, object] = row["link"]  # type: ignore[assignment]
    assert (link["page"], link["params"]) == ("call", {"id": HEARD, "segment": "3"})


def test_the_call_page_begins_at_the_sentence(open_page: Open, dbs: dict[str, Path]) -> None:
    at = open_page(dbs["small"], "call", id=HEARD, segment="3")
    assert component(at, "transcript")["opened_at"] == [HEARD, "3"]
    assert component(open_page(dbs["small"], "call", id=HEARD), "transcript")["opened_at"] is None


def test_typing_and_switches_are_in_the_address(open_page: Open, dbs: dict[str, Path]) -> None:
    at = open_page(dbs["small"], "search")
    at.text_input(key="search_q").input("饱本").run()
    assert at.query_params["q"] == "饱本"
    assert TEXTS["search_none"][0] in seen(at)
    at.toggle(key="search_sound").set_value(True).run()
    assert at.query_params["sound"] == "1"
    assert {row["cells"]["call"] for row in rows(at)} == {HEARD}  # type: ignore[index]
    at.selectbox(key="search_team").select("二组").run()
    assert at.query_params["team"] == "二组"
    assert TEXTS["search_none"][0] in seen(at)
    assert not at.exception


def test_filters_and_pages(open_page: Open, dbs: dict[str, Path]) -> None:
    at = open_page(dbs["small"], "search", q="录音 银行", channel="chat")
    assert len(rows(at)) == 2
    at = open_page(dbs["small"], "search", q="银行", since="2026-11-22", until="2026-11-22")
    assert {str(row["cells"]["when"])[:10] for row in rows(at)} == {"2026-11-22"}  # type: ignore[index]
    at = open_page(dbs["small"], "search", q="银行", team="nobody")
    assert TEXTS["search_none"][0] in seen(at)


def test_a_query_that_says_nothing_is_explained(open_page: Open, dbs: dict[str, Path]) -> None:
    for typed, key in (
        ("，", "query_letters"),
        ('"保本', "query_quote"),
        ("-保本", "query_excluded"),
    ):
        assert TEXTS[key][0] in seen(open_page(dbs["small"], "search", q=typed))


def test_no_index_an_old_one_and_a_damaged_one(open_page: Open, tmp_path: Path) -> None:
    db = databases.make(tmp_path / "calls.duckdb", [a_report("one")])
    with Store.open(db) as store:
        store.publish()
    assert TEXTS["search_outdated"][0] in seen(open_page(db, "search", q="银行"))
    index = SearchIndex.of(db)
    (_, path), *_ = index.files()
    path.write_bytes(b"no database" * 1000)
    assert "callqa search rebuild" in seen(open_page(db, "search", q="卡号"))
    path.unlink()
    (index.folder / "STATE").unlink()
    assert f"callqa search rebuild --db {db}" in seen(open_page(db, "search", q="银行"))
