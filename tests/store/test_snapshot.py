"""Reading: figures, lists and pages from the newest published copy."""

from __future__ import annotations

import threading
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.domain import Severity, Verdict
from pipeline.errors import BadInput
from pipeline.store import CAPABILITIES, Decision, Filters, People, ReviewDraft, Snapshot, Store
from pipeline.store.migrations import FOLDER
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_hash, a_report

LATE = datetime(2026, 11, 21, 0, 10, tzinfo=SHANGHAI)  # still the 20th in UTC


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Four calls: one clean, one major, one critical and vetoed, one unsure."""
    db = tmp_path / "calls.duckdb"
    critical = a_finding("promise", severity=Severity.CRITICAL, veto=True)
    unsure = a_finding("tone", verdict=Verdict.UNSURE)
    with Store.open(fresh(db)) as store:
        store.save(
            [
                a_report("clean", findings=(), score=100.0, grade="优", agent="A1"),
                a_report("major", score=70.0, grade="合格", agent="A2", started_at=LATE),
                a_report("critical", findings=(critical,), score=65.0, vetoed=True, team="二组"),
                a_report("unsure", findings=(unsure,), score=95.0, started_at=None,
                         business_line="wealth", turns=("保本100%_是真的吗",)),
            ]
        )  # fmt: skip
        store.publish()
    return db


def ids(snapshot: Snapshot, **filters: object) -> set[str]:
    table = snapshot.list_calls(Filters(**filters))  # type: ignore[arg-type]
    assert table.num_rows == snapshot.count_calls(Filters(**filters))  # type: ignore[arg-type]
    return {value.as_py().removeprefix("c-") for value in table.column("call_id")}


def test_figures(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        totals = snapshot.totals()
        assert (totals["calls"], totals["vetoed"], totals["undated"]) == (4, 1, 1)
        assert (totals["mean_score"], totals["pass_rate"], totals["clean_rate"]) == (
            82.5,
            0.75,
            0.5,
        )
        assert snapshot.totals(Filters(team="无"))["mean_score"] is None
        days = {row["day"]: row["calls"] for row in snapshot.by_day().to_pylist()}
        assert days == {date(2026, 11, 20): 2, date(2026, 11, 21): 1}
        teams = {row["key"]: row["calls"] for row in snapshot.by("team").to_pylist()}
        assert teams == {"一组": 3, "二组": 1}
        agents = {row["key"]: row["label"] for row in snapshot.by("agent").to_pylist()}
        assert agents["A1"] == "坐席A1"
        worst = snapshot.rules().to_pylist()
        assert {row["rule"]: row["fails"] for row in worst} == {
            "no_full_card_number": 1, "promise": 1, "tone": 0, "greeting": 0,
        }  # fmt: skip
        assert {(row["title"], row["title_en"]) for row in worst} >= {("规则 tone", "Rule tone")}
        points = snapshot.control_points(Filters(agent="A2")).to_pylist()
        assert [(p["number"], p["fails"], p["rate"]) for p in points] == [
            ("2.1", 1, 1.0),
            ("1", 0, 0),
        ]


def test_each_filter(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        everything = {"clean", "major", "critical", "unsure"}
        assert ids(snapshot) == everything
        assert ids(snapshot, since=date(2026, 11, 21)) == {"major"}
        assert ids(snapshot, until=date(2026, 11, 20)) == {"clean", "critical"}
        assert ids(snapshot, business_line="wealth") == {"unsure"}
        assert ids(snapshot, team="二组") == {"critical"}
        assert ids(snapshot, agent="A2") == {"major"}
        assert ids(snapshot, rule="tone") == {"unsure"}
        assert ids(snapshot, rule="greeting") == set()
        assert ids(snapshot, severity=Severity.CRITICAL) == {"critical"}
        assert ids(snapshot, severity="major") == {"major"}
        assert ids(snapshot, grade="优") == {"clean"}
        assert ids(snapshot, vetoed=True) == {"critical"}
        assert ids(snapshot, passed=True) == {"clean", "major", "unsure"}
        assert ids(snapshot, passed=False) == {"critical"}
        assert ids(snapshot, pack="bank") == everything
        assert ids(snapshot, pack="wealth") == set()
        assert ids(snapshot, flagged=False) == {"clean"}
        assert ids(snapshot, text="100%_是") == {"unsure"}
        assert ids(snapshot, text="%") == {"unsure"}
        assert ids(snapshot, text="c-maj") == {"major"}
        assert ids(snapshot, text="' OR 1=1 --") == set()
        assert ids(snapshot, team="一组", flagged=True, text="6222") == {"major"}
        assert ids(snapshot, team="") == everything


def test_a_control_point_holds_everything_below_it(tmp_path: Path) -> None:
    db = tmp_path / "calls.duckdb"
    passed = a_finding("ok", verdict=Verdict.PASS)
    reports = [
        a_report(number, findings=(a_finding(control_point=number), passed))
        for number in ("1", "1.2", "1.2.3", "12", "2.1")
    ]
    with Store.open(db) as store:
        store.save(reports)
        store.publish()
    with Snapshot.open(db) as snapshot:
        assert ids(snapshot, control_point="1") == {"1", "1.2", "1.2.3"}
        assert ids(snapshot, control_point="1.2") == {"1.2", "1.2.3"}
        assert ids(snapshot, control_point="2") == {"2.1"}
        assert ids(snapshot, control_point="%") == set()


def test_passed_is_what_the_pass_rate_counts(db: Path) -> None:
    for mark in (60.0, 70.0, 70.5, 96.0, 101.0):
        with Snapshot.open(db, pass_score=mark) as snapshot:
            share = snapshot.count_calls(Filters(passed=True)) / snapshot.count_calls()
            assert share == snapshot.totals()["pass_rate"]
            assert snapshot.totals(Filters(passed=True))["pass_rate"] in (1.0, None)


def test_flagged_calls_come_worst_first_and_in_pages(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        rows = snapshot.list_flagged().to_pylist()
        assert [row["call_id"] for row in rows] == ["c-critical", "c-major", "c-unsure"]
        assert (rows[0]["top_title"], rows[0]["top_title_en"]) == ("规则 promise", "Rule promise")
        assert snapshot.list_flagged(limit=1, offset=1).to_pylist() == [rows[1]]
        newest = snapshot.list_calls(sort="newest").column("call_id").to_pylist()
        assert (newest[0], newest[-1]) == ("c-major", "c-unsure")


def test_wrong_choices_name_the_right_ones(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        with pytest.raises(BadInput, match="unknown sort 'id; DROP'; choose one of: priority, w"):
            snapshot.list_calls(sort="id; DROP")
        with pytest.raises(BadInput, match="unknown group 'city'; choose one of: team"):
            snapshot.by("city")
        with pytest.raises(BadInput, match="unknown severity 'bad'; choose one of: critical"):
            snapshot.totals(Filters(severity="bad"))
        with pytest.raises(BadInput, match="unknown review 'x'; choose one of: open"):
            snapshot.totals(Filters(review="x"))
        with pytest.raises(BadInput, match="unknown call 'c-nobody' in v000001"):
            snapshot.call("c-nobody")


def test_everything_of_a_call(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        page = snapshot.call("c-major")
    assert page.names == ["/recordings/major.wav"]
    assert page.call["score"] == 70.0
    assert [w["text"] for w in page.segments[1]["words"]] == ["我的卡号是6222", "****1234。"]
    assert [f["rule"] for f in page.findings] == ["no_full_card_number", "greeting"]
    assert page.findings[0]["evidence"][0]["quote"] == "卡号是6222****1234"
    assert [p["number"] for p in page.control_points] == ["1", "2.1"]
    assert page.private_spans[0]["class"] == "C2"
    silence = {"start": 3.5, "end": 4.5, "after": 0, "left_by": "customer"}
    assert page.metrics["silences"] == [silence]
    assert page.removed[0]["reason"] == "repetition"
    assert page.reviews == []


def test_reviews_follow_the_content_when_its_id_changes(db: Path) -> None:
    """The metadata were mended: the same recording is another call now."""
    draft = ReviewDraft("李", "c-major", a_hash("major"), Decision.CONFIRM, "no_full_card_number")
    written = People.open(db).add_review(draft)
    with Store.open(db) as store:
        store.save([a_report("major", call_id="c-mended")])
        store.save([a_report("new", call_id="c-major")])
        store.publish()
    with Snapshot.open(db) as snapshot:
        assert snapshot.call("c-mended").reviews == [written]
        assert snapshot.call("c-major").reviews == []
        assert ids(snapshot, review="reviewed") == {"mended"}


def test_the_state_of_review(db: Path) -> None:
    people = People.open(db)

    def review(call: str, rule: str | None, decision: Decision = Decision.CONFIRM) -> None:
        people.add_review(ReviewDraft("李", f"c-{call}", a_hash(call), decision, rule))

    with Store.open(db) as store:
        store.save([a_report("both", findings=(a_finding("a"), a_finding("b")))])
        store.publish()
    with Snapshot.open(db) as snapshot:
        assert ids(snapshot, review="open", flagged=True) == {"major", "critical", "unsure", "both"}
        review("both", "a")
        review("major", "no_full_card_number", Decision.REJECT)
        review("major", "greeting", Decision.COMMENT)
        review("critical", None, Decision.COMMENT)
        assert ids(snapshot, review="reviewed") == {"major"}
        assert ids(snapshot, review="partly") == {"both"}
        review("both", "b")
        review("unsure", None)
        assert ids(snapshot, review="reviewed") == {"major", "both", "unsure"}
        states = {r["call_id"]: r["review_state"] for r in snapshot.list_calls().to_pylist()}
        assert states["c-critical"] == "open"
        assert len(snapshot.call("c-major").reviews) == 2


def test_choices_last_run_and_failures_of_an_empty_database(tmp_path: Path) -> None:
    db = tmp_path / "empty.duckdb"
    with pytest.raises(BadInput, match="nothing is published"):
        Snapshot.open(db)
    with Store.open(db) as store:
        store.publish()
    with Snapshot.open(db) as snapshot:
        assert snapshot.last_run() is None
        assert snapshot.failures().num_rows == 0
        assert snapshot.totals()["calls"] == 0
        assert snapshot.list_flagged().num_rows == 0
        assert snapshot.choices()["first_day"] is None


def test_choices(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        choices = snapshot.choices()
    assert choices["teams"] == ["一组", "二组"]
    assert choices["business_lines"] == ["bank", "wealth"]
    assert {"id": "A2", "name": "坐席A2", "team": "一组"} in choices["agents"]
    rule = {"rule": "tone", "title": "规则 tone", "title_en": "Rule tone"}
    assert rule in choices["rules"]
    assert choices["packs"] == ["bank"]
    assert choices["control_points"] == [
        {"pack": "bank", "number": "1", "title": "开场"},
        {"pack": "bank", "number": "2.1", "title": "信息保护"},
    ]
    assert (choices["first_day"], choices["last_day"]) == (date(2026, 11, 20), date(2026, 11, 21))


def test_a_newer_version_is_noticed_and_three_are_kept(db: Path) -> None:
    snapshot, old = Snapshot.open(db), Snapshot.open(db)
    cursor = snapshot.cursor()
    assert not snapshot.refresh()
    with Store.open(db) as store:
        for name in "abcd":
            store.save([a_report(name)])
            published = store.publish()
        kept = sorted(p.name for p in store.layout.published.iterdir())
    assert kept == ["CURRENT", "v000003.duckdb", "v000004.duckdb", "v000005.duckdb"]
    assert old.totals()["calls"] == 4  # deleted, but still open here
    assert snapshot.refresh()
    assert snapshot.version == published.stem == "v000005"
    assert snapshot.totals()["calls"] == 8
    assert cursor.sql("SELECT count(*) FROM calls").fetchall() == [
        (4,)
    ]  # a cursor in use outlives the refresh
    cursor.close()
    snapshot.close()
    old.close()


def test_of_many_who_refresh_one_opens_the_new_version(db: Path) -> None:
    snapshot = Snapshot.open(db)
    with Store.open(db) as store:
        store.publish()
    together, opened = threading.Barrier(8), []

    def look() -> None:
        together.wait()
        opened.append(snapshot.refresh())

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [False] * 7 + [True]
    assert snapshot.version == "v000002"
    snapshot.close()


def test_a_snapshot_cannot_be_written(db: Path) -> None:
    with Snapshot.open(db) as snapshot, pytest.raises(duckdb.Error, match="read-only"):
        snapshot.cursor().execute("DELETE FROM calls")


def test_a_copy_published_by_older_code_names_the_remedy(tmp_path: Path) -> None:
    older, db = tmp_path / "migrations", tmp_path / "calls.duckdb"
    older.mkdir()
    (older / "001_calls.sql").write_text((FOLDER / "001_calls.sql").read_text())
    with Store.open(db, migrations_folder=older) as store:
        store.publish()
    with pytest.raises(BadInput, match=r"older callqa \(schema 1, .* run `callqa run` once"):
        Snapshot.open(db)


def test_one_snapshot_serves_many_threads(db: Path) -> None:
    snapshot, problems = Snapshot.open(db), []

    def ask() -> None:
        try:
            for _ in range(10):
                assert snapshot.list_flagged().num_rows == 3
                assert snapshot.call("c-major").metrics["turns"] == 2
                snapshot.refresh()
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    snapshot.close()
    assert problems == []


def test_another_time_zone(db: Path) -> None:
    with Snapshot.open(db, timezone="UTC") as snapshot:
        assert [str(day) for day in snapshot.by_day().column("day")] == ["2026-11-20"]


def test_calls_by_what_they_can_carry(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        every = snapshot.count_calls()
        for name in CAPABILITIES:
            able, unable = (snapshot.count_calls(Filters(able=a)) for a in (name, f"-{name}"))
            assert able + unable == every
            there = [name in snapshot.call(f"c-{c}").call["capabilities"] for c in ids(snapshot)]
            assert able == sum(there)
        with pytest.raises(BadInput, match="unknown able"):
            snapshot.count_calls(Filters(able="x"))
