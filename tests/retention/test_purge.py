"""Calls go when their time is over: all of what is due, nothing else, also after a kill."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import retention
from pipeline.audit import Trail, verify
from pipeline.authority import Request, needed_keys, signing_of
from pipeline.errors import BadSettings, TryAgain
from pipeline.nightly import Line, look, make_plan
from pipeline.retention import Purged, removing
from pipeline.settings import Settings
from pipeline.store import Decision, Held, Part, People, Removals, ReviewDraft, Store, masterfile
from tests.retention.centre import NOW, REASON, Centre, keep
from tests.store.reports import a_hash


def purge(centre: Centre, *, apply: bool = True, days: int = 0) -> Purged:
    now = NOW + timedelta(days=days)
    return retention.purge(centre.settings, centre.db, apply=apply, now=now)


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """Bank keeps sound 1 year and originals 90 days, others results 2 years."""
    periods = {
        "bank": keep(audio="1y", originals="90d", results="3y"),
        "default": keep(results="2y"),
    }
    return Centre(tmp_path, retention=periods)


def test_each_part_of_a_call_goes_in_its_time(centre: Centre) -> None:
    for content, held in {
        "new": "2026-11-20", "months": "2026-08-01", "year": "2025-11-27", "old": "2023-11-27",
    }.items():  # fmt: skip
        centre.call(content, held)
    centre.call("loan", "2024-11-27", business_line="collection")
    centre.call("loan-new", "2024-11-29", business_line="collection")
    before = bytes_of(centre.folder)
    shown = purge(centre, apply=False)
    assert bytes_of(centre.folder).keys() - before.keys() == set()
    assert shown.removed is None
    assert shown.due.parts == {
        Part.EVERYTHING: [a_hash("old"), a_hash("loan")],
        Part.AUDIO: [a_hash("year")],
        Part.ORIGINAL: [a_hash("year"), a_hash("months")],
    }
    done = purge(centre).removed
    assert done is not None
    assert (done.calls, done.complete) == (2, True)
    there = {"new": "rao", "months": "ra", "year": "r", "old": "", "loan": "", "loan-new": "rao"}
    assert centre.all_there(*there) == there
    assert centre.actions() == ["purge", "purged"]
    assert purge(centre).due.nothing
    assert centre.actions() == ["purge", "purged"], "nothing done, nothing to write down"


def test_the_day_of_a_call_is_the_day_in_the_centre(centre: Centre) -> None:
    centre.call("line", "2023-11-28")  # at ten, an hour after NOW three years ago
    assert purge(centre, apply=False).due.parts[Part.EVERYTHING] == []
    assert purge(centre, apply=False, days=1).due.parts[Part.EVERYTHING] == [a_hash("line")]


def test_a_call_of_unknown_date_counts_from_its_processing(centre: Centre) -> None:
    centre.call("undated", started_at=None)
    assert purge(centre, apply=False, days=1000).due.undated == 1
    assert purge(centre, apply=False, days=1000).due.parts[Part.EVERYTHING] == []
    assert len(purge(centre, days=1200).due.parts[Part.EVERYTHING]) == 1


def test_without_a_period_nothing_goes_and_the_remedy_is_told(tmp_path: Path) -> None:
    centre = Centre(tmp_path)
    centre.call("one", "1999-01-01")
    with pytest.raises(BadSettings, match="the settings name no period"):
        purge(centre)
    assert centre.there("one") == "rao"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"bnak": {"audio": "2y"}}, "unknown business line 'bnak'"),
        ({"bank": {"audio": "2"}}, "is not a period"),
        ({"bank": {"audio": "5y", "results": "2y"}}, "audio: 5y is longer than results: 2y"),
        ({"bank": {"sound": "5y"}}, "sound"),
    ],
)
def test_wrong_periods_are_refused(value: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings(retention=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(Held.CUSTOMER, "U88"), (Held.AGENT, "A1024"), (Held.CALL, "c-old")],
)
def test_a_hold_keeps_calls_until_it_is_released(centre: Centre, kind: Held, subject: str) -> None:
    centre.call("old", "2020-01-01")
    centre.call("other", "2020-01-01", customer="U1", agent="A1")
    hold = retention.hold(centre.settings, centre.db, kind, subject, Request("hold", REASON))
    done = purge(centre)
    assert centre.all_there("old", "other") == {"old": "rao", "other": ""}
    assert done.due.held == {str(hold.id): 1}
    assert purge(centre).due.nothing
    retention.release(centre.settings, centre.db, hold.id, Request("release", "结案 4711"))
    assert centre.holds.in_force() == []
    purge(centre)
    assert centre.there("old") == ""
    assert centre.actions() == ["hold", "held", "purge", "purged", "release", "purge", "purged"]


def test_what_comes_back_is_not_processed_again_and_goes_again(centre: Centre) -> None:
    centre.call("old", "2020-01-01")
    purge(centre)
    back = centre.sound("again")
    back.write_text("old")
    with Store.open(centre.db) as store:
        line = Line(centre.settings, store.layout.spool)
        plan = make_plan(look([centre.folder / "in"], centre.settings, store), line, store)
    assert (plan.calls, plan.removed) == (0, 1)
    assert purge(centre, apply=False).due.returned == [a_hash("old")]
    assert purge(centre).removed
    assert not back.exists()
    assert purge(centre).due.nothing


def test_sound_that_comes_back_goes_again(centre: Centre) -> None:
    centre.call("year", "2025-01-01")
    done = purge(centre).removed
    assert done is not None
    assert (done.complete, done.calls, done.counts["recording"]) == (True, 0, 1)
    centre.sound("year").write_text("year")
    purge(centre)
    assert centre.there("year") == "r"


def test_originals_without_a_call_go_by_the_time_of_the_file(centre: Centre) -> None:
    centre.call("new")
    with Store.open(centre.db) as store:
        store.file.connection.execute("DELETE FROM calls")
    assert purge(centre, apply=False).due.orphans == []
    assert purge(centre, days=800).due.orphans == [a_hash("new")]
    assert not centre.original("new").exists()


def test_what_cannot_be_removed_keeps_its_rows_until_the_cause_is_mended(centre: Centre) -> None:
    centre.call("old", "2020-01-01")
    table = centre.folder / "in" / "calls.csv"
    table.write_text("name,customer\nold.wav,U88\n")
    done = purge(centre).removed
    assert done is not None
    assert (done.complete, done.calls, done.waiting) == (False, 0, 1)
    assert "has no column `file`" in done.left[0]
    assert "r" in centre.there("old")
    table.write_text("file,customer_id\nold.wav,U88\nx.wav,U1\n")
    done = purge(centre).removed
    assert done is not None
    assert (done.complete, done.calls) == (True, 1)
    assert table.read_text() == "file,customer_id\nx.wav,U1\n"


STEPS = [
    (removing, "take_out"), (removing, "_unlink"), (removing, "_take_out_of_copies"),
    (removing, "forget"), (Removals, "delete"), (masterfile, "copy_into"),
    (masterfile.published, "publish_copy"), (removing, "_search"),
]  # fmt: skip


class KilledError(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("step", STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("after", [False, True])
def test_a_purge_that_was_killed_goes_on(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str], after: bool
) -> None:
    centre.call("old", "2020-01-01")
    centre.call("new")
    draft = ReviewDraft("李", "c-old", a_hash("old"), Decision.CONFIRM, comment="客户张三丰的事情")
    People.open(centre.db).add_review(draft)
    real = getattr(*step)

    def killed(*given: object, **named: object) -> None:
        if after:
            real(*given, **named)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(*step, killed)
        with pytest.raises(KilledError):
            purge(centre)
    purge(centre)
    assert centre.all_there("old", "new") == {"old": "", "new": "rao"}
    assert People.open(centre.db).reviews("c-old") == []
    with Store.open(centre.db) as store:
        assert Removals(store).marked("marked", "deleted") == {}
        assert list(Removals(store).marked("gone")) == [a_hash("old")]
    where = [name for name, data in bytes_of(centre.folder).items() if b"c-old" in data]
    assert where == []


def test_nothing_goes_when_the_trail_cannot_be_written(centre: Centre) -> None:
    centre.call("old", "2020-01-01")
    trail = Trail.beside(centre.db)
    trail.path.mkdir()
    with pytest.raises(TryAgain, match="nothing was done"):
        purge(centre)
    assert centre.there("old") == "rao"


def test_the_trail_of_a_purge_is_whole_and_signed(centre: Centre) -> None:
    centre.call("old", "2020-01-01")
    purge(centre)
    trail = Trail.beside(centre.db).read()
    found = verify(trail, signing_of(needed_keys(centre.settings)))
    assert (found.problems, found.signed) == ([], 2)
    began, ended = trail.entries()
    assert began.details["retention"]["bank"] == {
        "audio": "1y",
        "originals": "90d",
        "results": "3y",
    }
    assert (ended.details["calls"], ended.details["found"]) == (1, [])
