"""Versions of packs: which one is in force on a day, and that old scores stay explainable."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain import Note
from pipeline.errors import BadPack
from pipeline.intake import discover
from pipeline.nightly import Line, make_plan, process_batch
from pipeline.oneoff import test_examples as examples_of
from pipeline.process import Packs, inspect, provenance_of
from pipeline.rules import Library, load_pack, today
from pipeline.settings import Settings
from pipeline.store import Snapshot, Store, read_spool
from tests.builders import SHANGHAI, a_dialogue
from tests.rules.packs import says, write_pack

OLD, NEW = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """`bank` until the end of 2026 and from 2027 on; both extend `house`, which changes too."""
    folder = tmp_path / "packs"
    write_pack(folder, "house", says("greets", "您好"))
    write_pack(
        folder, "house@2", says("greets", "您好", points=-5), effective={"from": "2027-01-01"}
    )
    bank = {"extends": "house", "control_points": []}
    write_pack(folder, "bank", says("thanks", "谢谢"), effective={"to": "2026-12-31"}, **bank)
    write_pack(
        folder,
        "bank@2027.1",
        says("thanks", "谢谢", points=-20),
        effective={"from": "2027-01-01"},
        **bank,
    )
    return folder


@pytest.mark.parametrize(
    ("day", "version", "points"),
    [(OLD, "1", [-3, -3]), (NEW, "2027.1", [-5, -20])],
)
def test_the_version_in_force_on_the_day_counts_and_what_it_extends(
    packs: Path, day: date, version: str, points: list[float]
) -> None:
    pack = Packs(folder=packs).of("bank", day)
    assert (pack.version, [rule.points for rule in pack.rules]) == (version, points)
    assert load_pack("bank", [packs], day).sha256 == pack.sha256
    assert Packs("bank", packs).of("insurance", day) == pack


def test_a_call_is_scored_on_its_local_day(packs: Path) -> None:
    """16:00 UTC on the last day of the year is the first day of the next in Shanghai."""
    chosen = Packs(folder=packs, day=OLD)
    for moment, version in (
        ("2026-12-31T15:59:00+00:00", "1"),
        ("2026-12-31T16:00:00+00:00", "2027.1"),
        ("2026-12-31T23:59:00", "1"),
    ):
        call = a_dialogue(business_line="bank", started_at=datetime.fromisoformat(moment))
        assert chosen.of_call(call.info).version == version, moment
    assert chosen.of_call(a_dialogue(business_line="bank", started_at=None).info).version == "1"
    later = Packs(folder=packs, day=NEW)
    undated = a_dialogue(business_line="bank", started_at=None)
    assert later.of_call(undated.info).version == "2027.1"


def test_a_parent_may_change_alone(packs: Path) -> None:
    """The same version of the child is another pack when what it extends has changed."""
    write_pack(packs, "card", extends="house", control_points=[])
    old, new = (load_pack("card", [packs], day) for day in (OLD, NEW))
    assert (old.version, new.version) == ("1", "1")
    assert old.sha256 != new.sha256
    assert [Path(source).stem for source in new.sources] == ["house@2", "card"]


def test_of_versions_that_overlap_the_one_that_began_last_counts(tmp_path: Path) -> None:
    write_pack(tmp_path, "bank")
    write_pack(tmp_path, "bank@2", effective={"from": "2026-01-01"})
    write_pack(tmp_path, "bank@1.5", effective={"from": "2025-06-01", "to": "2026-12-31"})
    versions = {
        day: load_pack("bank", [tmp_path], date.fromisoformat(day)).version
        for day in ("2025-05-31", "2025-06-01", "2025-12-31", "2026-01-01", "2027-06-01")
    }
    assert list(versions.values()) == ["1", "1.5", "1.5", "2", "2"]


def test_on_a_day_without_any_version_the_nearest_counts_and_the_call_says_so(
    tmp_path: Path,
) -> None:
    write_pack(tmp_path, "bank", effective={"from": "2026-01-01", "to": "2026-03-31"})
    write_pack(tmp_path, "bank@2", effective={"from": "2026-05-01", "to": "2026-06-30"})
    chosen = Packs(folder=tmp_path)

    def on(day: str) -> tuple[str, tuple[str, ...]]:
        call = a_dialogue(
            "客服: 您好", business_line="bank", started_at=datetime.fromisoformat(day)
        )
        pack = chosen.of_call(call.info)
        report = inspect(call, pack, provenance_of("k", pack, "h"))
        return report.scorecard.pack_version, report.notes

    assert on("2026-02-01") == ("1", ())
    assert on("2025-02-01") == ("1", (Note.PACK_NOT_IN_FORCE,))
    assert on("2026-04-10") == ("1", (Note.PACK_NOT_IN_FORCE,))
    assert on("2026-04-20") == ("2", (Note.PACK_NOT_IN_FORCE,))
    assert on("2030-01-01") == ("2", (Note.PACK_NOT_IN_FORCE,))


def test_a_parent_that_is_not_in_force_is_told_too(tmp_path: Path) -> None:
    write_pack(tmp_path, "house", effective={"from": "2027-01-01"})
    write_pack(tmp_path, "bank", extends="house", control_points=[])
    pack = load_pack("bank", [tmp_path], OLD)
    assert (pack.in_force(OLD), pack.in_force(NEW)) == (False, True)


def test_a_folder_with_files_of_versions_only_adds_them(tmp_path: Path) -> None:
    write_pack(tmp_path, "bank@9", effective={"from": "2099-01-01"})
    assert load_pack("bank", [tmp_path], date(2099, 1, 1)).version == "9"
    assert load_pack("bank", [tmp_path]) == load_pack("bank")
    write_pack(tmp_path, "bank", effective={"to": "2098-12-31"})
    assert load_pack("bank", [tmp_path]).version == "1"
    assert [pack.version for pack in Library([tmp_path]).versions("bank")] == ["1", "9"]


def test_the_first_folder_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    write_pack(first, "bank@2", title="甲", effective={"from": "2027-01-01"})
    write_pack(second, "bank@2", title="乙", effective={"from": "2027-01-01"})
    write_pack(second, "bank", title="丙")
    assert load_pack("bank", [first, second], NEW).title == "甲"
    assert load_pack("bank", [first, second], OLD).title == "丙"


@pytest.mark.parametrize(
    ("stem", "given", "says_what"),
    [
        ("bank@2", {}, "in force from the beginning of time like"),
        ("bank@2", {"effective": {"from": "2027-01-01"}}, "in force from 2027-01-01 like"),
        ("bank@3", {"version": "2", "effective": {"from": "2028-01-01"}}, "file of its name"),
        ("bank@1", {"effective": {"from": "2028-01-01"}}, "version: '1' is also that of"),
    ],
)
def test_versions_that_contradict_each_other(
    tmp_path: Path, stem: str, given: dict[str, Any], says_what: str
) -> None:
    write_pack(tmp_path, "bank")
    write_pack(tmp_path, "bank@2027", effective={"from": "2027-01-01"})
    write_pack(tmp_path, stem, **given)
    with pytest.raises(BadPack, match=says_what) as error:
        load_pack("bank", [tmp_path])
    assert f"/{stem}.yaml:" in str(error.value)


def test_a_file_by_its_path_is_that_very_version(packs: Path) -> None:
    assert load_pack(packs / "bank@2027.1.yaml", day=OLD).version == "2027.1"
    assert load_pack(packs / "bank.yaml", day=NEW).rules[0].points == -5


def test_the_hash_is_of_the_content_and_nothing_else(packs: Path) -> None:
    pack = load_pack("bank", [packs], OLD)
    text = json.dumps(pack.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == pack.sha256
    assert json.loads(text) == pack.content()
    assert "examples" not in text
    assert pack.content()["effective"] == {"from": None, "to": "2026-12-31"}
    assert [rule["id"] for rule in pack.content()["rules"]] == ["greets", "thanks"]


def test_examples_of_every_version_are_tried(packs: Path) -> None:
    """Also those of a version that is not in force yet."""
    tried = [name for name, _ in examples_of(Settings(packs_dir=packs), "bank")]
    assert tried == ["bank@1", "bank@2027.1"]
    assert [name for name, _ in examples_of(Settings(), "general")] == ["general"]
    by_path = examples_of(Settings(), str(packs / "bank@2027.1.yaml"))
    assert [name for name, _ in by_path] == [str(packs / "bank@2027.1.yaml")]


def test_the_built_in_packs_have_everything_for_a_person() -> None:
    titles = {item.title for item in load_pack("insurance").plan.human_items}
    assert titles == {"服务态度", "语气语调", "客户需求归纳能力", "应变能力", "业务准确性"}


# ── the whole line ───────────────────────────────────────────────────────────────────────────────


def chats(folder: Path) -> Path:
    """Three chats: of the last day of 2026, of the first of 2027, and of nobody knows when."""
    folder.mkdir()
    for name, day in (("old", OLD), ("new", NEW), ("undated", None)):
        chat = {
            "call_id": name,
            "channel": "chat",
            "business_line": "bank",
            "segments": [{"role": "agent", "text": f"您好，{name}"}],
        }
        if day:
            chat["started_at"] = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
        (folder / f"{name}.json").write_text(json.dumps(chat, default=str))
    return folder


def a_line(packs: Path, store: Store, day: date | None = None) -> Line:
    line = Line(Settings(packs_dir=packs), store.layout.spool)
    line.packs = Packs(None, packs, day)
    return line


def test_calls_of_both_days_through_the_line_and_skipped_after(packs: Path, tmp_path: Path) -> None:
    found = discover([chats(tmp_path / "in")], Settings().zone, settle_seconds=0)
    db = tmp_path / "c.duckdb"
    with Store.open(db) as store:
        line = a_line(packs, store, OLD)
        for batch in make_plan(found, line, store).batches:
            assert process_batch(batch, line, lambda _: None) == []
        spooled = [read_spool(path).report for path in store.layout.spool.glob("*.json")]
        assert {r.info.call_id: r.scorecard.score for r in spooled} == {
            "old": 97, "new": 80, "undated": 97,
        }  # fmt: skip
        store.load_spool()
        assert make_plan(found, a_line(packs, store, OLD), store).skipped == 3
        again = make_plan(found, a_line(packs, store, NEW), store)
        assert (again.skipped, again.again) == (2, 1), "only the undated one has another pack"
        store.publish()
    with Snapshot.open(db) as snapshot:
        for call_id, version, cost in (("old", "1", -3), ("new", "2027.1", -20)):
            call = snapshot.call(call_id).call
            content = snapshot.pack_content(call["pack_hash"])
            assert content is not None
            assert (call["pack_version"], content["version"]) == (version, version)
            assert content["rules"][1]["points"] == cost


def test_an_old_score_stays_explainable_after_the_file_has_changed(
    packs: Path, tmp_path: Path
) -> None:
    found = discover([chats(tmp_path / "in")], Settings().zone, settle_seconds=0)
    db = tmp_path / "c.duckdb"
    with Store.open(db) as store:
        line = a_line(packs, store, OLD)
        before = line.packs.of("bank", OLD)
        make_plan(found, line, store)
        bank = {"extends": "house", "control_points": []}
        write_pack(packs, "bank", effective={"to": "2026-12-31"}, **bank)
        changed = a_line(packs, store, OLD)
        assert make_plan(found, changed, store).calls == 3
        store.publish()
    after = changed.packs.of("bank", OLD)
    assert before.sha256 != after.sha256
    with Snapshot.open(db) as snapshot:
        assert snapshot.pack_content(before.sha256) == before.content()
        assert snapshot.pack_content(after.sha256) == after.content()


def test_a_pack_that_is_broken_fails_its_own_calls_only(packs: Path, tmp_path: Path) -> None:
    """Told when the night is planned: nothing is transcribed for a pack that cannot be read."""
    folder = chats(tmp_path / "in")
    other = {"call_id": "o", "channel": "chat", "segments": [{"role": "agent", "text": "您好"}]}
    (folder / "other.json").write_text(json.dumps(other))
    found = discover([folder], Settings().zone, settle_seconds=0)
    with Store.open(tmp_path / "c.duckdb") as store:
        write_pack(packs, "bank@2028", says("x", "x", points=5), effective={"from": "2028-01-01"})
        plan = make_plan(found, a_line(packs, store), store)
    assert (plan.calls, len(plan.failures)) == (1, 3)
    assert {failure.stage for failure in plan.failures} == {"rules"}
    assert "bank@2028.yaml" in plan.failures[0].message


def test_a_broken_pack_is_read_once(packs: Path) -> None:
    broken = write_pack(packs, "bank@2028", effective={"from": "nonsense"})
    chosen = Packs(folder=packs)
    for _ in range(2):
        with pytest.raises(BadPack, match=r"bank@2028\.yaml:\d+: effective\.from"):
            chosen.of("bank", OLD)
        broken.unlink(missing_ok=True)
    assert Packs(folder=packs).of("bank", OLD).version == "1"


def test_todays_version_is_todays(packs: Path) -> None:
    begin = {"from": today().isoformat()}
    write_pack(packs, "mine", effective={"to": "2020-01-01"})
    write_pack(packs, "mine@2", effective=begin)
    assert load_pack("mine", [packs]).version == "2"
