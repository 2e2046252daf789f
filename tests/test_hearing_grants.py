"""Who hears an original: at the terminal, by a code, never without an entry on the trail."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from pipeline import authority, grant_files, hearing_grants
from pipeline.audit import Entry, Trail, operating_user, verify
from pipeline.errors import BadInput, BadSettings, NotAllowed, TryAgain
from pipeline.hearing_grants import Granted, Refusal, Wish, copy, grant, redeem
from pipeline.redaction import hidden_stretches
from pipeline.settings import PeopleSettings, RawSettings, Settings
from pipeline.store import Snapshot
from tests.conftest import ROOT
from tests.dashboards import databases
from tests.dashboards.databases import HEARD
from tests.test_cli import callqa
from tests.vault.keys import a_key_file, a_line

REASON = "客户投诉 4711"
CODE = "ABCD-EFGH"


def settings_of(folder: Path, role: str | None = "compliance", *, key: bool = True) -> Settings:
    file = a_key_file(folder / "raw.keys") if key else None
    people = {} if role is None else {operating_user(): role}
    raw, privileged = RawSettings(key_file=file), PeopleSettings(privileged=people)
    return Settings(raw=raw, people=privileged)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return databases.original(tmp_path)


@pytest.fixture(params=[True, False], ids=["key", "no key"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return settings_of(tmp_path, key=request.param)


def row(db: Path, call_id: str = HEARD) -> dict[str, Any]:
    with Snapshot.open(db) as snapshot:
        return snapshot.call(call_id).call


def entries(db: Path) -> list[Entry]:
    return Trail.beside(db).read().entries()


def actions(db: Path) -> list[str]:
    return [entry.action for entry in entries(db)]


def assert_whole(settings: Settings, db: Path) -> None:
    """Every entry is in its place, and signed where there is a key."""
    keys = authority.keys_of(settings)
    assert verify(Trail.beside(db).read()).problems == []
    if keys is not None:
        found = verify(Trail.beside(db).read(), authority.signing_of(keys))
        assert (found.problems, found.signed) == ([], found.entries)


def spoil(trail: Trail) -> Callable[[], None]:
    """A folder in the place of the trail: nothing can be appended; gives the way back."""
    kept = trail.path.read_bytes() if trail.path.exists() else None
    trail.path.unlink(missing_ok=True)
    trail.path.mkdir()

    def mend() -> None:
        trail.path.rmdir()
        if kept is not None:
            trail.path.write_bytes(kept)

    return mend


# ── at the terminal ──────────────────────────────────────────────────────────────────────────────


def test_a_grant_is_on_the_trail_and_its_code_nowhere(
    db: Path, tmp_path: Path, settings: Settings
) -> None:
    before = datetime.now(UTC)
    made = grant(settings, db, Wish(HEARD, f" {REASON} ", tmp_path / "x.yaml"))
    (entry,) = entries(db)
    assert entry == made.entry
    assert (entry.action, entry.subject, entry.reason) == ("hear", HEARD, REASON)
    assert (entry.who, entry.role) == (operating_user(), "compliance")
    assert timedelta(minutes=14) < made.until - before < timedelta(minutes=16)
    code = made.code.replace("-", "")
    assert len(code) * 5 >= 128, "base32: five bits a letter"
    digest = hashlib.sha256(code.encode()).hexdigest()
    assert entry.details == {
        "settings": str(tmp_path / "x.yaml"),
        "content": row(db)["content_sha256"],
        "grant": digest,
        "until": made.until.isoformat(),
    }
    (file,) = (tmp_path / "calls.duckdb.d" / "grants").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == (f"{digest}.json", 0o640)
    assert json.loads(file.read_text()) == {
        "content": row(db)["content_sha256"], "entry": 1, "until": made.until.isoformat(),
    }  # fmt: skip
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert code.encode() not in content, path
            assert made.code.encode() not in content, path


def test_two_codes_are_never_the_same(db: Path, settings: Settings) -> None:
    assert (
        grant(settings, db, Wish(HEARD, REASON)).code
        != grant(settings, db, Wish(HEARD, REASON)).code
    )


def test_who_has_no_role_gets_no_code_and_the_try_is_written_down(db: Path, tmp_path: Path) -> None:
    nobody, out = settings_of(tmp_path, None), tmp_path / "out.wav"
    for attempt in (
        lambda: grant(nobody, db, Wish(HEARD, REASON)),
        lambda: copy(nobody, db, Wish(HEARD, REASON), out),
    ):
        with pytest.raises(NotAllowed, match=r"has no role .* This try is in the audit trail"):
            attempt()
    assert [(e.action, e.subject, e.role) for e in entries(db)] == [
        ("hear_refused", HEARD, None)
    ] * 2
    assert entries(db)[1].details["file"] == str(out)
    assert not out.exists()
    assert not (tmp_path / "calls.duckdb.d" / "grants").exists()
    assert_whole(nobody, db)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(HEARD, " 投诉 "), "--reason: say in at least 4"),
        (Wish("c-9", REASON), "unknown call 'c-9'"),
        (Wish("c-chat", REASON), "call c-chat has no recording: it was held in writing"),
        (Wish("c-lost", REASON), r"the recording of call c-lost is not where it was \(/recordings"),
    ],
)
def test_what_cannot_be_heard_is_said_before_any_grant(
    db: Path, tmp_path: Path, wish: Wish, says: str
) -> None:
    settings, out = settings_of(tmp_path), tmp_path / "out.wav"
    with pytest.raises(BadInput, match=says):
        grant(settings, db, wish)
    with pytest.raises(BadInput, match=says):
        copy(settings, db, wish, out)
    assert entries(db) == []
    assert not out.exists()
    assert not (tmp_path / "calls.duckdb.d" / "grants").exists()


def test_another_recording_in_its_place_is_not_given(db: Path, tmp_path: Path) -> None:
    (tmp_path / "录音 1.wav").write_bytes((tmp_path / "other.wav").read_bytes())
    with pytest.raises(BadInput, match=f"is not the recording of call {HEARD} any more"):
        grant(settings_of(tmp_path), db, Wish(HEARD, REASON))


def test_without_a_trail_no_code_and_no_copy(db: Path, tmp_path: Path, settings: Settings) -> None:
    mend, out = spoil(Trail.beside(db)), tmp_path / "out.wav"
    with pytest.raises(TryAgain, match="audit trail"):
        grant(settings, db, Wish(HEARD, REASON))
    with pytest.raises(TryAgain, match="audit trail"):
        copy(settings, db, Wish(HEARD, REASON), out)
    assert list((tmp_path / "calls.duckdb.d" / "grants").glob("*")) == []
    assert not out.exists()
    mend()


def test_no_unsigned_entry_follows_signed_ones(db: Path, tmp_path: Path) -> None:
    signed, unsigned = settings_of(tmp_path), settings_of(tmp_path, key=False)
    code = grant(signed, db, Wish(HEARD, REASON)).code
    for attempt in (
        lambda: grant(unsigned, db, Wish(HEARD, REASON)),
        lambda: redeem(unsigned, db, row(db), code),
        lambda: redeem(unsigned, db, row(db), CODE),
    ):
        with pytest.raises(BadSettings, match=r"is signed, and there is no key .* raw\.key_file"):
            attempt()
    (tmp_path / "raw.keys").chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600"):
        redeem(signed, db, row(db), code)
    (tmp_path / "raw.keys").chmod(0o600)
    assert actions(db) == ["hear"]
    assert isinstance(redeem(signed, db, row(db), code), Granted)
    assert_whole(signed, db)


def test_a_copy_holds_what_the_dashboard_silences(
    db: Path, tmp_path: Path, settings: Settings
) -> None:
    out = tmp_path / "out.wav"
    made = copy(settings, db, Wish(HEARD, REASON), out)
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(HEARD)
    ((start, end),) = hidden_stretches(call.segments, call.private_spans) or ()
    sound, rate = soundfile.read(out)
    assert np.abs(sound[int(start * rate) : int(end * rate)]).max() > 0.2
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (entry,) = entries(db)
    assert (entry, entry.action, entry.reason) == (made.entry, "hear", REASON)
    assert entry.details["file"] == str(out)
    assert "grant" not in entry.details
    assert not (tmp_path / "calls.duckdb.d" / "grants").exists()
    assert_whole(settings, db)


def test_a_copy_that_fails_is_on_the_trail_and_leaves_nothing(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hearing_grants, "render", full)
    before = set(tmp_path.iterdir())
    with pytest.raises(BadInput, match=r"out\.wav cannot be written: No space left"):
        copy(settings_of(tmp_path), db, Wish(HEARD, REASON), tmp_path / "out.wav")
    assert actions(db) == ["hear", "hear_failed"]
    names = {path.name for path in set(tmp_path.iterdir()) - before}
    assert names == {"raw.keys", "calls.audit.jsonl", "calls.audit.head.json"}


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("out.mp3", ".wav or .flac"),
        ("录音 1.wav", "is the recording itself"),
        ("no/o.wav", "folder"),
    ],
)
def test_a_copy_that_cannot_be_is_refused_before_the_entry(
    db: Path, tmp_path: Path, out: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        copy(settings_of(tmp_path), db, Wish(HEARD, REASON), tmp_path / out)
    assert entries(db) == []


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


def write_settings(folder: Path, language: str = "zh") -> Path:
    file = folder / "callqa.yaml"
    keys = a_key_file(folder / "raw.keys", a_line("k1"))
    people = {"privileged": {operating_user(): "compliance"}}
    values = {"raw": {"key_file": str(keys)}, "people": people, "language": language}
    file.write_text(json.dumps(values))
    return file


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
