"""Originals through a run, shown and refused, sealed again; each act on the trail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from pipeline import authority, night, originals
from pipeline.audit import Trail, operating_user, verify
from pipeline.authority import Request
from pipeline.errors import BadInput, BadSeal, BadSettings, NotAllowed, TryAgain
from pipeline.intake import discover
from pipeline.nightly import Line, process_batch
from pipeline.settings import PeopleSettings, RawSettings, Settings
from pipeline.store import Copies, People, Store
from pipeline.vault import Vault
from tests.builders import a_dialogue
from tests.conftest import ROOT
from tests.store.fresh import fresh
from tests.store.reports import a_hash
from tests.store.test_export import read_back
from tests.test_cli import callqa
from tests.vault.keys import a_key_file, a_line

CARD = "6222021234567890128"
REASON = "客户投诉 4711"


def some_chats(folder: Path, count: int = 2) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        turns = [("agent", f"您好，工号{number}"), ("customer", f"我的卡号是{CARD}")]
        segments = [{"role": role, "text": text} for role, text in turns]
        chat = {"call_id": f"c{number}", "channel": "chat", "segments": segments}
        (folder / f"{number}.json").write_text(json.dumps(chat))
    return folder


def settings_of(folder: Path, *lines: str, role: str | None = "compliance") -> Settings:
    file = a_key_file(folder / "raw.keys", *lines)
    people = {} if role is None else {operating_user(): role}
    return Settings(
        intake={"settle_seconds": 0},  # type: ignore[arg-type]
        raw=RawSettings(keep=True, key_file=file),
        people=PeopleSettings(privileged=people),
    )


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Two chats, processed with their originals kept."""
    return a_night(tmp_path, settings_of(tmp_path))


def a_night(folder: Path, settings: Settings, count: int = 2) -> Path:
    db = folder / "calls.duckdb"
    with Store.open(fresh(db)) as store:
        line = night.line_of(settings, store)
        found = discover([some_chats(folder / "in", count)], settings.zone, settle_seconds=0)
        assert process_batch(found.transcripts, line, lambda _: None) == []
        store.load_spool()
        store.publish()
    return db


def actions(db: Path) -> list[str]:
    return [entry.action for entry in Trail.beside(db).read().entries()]


def test_a_call_that_is_finished_has_its_original_sealed(db: Path, tmp_path: Path) -> None:
    tally = originals.check(settings_of(tmp_path), db)
    assert (tally.originals, tally.keys, tally.damaged) == (2, {"k1": 2}, [])
    assert actions(db) == ["raw_begin"]
    plain = [p for p in tmp_path.rglob("*") if p.is_file() and p.parent != tmp_path / "in"]
    assert [p.name for p in plain if CARD.encode() in p.read_bytes()] == []


def test_a_check_compares_originals_with_stored_calls(db: Path, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    vault = Vault.beside(db, authority.needed_keys(settings))
    first = next(vault.contents())
    vault.put("f" * 64, vault.get(first))
    vault.path_of(first).unlink()
    tally = originals.check(settings, db)
    assert (tally.originals, tally.without, tally.orphans) == (2, 1, 1)


def test_no_report_without_its_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> None:
        raise TryAgain("the disk is full")

    monkeypatch.setattr(Vault, "put", full_disk)
    settings, spool = settings_of(tmp_path), tmp_path / "spool"
    vault = originals.open_vault(settings, tmp_path / "calls.duckdb")
    found = discover([some_chats(tmp_path / "in")], settings.zone, settle_seconds=0)
    failures = process_batch(found.transcripts, Line(settings, spool, vault), lambda _: None)
    assert len(failures) == 2
    assert list(spool.glob("*.json")) == []


def test_without_keep_nothing_raw_is_kept(tmp_path: Path) -> None:
    db = a_night(tmp_path, Settings())
    assert not (tmp_path / "calls.raw").exists()
    assert not Trail.beside(db).path.exists()


def test_a_run_without_a_key_refuses_before_anything_is_processed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    prefect_server: str,
) -> None:
    monkeypatch.setenv("CALLQA_RAW__KEEP", "true")
    monkeypatch.delenv("CALLQA_RAW_KEY", raising=False)
    db = tmp_path / "c.duckdb"
    command = ("run", str(some_chats(tmp_path / "in")), "--db", str(db))
    code, _, err = callqa(capsys, *command)
    assert code == 2
    assert "callqa raw new-key -o" in err
    assert list((tmp_path / "c.duckdb.d" / "spool").glob("*.json")) == []
    monkeypatch.setenv("CALLQA_RAW_KEY", a_line("k1"))
    monkeypatch.setenv("CALLQA_INTAKE__SETTLE_SECONDS", "0")
    with temporary_settings({PREFECT_API_URL: prefect_server}):
        assert callqa(capsys, *command)[0] == 0
        assert callqa(capsys, *command)[0] == 0, "and once more with nothing new"
    code, out, _ = callqa(capsys, "raw", "check", "--db", str(db))
    assert (code, "2 份" in out) == (0, True)
    assert actions(db) == ["raw_begin"]


