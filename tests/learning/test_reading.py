"""Models read calls where they are loaded, once each; what they say is there to filter by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import night
from pipeline.account import Account, Plan
from pipeline.domain import Flag
from pipeline.learning import reading
from pipeline.learning.files import SHIPPED, load, models_folder, save, use
from pipeline.learning.model import REASONS
from pipeline.learning.reading import read_new
from pipeline.settings import Settings
from pipeline.store import (
    Filters,
    Part,
    Removals,
    Snapshot,
    Store,
    count_flags,
    count_reasons,
    learned_calls,
    write_spool,
)
from tests.learning.site import made_calls, make
from tests.store.reports import a_report

LOST = ("您好请问有什么可以帮您", "我的信用卡丢了我要挂失")
ANGRY = ("您好", "我要投诉你们银行，你们服务太差了", "非常抱歉", "我现在就投诉")
EMPTY = ("", "")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return make(
        tmp_path / "calls.duckdb",
        [
            a_report("lost", turns=LOST),
            a_report("angry", turns=ANGRY),
            a_report("none", turns=EMPTY),
        ],
    )


def rows(db: Path, filters: Filters | None = None) -> dict[str, dict[str, object]]:
    with Snapshot.open(db) as snapshot:
        table = learned_calls(snapshot, filters or Filters())
    return {row["call_id"]: row for row in table.to_pylist()}


def read(db: Path) -> int:
    with Store.open(db) as store:
        count = read_new(store)
        store.publish()
    return count


def test_every_call_is_read_once(db: Path) -> None:
    assert (read(db), read(db)) == (3, 0)
    found = rows(db)
    assert (found["c-lost"]["reason"], found["c-lost"]["flags"]) == ("card_loss", [])
    assert found["c-angry"]["flags"] == [Flag.COMPLAINT]
    assert (found["c-none"]["reason"], found["c-none"]["likely"], found["c-none"]["chance"]) == (
        None, None, None,
    )  # fmt: skip
    with Snapshot.open(db) as snapshot:
        assert {row["reason"]: row["calls"] for row in count_reasons(snapshot)}["unsure"] >= 1
        assert count_flags(snapshot)[0] == {"flag": "complaint", "calls": 1, "of": 3}
        moments = snapshot.call("c-angry").learned["moments"]  # type: ignore[index]
    assert [(moment["flag"], moment["segment"]) for moment in moments] == [("complaint", 1)]


def test_calls_are_found_by_reason_and_flag(db: Path) -> None:
    read(db)
    assert set(rows(db, Filters(reason="card_loss"))) == {"c-lost"}
    assert set(rows(db, Filters(flag="complaint"))) == {"c-angry"}
    assert "c-none" in rows(db, Filters(reason="unsure"))
    with Snapshot.open(db) as snapshot:
        assert set(snapshot.choices()["reasons"]) >= {"card_loss", "unsure"}


def test_a_run_that_was_killed_goes_on(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    write, written = reading.LearnedCalls.write, []

    def once(self: reading.LearnedCalls, found: list[object]) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(len(found))
        write(self, found)  # type: ignore[arg-type]

    monkeypatch.setattr(reading.LearnedCalls, "write", once)
    with pytest.raises(KeyboardInterrupt):
        read(db)
    monkeypatch.setattr(reading.LearnedCalls, "write", write)
    assert read(db) == 1


def test_a_changed_model_reads_all_again_and_a_damaged_one_stops_no_night(
    db: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(db)
    folder = models_folder(db)
    model = replace(load(SHIPPED / REASONS), version="mine")
    save(folder / REASONS / "mine", model, "", {})
    use(folder, REASONS, "mine")
    assert read(db) == 3
    assert {row["reasons_model"] for row in rows(db).values()} == {"reasons@mine"}
    save(folder / REASONS / "other", model, "", {})
    use(folder, REASONS, "other")
    (folder / REASONS / "other" / "model.skops").write_bytes(b"damaged")
    assert read(db) == 0
    assert "without reasons and flags" in caplog.text


def test_a_text_that_is_replaced_is_read_again_and_a_removed_call_leaves_nothing(db: Path) -> None:
    read(db)
    with Store.open(db) as store:
        write_spool(replace(a_report("lost", turns=ANGRY)), store.layout.spool)
        store.load_spool()
        assert read_new(store) == 1
        removals = Removals(store)
        content = next(c.content_sha256 for c in removals.candidates() if c.call_id == "c-lost")
        removals.mark([content], Part.EVERYTHING, "erase")
        assert removals.delete([content])["learned"] == 1
        store.publish()
    assert "c-lost" not in rows(db)


def test_many_calls_are_read_by_their_own_words(tmp_path: Path) -> None:
    db = make(tmp_path / "many.duckdb", made_calls(80))
    read(db)
    found = rows(db)
    lost = [found[f"c-{number}"]["reason"] for number in range(0, 80, 4)]
    assert lost.count("card_loss") > 15


def test_a_night_reads_what_it_has_loaded(db: Path) -> None:
    with Store.open(db) as store:
        line = night.line_of(Settings(), store)
        night.close(store, Account(Plan()), [Path("recordings")], line)
    assert rows(db)["c-lost"]["reason"] == "card_loss"
