"""Who hears an original: at the terminal, by a code, never without an entry on the trail."""

from __future__ import annotations

import hashlib
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline import hearing_grants
from pipeline.audit import Trail, operating_user
from pipeline.errors import BadInput, BadSettings, NotAllowed, TryAgain
from pipeline.hearing_grants import Granted, Wish, copy, grant, redeem
from pipeline.redaction import hidden_stretches
from pipeline.settings import Settings
from pipeline.store import Snapshot
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
)

__all__ = ["db", "settings"]


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
