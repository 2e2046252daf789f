"""Exports: every table in every format can be read back."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.domain import AnswerDraft, AskedCall, RoundWish
from pipeline.errors import BadInput, TryAgain
from pipeline.store import (
    FORMATS,
    TABLES,
    Calibrations,
    Decision,
    People,
    ReviewDraft,
    Store,
    export,
)
from tests.store.reports import a_hash, a_pack, a_report

ROWS = {
    "calls": 2,
    "segments": 4,
    "findings": 4,
    "private_spans": 2,
    "metrics": 2,
    "sounds": 2,
    "learned": 0,  # no model has looked
    "runs": 1,
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("export") / "calls.duckdb"
    broken = a_report("two", turns=('=HYPERLINK("http://x")', "好,\n第二行"))
    broken = replace(broken, metrics=replace(broken.metrics, agent_rate=math.inf))
    with Store.open(db) as store:
        store.start_run("in")
        store.save([a_report(), broken])
        store.remember_packs([a_pack()])
        store.finish_run({"recordings": 2}, 0)
        store.publish()
    draft = ReviewDraft("李质检", "c-one", a_hash("one"), Decision.CONFIRM, "greeting")
    People.open(db).add_review(draft)
    asked = {"1": {"greeting": "pass"}}
    call = AskedCall(a_hash("two"), "c-two", "p" * 64, asked, 82.0)
    rounds = Calibrations(People.open(db))
    for title in ("closed", "open"):
        made = rounds.make("王", RoundWish(title, ("甲", "乙"), date(2027, 1, 1), "s"), [call])
        for rater in ("甲", "乙"):
            rounds.answer(made.id, call.content_sha256, rater, [AnswerDraft("1", "unsure")])
    rounds.submit(1, call.content_sha256, "甲")
    rounds.close(1, "王")
    rounds.note(1, (call.content_sha256, "1"), "王", "=认定", None)
    return db


def read_back(path: Path, format: str) -> list[dict[str, object]]:
    if format == "jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if format == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    return pq.read_table(path).to_pylist()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("table", TABLES)
def test_every_table_in_every_format(tmp_path: Path, db: Path, table: str, format: str) -> None:
    out = tmp_path / f"{table}.{format}"
    assert export(table, db, out, format) == ROWS.get(table, 1)
    rows = read_back(out, format)
    assert len(rows) == ROWS.get(table, 1)
    assert [p.name for p in tmp_path.iterdir()] == [out.name]
    if table not in ("runs", "packs"):
        assert {row["call_id"] for row in rows} <= {"c-one", "c-two"}


def test_of_calibration_only_what_a_closed_round_holds(tmp_path: Path, db: Path) -> None:
    export("calibrations", db, tmp_path / "c", "csv")
    (row,) = read_back(tmp_path / "c", "csv")
    assert (row["title"], row["rater"], row["answer"]) == ("closed", "甲", "unsure")
    assert (row["machine"], row["agreed"]) == ('["greeting=pass"]', '["=认定"]')


def test_a_pack_is_exported_with_its_content(tmp_path: Path, db: Path) -> None:
    export("packs", db, tmp_path / "p", "jsonl")
    (pack,) = read_back(tmp_path / "p", "jsonl")
    assert pack["content"] == a_pack().content()
    assert (pack["effective_from"], pack["effective_to"]) == ("2026-01-01", None)


def test_jsonl_keeps_the_structure_of_the_outer_format(tmp_path: Path, db: Path) -> None:
    export("findings", db, tmp_path / "f", "jsonl")
    finding = read_back(tmp_path / "f", "jsonl")[0]
    assert finding["checks"] == ["B6", "B7"]
    assert (finding["title"], finding["title_en"]) == (
        "规则 no_full_card_number",
        "Rule no_full_card_number",
    )
    assert finding["evidence"] == [
        {"segment": 1, "start": 4.0, "end": 6.5, "quote": "卡号是6222****1234", "sought": False}
    ]
    export("calls", db, tmp_path / "c", "jsonl")
    call = read_back(tmp_path / "c", "jsonl")[0]
    assert call["attributes"] == {
        "customer_age": 67,
        "rate": 1.0,
        "vip": True,
        "product": "大额存单",
    }
    assert call["started_at"] == "2026-11-20T10:03:00+08:00"
    export("segments", db, tmp_path / "s", "jsonl")
    assert read_back(tmp_path / "s", "jsonl")[0]["level"] == -22.5
    export("private_spans", db, tmp_path / "p", "jsonl")
    span = read_back(tmp_path / "p", "jsonl")[0]
    wanted = {"kind", "segment", "start_char", "end_char", "role", "class", "valid", "group"}
    assert wanted <= set(span)
    assert "text" not in span


def test_jsonl_is_strict_json(tmp_path: Path, db: Path) -> None:
    export("metrics", db, tmp_path / "m", "jsonl")
    rates = {row["call_id"]: row["agent_rate"] for row in read_back(tmp_path / "m", "jsonl")}
    assert rates == {"c-one": 240.0, "c-two": None}


def test_csv_is_safe_and_readable_in_a_spreadsheet(tmp_path: Path, db: Path) -> None:
    export("segments", db, tmp_path / "s.csv", "csv")
    assert (tmp_path / "s.csv").read_bytes().startswith(b"\xef\xbb\xbfcall_id,")
    rows = read_back(tmp_path / "s.csv", "csv")
    texts = {(row["call_id"], row["segment"]): str(row["text"]) for row in rows}
    assert texts["c-two", "0"] == '\'=HYPERLINK("http://x")'
    assert texts["c-two", "1"] == "好,\n第二行"
    assert json.loads(str(rows[0]["words"]))[0]["start"] == 0.5
    export("findings", db, tmp_path / "f.csv", "csv")
    assert "-10.0" in {row["points"] for row in read_back(tmp_path / "f.csv", "csv")}


def test_streams(db: Path, tmp_path: Path) -> None:
    text = io.StringIO()
    assert export("calls", db, text, "csv") == 2
    assert text.getvalue().startswith("call_id,")
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="utf-8") as stream:
        export("calls", db, stream, "parquet")
        assert pq.read_table(io.BytesIO(raw.getvalue())).num_rows == 2
    with pytest.raises(BadInput, match="parquet is not text"):
        export("calls", db, io.StringIO(), "parquet")


def test_wrong_names_list_the_choices(db: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unknown table 'call'; choose one of: calls, segments"):
        export("call", db, tmp_path / "x")
    with pytest.raises(BadInput, match="unknown format 'xlsx'; choose one of: jsonl, csv, parquet"):
        export("calls", db, tmp_path / "x", "xlsx")
    with pytest.raises(TryAgain, match="cannot write"):
        export("calls", db, tmp_path / "no" / "such" / "folder")


def test_without_anything_published_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing is published .* run `callqa run INPUT --db"):
        export("calls", tmp_path / "new.duckdb", tmp_path / "x")
