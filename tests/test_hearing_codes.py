"""A code opens its call once, for a while, whoever tries; and the command as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import grant_files, hearing_grants
from pipeline.audit import Trail, operating_user
from pipeline.errors import TryAgain
from pipeline.hearing_grants import Granted, Refusal, Wish, grant, redeem
from pipeline.settings import Settings
from tests.conftest import ROOT
from tests.dashboards.databases import HEARD
from tests.hearing_site import (
    CODE,
    REASON,
    actions,
    assert_whole,
    db,
    entries,
    row,
    settings,
    settings_of,
    spoil,
    write_settings,
)
from tests.test_cli import callqa

__all__ = ["db", "settings"]


# ── the code ─────────────────────────────────────────────────────────────────────────────────────


def test_a_code_opens_its_call_once(db: Path, settings: Settings) -> None:
    made = grant(settings, db, Wish(HEARD, REASON))
    typed = f" {made.code.lower().replace('-', ' ')} "
    found = redeem(settings, db, row(db), typed)
    assert found == Granted(operating_user(), "compliance", 1, made.until)
    assert redeem(settings, db, row(db), made.code) is Refusal.USED
    heard, failed = entries(db)[1:]
    assert (heard.action, heard.subject) == ("heard", HEARD)
    assert heard.details == {"entry": 1, "granted_to": operating_user()}
    assert (failed.action, failed.details) == ("hear_failed", {"why": "used", "entry": 1})
    assert_whole(settings, db)


def test_a_code_does_not_open_another_call_and_stays_good(db: Path, settings: Settings) -> None:
    code = grant(settings, db, Wish(HEARD, REASON)).code
    assert redeem(settings, db, row(db, "c-second"), code) is Refusal.OTHER_CALL
    assert entries(db)[-1].subject == "c-second"
    assert entries(db)[-1].details == {"why": "other_call", "entry": 1}
    assert isinstance(redeem(settings, db, row(db), code), Granted)
    assert_whole(settings, db)


def test_a_code_expires(db: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing_grants, "VALID", timedelta(seconds=0))
    code = grant(settings, db, Wish(HEARD, REASON)).code
    assert redeem(settings, db, row(db), code) is Refusal.EXPIRED
    assert entries(db)[-1].details == {"why": "expired", "entry": 1}
    assert_whole(settings, db)


def test_a_changed_file_lengthens_no_grant(
    db: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing_grants, "VALID", timedelta(seconds=0))
    code = grant(settings, db, Wish(HEARD, REASON)).code
    (file,) = (tmp_path / "calls.duckdb.d" / "grants").glob("*.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "until": "2999-01-01T00:00:00Z"}))
    assert redeem(settings, db, row(db), code) is Refusal.EXPIRED


def test_a_file_without_its_entry_opens_nothing(db: Path, tmp_path: Path) -> None:
    settings, digest = settings_of(tmp_path), grant_files.hash_of(CODE)
    made = grant(settings, db, Wish(HEARD, REASON))
    folder = tmp_path / "calls.duckdb.d" / "grants"
    (file,) = folder.glob("*.json")
    (folder / f"{digest}.json").write_text(file.read_text())  # names the entry of another code
    assert redeem(settings, db, row(db), CODE) is Refusal.WRONG
    about = {**made.entry.details, "grant": digest}  # an entry by somebody without the key
    forged = Trail.beside(db).append("hear", subject=HEARD, role="compliance", details=about)
    (folder / f"{digest}.json").write_text(json.dumps({"entry": forged.seq}))
    assert redeem(settings, db, row(db), CODE) is Refusal.WRONG


def test_a_role_of_ones_own_settings_opens_nothing(db: Path, tmp_path: Path) -> None:
    code = grant(settings_of(tmp_path, "boss"), db, Wish(HEARD, REASON)).code
    assert redeem(settings_of(tmp_path), db, row(db), code) is Refusal.NO_ROLE
    assert redeem(settings_of(tmp_path, None), db, row(db), code) is Refusal.NO_ROLE
    assert isinstance(redeem(settings_of(tmp_path, "boss"), db, row(db), code), Granted)


def test_wrong_codes_are_counted_and_then_refused_for_a_while(
    db: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = grant(settings, db, Wish(HEARD, REASON)).code
    wrong = [redeem(settings, db, row(db), f"{CODE}{n}") for n in range(5)]
    assert wrong == [Refusal.WRONG] * 5
    assert redeem(settings, db, row(db), code) is Refusal.TOO_MANY, "even the right one"
    assert actions(db) == ["hear", *["hear_failed"] * 5]
    trail = Trail.beside(db).path.read_text()
    assert CODE not in trail
    assert grant_files.hash_of(f"{CODE}0") not in trail
    monkeypatch.setattr(grant_files, "TRIES_WITHIN", 0.0)
    assert isinstance(redeem(settings, db, row(db), code), Granted)
    assert_whole(settings, db)


def test_when_heard_cannot_be_written_nothing_is_given_and_the_code_stays_good(
    db: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = grant(settings, db, Wish(HEARD, REASON)).code

    def full(*_: object, **__: object) -> None:
        raise TryAgain("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Trail, "append", full)
        with pytest.raises(TryAgain):
            redeem(settings, db, row(db), code)
        with pytest.raises(TryAgain):
            redeem(settings, db, row(db), CODE)
    mend = spoil(Trail.beside(db))
    with pytest.raises(TryAgain, match="audit trail"):
        redeem(settings, db, row(db), code)
    mend()
    assert isinstance(redeem(settings, db, row(db), code), Granted)
    assert_whole(settings, db)


def test_grants_that_are_long_over_are_forgotten(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path)
    first = grant(settings, db, Wish(HEARD, REASON)).code
    redeem(settings, db, row(db), first)
    grant(settings, db, Wish(HEARD, REASON))
    monkeypatch.setattr(grant_files, "KEPT", -1.0)
    grant(settings, db, Wish(HEARD, REASON))
    names = [path.suffix for path in (tmp_path / "calls.duckdb.d" / "grants").iterdir()]
    assert sorted(names) == ["", ".json"]
    assert redeem(settings, db, row(db), first) is Refusal.WRONG


def test_a_folder_that_cannot_be_made_says_what_to_do(db: Path, tmp_path: Path) -> None:
    (tmp_path / "calls.duckdb.d" / "grants").write_text("in the way")
    with pytest.raises(TryAgain, match=r"grants cannot be kept in .*chgrp, chmod 2770"):
        grant(settings_of(tmp_path), db, Wish(HEARD, REASON))
    assert entries(db) == []


# ── at once ──────────────────────────────────────────────────────────────────────────────────────

REDEEM = """
import sys, time
from pathlib import Path
from pipeline.hearing_grants import Granted, redeem
from pipeline.settings import load_settings
settings, db = load_settings(Path(sys.argv[1])), Path(sys.argv[2])
call = {"call_id": sys.argv[3], "content_sha256": sys.argv[4]}
print("ready", flush=True)
sys.stdin.readline()
found = redeem(settings, db, call, sys.argv[5])
print("granted" if isinstance(found, Granted) else found)
"""


def test_two_processes_cannot_use_one_code(db: Path, tmp_path: Path) -> None:
    code = grant(settings_of(tmp_path), db, Wish(HEARD, REASON)).code
    given = [str(write_settings(tmp_path)), str(db), HEARD, row(db)["content_sha256"], code]
    others = [
        subprocess.Popen(
            [sys.executable, "-c", REDEEM, *given],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for _ in range(3)
    ]  # fmt: skip
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    said = []
    for other in others:
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.flush()
    for other in others:
        said.append(other.communicate(timeout=60)[0].strip())
    assert sorted(said) == ["granted", "used", "used"]
    assert actions(db).count("heard") == 1
    assert_whole(settings_of(tmp_path), db)


def test_two_threads_cannot_use_one_code_and_no_try_is_lost(db: Path, tmp_path: Path) -> None:
    settings, call = settings_of(tmp_path), row(db)
    code = grant(settings, db, Wish(HEARD, REASON)).code
    found: list[object] = []
    start = threading.Barrier(8)

    def one() -> None:
        start.wait()
        found.append(redeem(settings, db, call, code))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(item, Granted) for item in found) == 1
    assert (found.count(Refusal.USED), found.count(Refusal.TOO_MANY)) == (5, 2)


# ── as it is typed ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh", "一次性授权码（审计记录第 1 条）"), ("en", "A one-time code (entry 1")],
)
def test_the_command_prints_the_code_and_how_to_use_it(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, says: str
) -> None:
    config = write_settings(tmp_path, language)
    base = ("hear", HEARD, "--db", str(db), "--reason", REASON, "--config", str(config))
    code, out, err = callqa(capsys, *base)
    assert (code, err) == (0, "")
    assert says in out
    assert isinstance(redeem(settings_of(tmp_path), db, row(db), out.splitlines()[0]), Granted)
    code, out, _ = callqa(capsys, *base, "--json")
    told = json.loads(out)
    assert (code, told["call_id"], told["audit_entry"]) == (0, HEARD, 3)
    assert isinstance(redeem(settings_of(tmp_path), db, row(db), told["code"]), Granted)
    assert datetime.fromisoformat(told["until"]) > datetime.now(UTC)
    code, out, _ = callqa(capsys, *base, "-o", str(tmp_path / "o.flac"), "--json")
    assert json.loads(out) == {
        "call_id": HEARD, "audit_entry": 5, "file": str(tmp_path / "o.flac"),
    }  # fmt: skip
    code, out, _ = callqa(capsys, *base, "-o", str(tmp_path / "o.flac"))
    assert (code, str(tmp_path / "o.flac") in out) == (0, True)
    verified = ("audit", "verify", "--db", str(db), "--config", str(config))
    assert callqa(capsys, *verified)[0] == 0


def test_the_command_without_a_role_is_exit_2_in_one_line(
    db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "nobody.yaml"
    config.write_text("{}")
    base = ("hear", HEARD, "--db", str(db), "--reason", REASON, "--config", str(config))
    code, out, err = callqa(capsys, *base)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "has no role" in err