def test_unmasking_is_written_down_and_then_shown(db: Path, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    found = originals.unmask(settings, db, originals.Wish("c1", REASON, 1, tmp_path / "x.yaml"))
    assert {n: s.text for n, s in found.segments.items()} == {1: f"我的卡号是{CARD}"}
    entry = Trail.beside(db).read().entries()[-1]
    assert entry == found.entry
    assert (entry.action, entry.subject, entry.reason) == ("unmask", "c1", REASON)
    assert (entry.who, entry.role, entry.key) == (operating_user(), "compliance", "k1")
    assert entry.details["settings"] == str(tmp_path / "x.yaml")
    assert list(originals.unmask(settings, db, originals.Wish("c1", REASON)).segments) == [0, 1]
    assert CARD not in Trail.beside(db).path.read_text("utf-8")


def test_nobody_without_a_role_sees_anything_and_the_try_is_written_down(
    db: Path, tmp_path: Path
) -> None:
    nobody = settings_of(tmp_path, role=None)
    with pytest.raises(NotAllowed, match=r"has no role .* This try is in the audit trail"):
        originals.unmask(nobody, db, originals.Wish("c1", REASON))
    (tmp_path / "raw.keys").unlink()  # who has no role has no key either
    with pytest.raises(NotAllowed):
        originals.unmask(nobody, db, originals.Wish("c1", ""))
    *_, signed, unsigned = Trail.beside(db).read().entries()
    assert (signed.action, signed.role, signed.key) == ("unmask_refused", None, "k1")
    assert (unsigned.action, unsigned.subject, unsigned.key) == ("unmask_refused", "c1", None)
    signing = authority.signing_of(authority.needed_keys(settings_of(tmp_path)))
    assert verify(Trail.beside(db).read(), signing).problems == []


def test_when_the_trail_cannot_be_written_nothing_is_opened(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(Vault, "get", lambda _, content: opened.append(content))
    trail = Trail.beside(db)
    trail.path.unlink()
    trail.path.mkdir()
    with pytest.raises(TryAgain, match=r"audit trail .* cannot be written .* nothing was done"):
        originals.unmask(settings_of(tmp_path), db, originals.Wish("c1", REASON))
    with pytest.raises(NotAllowed, match="could not be written down"):
        originals.unmask(settings_of(tmp_path, role=None), db, originals.Wish("c1", REASON))
    assert opened == []


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (originals.Wish("c1", " 投诉 "), "--reason: say in at least 4"),
        (originals.Wish("c9", REASON), "unknown call 'c9'"),
        (originals.Wish("c1", REASON, 2), "--segment 2: call c1 has segments 0 to 1"),
        (originals.Wish("c1", REASON, -1), "--segment -1"),
    ],
)
def test_a_wish_that_cannot_be_met_names_why(
    db: Path, tmp_path: Path, wish: originals.Wish, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        originals.unmask(settings_of(tmp_path), db, wish)
    assert actions(db) == ["raw_begin"]


def test_an_original_that_does_not_open_is_on_the_trail_too(db: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "calls.raw").rglob("*.sealed"):
        path.write_bytes(path.read_bytes()[:-5])
    settings = settings_of(tmp_path)
    with pytest.raises(BadSeal, match="was changed or cut off"):
        originals.unmask(settings, db, originals.Wish("c1", REASON))
    assert actions(db) == ["raw_begin", "unmask", "unmask_failed"]
    assert len(originals.check(settings, db).damaged) == 2
    assert len(originals.rotate(settings, db).damaged) == 2


def test_no_environment_variable_grants_a_role(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.settings import load_settings

    monkeypatch.setenv("CALLQA_PEOPLE__PRIVILEGED", json.dumps({operating_user(): "compliance"}))
    with pytest.raises(BadSettings, match="granted in the settings file only"):
        load_settings()


def test_a_rotation_beside_a_run_is_refused(db: Path, tmp_path: Path) -> None:
    with Store.open(db), pytest.raises(TryAgain, match="another run is loading"):
        originals.rotate(settings_of(tmp_path), db)


def test_a_rotation_that_is_killed_goes_on_and_all_opens_with_the_new_key(
    db: Path, tmp_path: Path
) -> None:
    old = settings_of(tmp_path)
    vault = Vault.beside(db, authority.needed_keys(old))
    contents = [a_hash(str(number)) for number in range(400)]
    for content in contents:
        vault.put(content, a_dialogue(f"客户: {content}"))
    both = settings_of(tmp_path, a_line("k2", b"n"), a_line("k1"))
    code = (
        "import sys; from pathlib import Path; from pipeline import originals\n"
        "from pipeline.settings import RawSettings, Settings\n"
        "raw = RawSettings(key_file=Path(sys.argv[2]))\n"
        "originals.rotate(Settings(raw=raw), Path(sys.argv[1]))\n"
    )
    arguments = [sys.executable, "-c", code, str(db), str(both.raw.key_file)]
    process = subprocess.Popen(arguments, cwd=ROOT, env=os.environ)
    rotated = Vault.beside(db, authority.needed_keys(both))
    while process.poll() is None and rotated.key_of(sorted(contents)[20]) == "k1":
        time.sleep(0.001)
    process.kill()
    assert process.wait(30) == -9
    some = originals.check(both, db)
    assert some.damaged == []
    assert set(some.keys) == {"k1", "k2"}, "killed in the middle"
    tally = originals.rotate(both, db)
    assert 0 < tally.resealed < 402
    assert tally.damaged == []
    new = settings_of(tmp_path, a_line("k2", b"n"))
    assert originals.check(new, db).keys == {"k2": 402}
    (text,) = Vault.beside(db, authority.needed_keys(new)).get(contents[7]).segments
    assert text.text == contents[7]
    assert actions(db) == ["raw_begin", "raw_rotate", "raw_rotate", "raw_rotated"]
    found = verify(Trail.beside(db).read(), authority.signing_of(authority.needed_keys(new)))
    assert (found.signed, found.problems) == (4, [])


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_unmasked_export_needs_a_role_and_stands_in_the_trail(
    db: Path, tmp_path: Path, form: str
) -> None:
    settings, out = settings_of(tmp_path), tmp_path / f"out.{form}"
    request = Request("export_unmasked", REASON)
    with pytest.raises(NotAllowed):
        originals.export_unmasked(settings_of(tmp_path, role=None), db, out, form, request)
    assert not out.exists()
    first = next(Vault.beside(db, authority.needed_keys(settings)).contents())
    Vault.beside(db, authority.needed_keys(settings)).path_of(first).unlink()
    assert originals.export_unmasked(settings, db, out, form, request) == (1, 1)
    texts = read_back(out, form)
    assert [CARD in str(row["text"]) for row in texts].count(True) == 1
    assert ["*" in str(row["text"]) for row in texts].count(True) == 1
    assert out.stat().st_mode & 0o777 == 0o600
    assert [copy.path for copy in Copies(People.open(db)).all()] == [str(out)]
    assert actions(db)[-3:] == [
        "export_unmasked_refused", "export_unmasked", "exported_unmasked",
    ]  # fmt: skip
    _, began, ended = Trail.beside(db).read().entries()[-3:]
    assert (began.reason, began.details["file"]) == (REASON, str(out))
    assert (ended.details["calls"], ended.details["masked"]) == (1, 1)
