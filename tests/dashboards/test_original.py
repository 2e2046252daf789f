"""The page of a call: silenced by default, the original after a code, silenced again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from streamlit.testing.v1 import AppTest

from dashboards import hearing, original
from dashboards.texts import TEXTS
from pipeline import hearing_grants
from pipeline.audit import operating_user
from pipeline.authority import needed_keys
from pipeline.domain import CallInfo, Role, Segment, Transcript
from pipeline.hearing_grants import Wish, grant
from pipeline.redaction import hidden_stretches
from pipeline.settings import load_settings
from pipeline.store import Snapshot
from pipeline.vault import Vault
from tests.dashboards import databases
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.databases import HEARD
from tests.hearing_site import (
    CODE,
    REASON,
    actions,
    assert_whole,
    entries,
    row,
    settings_of,
    spoil,
    write_settings,
)

Ask = Callable[..., str]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return databases.original(tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_settings(tmp_path)


@pytest.fixture
def ask(db: Path, config: Path) -> Ask:
    """Make a code, as `callqa hear` does."""

    def asked(call_id: str = HEARD) -> str:
        return grant(load_settings(config), db, Wish(call_id, REASON)).code

    return asked


@pytest.fixture
def page(open_page: Open, db: Path, config: Path) -> AppTest:
    return open_page(db, "call", config=config, id=HEARD)


def enter(at: AppTest, code: str, call_id: str = HEARD) -> AppTest:
    at.text_input(key=f"code_{call_id}").set_value(code)
    form = f"hear_{call_id}"
    button = next(b for b in at.button if b.proto.form_id == form)
    at = button.click().run()
    assert not at.exception, at.exception[0].message
    return at


def loudest(wav: Path, db: Path) -> float:
    """How loud the private stretch of the call is."""
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(HEARD)
    ((start, end),) = hidden_stretches(call.segments, call.private_spans) or ()
    sound, rate = soundfile.read(wav)
    return float(np.abs(sound[int(start * rate) + 1 : int(end * rate) - 1]).max())


def loudest_drawn(at: AppTest, db: Path) -> int:
    """How high the wave is drawn in the private stretch of the call."""
    wave = component(at, "transcript")["strip"]["wave"]
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(HEARD)
    ((start, end),) = hidden_stretches(call.segments, call.private_spans) or ()
    first, last = int(start / wave["step"]) + 1, int(end / wave["step"]) - 1
    return max(wave["points"][0][first:last])


def held(at: AppTest) -> original.Held | None:
    return at.session_state[original.HELD] if original.HELD in at.session_state else None  # noqa: SIM401 - it has no get


def files(folder: Path) -> set[Path]:
    return set(folder.iterdir())


def played(at: AppTest) -> list[str]:
    return [element.proto.url for element in at.get("audio")]


def test_without_a_code_the_sound_is_silenced(page: AppTest, db: Path) -> None:
    assert TEXTS["muted"][0].format(n=1) in seen(page)
    assert held(page) is None
    with Snapshot.open(db) as snapshot:
        wav = hearing.hear(snapshot.call(HEARD)).wav
    assert wav is not None
    assert loudest(wav, db) == 0.0


@pytest.mark.parametrize(("lang", "at"), [("zh", 0), ("en", 1)])
def test_a_code_plays_the_original_with_a_warning_until_it_is_stopped(
    open_page: Open, db: Path, config: Path, ask: Ask, lang: str, at: int
) -> None:
    page = open_page(db, "call", lang, config=config, id=HEARD)
    silenced = played(page)
    page = enter(page, ask())
    now = held(page)
    assert now is not None
    assert loudest(now.wav, db) > 0.2
    assert len(played(page)) == 1
    assert played(page) != silenced
    (warning,) = page.error
    assert TEXTS["original_heard"][at].split("{")[0] in warning.value
    for part in (HEARD, operating_user(), "compliance", " 1 "):
        assert part in warning.value
    assert TEXTS["muted"][at].format(n=1) not in seen(page)
    assert component(page, "transcript")["whole"] is True
    assert loudest_drawn(page, db) > 0, "the wave is the original's too"
    assert [e.subject for e in entries(db)] == [HEARD, HEARD]
    assert actions(db) == ["hear", "heard"]
    page.button(key="original_stop").click().run()
    assert (held(page), now.wav.exists(), len(page.error)) == (None, False, 0)
    assert played(page) == silenced
    assert loudest_drawn(page, db) == 0
    assert TEXTS["muted"][at].format(n=1) in seen(page)
    assert_whole(load_settings(config), db)


def test_another_session_hears_the_silenced_sound(
    open_page: Open, db: Path, config: Path, page: AppTest, ask: Ask
) -> None:
    page = enter(page, ask())
    other = open_page(db, "call", config=config, id=HEARD)
    assert held(other) is None
    assert TEXTS["muted"][0].format(n=1) in seen(other)
    assert played(other) != played(page)


@pytest.mark.parametrize("where", ["queue", "overview", "c-second"])
def test_leaving_the_call_ends_it(page: AppTest, ask: Ask, where: str) -> None:
    page = enter(page, ask())
    now = held(page)
    assert now is not None
    if where == "c-second":
        page.query_params["id"] = where
        page.run()
    else:
        page.switch_page(f"views/{where}.py").run()
    assert not page.exception
    assert (held(page), now.wav.exists()) == (None, False)
    page.switch_page("views/call.py")
    page.query_params["id"] = HEARD
    page.run()
    assert TEXTS["muted"][0].format(n=1) in seen(page)


def test_when_the_time_is_over_it_ends(
    page: AppTest, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = enter(page, ask())
    now = held(page)
    assert now is not None
    monkeypatch.setattr(hearing_grants.Granted, "seconds_left", 0.0)
    page.run()
    assert (held(page), now.wav.exists(), len(page.error)) == (None, False, 0)


def test_when_nobody_looks_any_more_the_file_goes_all_the_same(
    page: AppTest, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing_grants, "VALID", timedelta(seconds=4))
    page = enter(page, ask())
    now = held(page)
    assert now is not None
    assert now.wav.exists()
    for _ in range(100):
        if not now.wav.exists():
            break
        time.sleep(0.1)
    assert not now.wav.exists()
    page.run()
    assert held(page) is None


def test_when_the_recording_is_erased_it_ends(page: AppTest, ask: Ask, tmp_path: Path) -> None:
    page = enter(page, ask())
    now = held(page)
    assert now is not None
    (tmp_path / "录音 1.wav").unlink()
    page.run()
    assert (held(page), now.wav.exists()) == (None, False)
    assert TEXTS["silent_missing"][0].format(file="录音 1.wav") in seen(page)


@pytest.mark.parametrize("why", ["wrong", "used", "expired", "other_call"])
def test_a_code_that_does_not_fit_says_why_and_plays_nothing(
    page: AppTest, ask: Ask, db: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    silenced = played(page)
    if why == "expired":
        monkeypatch.setattr(hearing_grants, "VALID", timedelta(0))
    code = CODE if why == "wrong" else ask("c-second" if why == "other_call" else HEARD)
    if why == "used":
        page = enter(page, code)
        page.button(key="original_stop").click().run()
    page = enter(page, code)
    assert [error.value for error in page.error] == [TEXTS[f"code_{why}"][0]]
    assert (held(page), played(page)) == (None, silenced)
    assert entries(db)[-1].action == "hear_failed"
    assert entries(db)[-1].details["why"] == why
    page.run()
    assert len(page.error) == 0, "said once"


def test_too_many_wrong_codes_are_refused(page: AppTest, ask: Ask) -> None:
    code = ask()
    for number in range(5):
        page = enter(page, f"{CODE}{number}")
    page = enter(page, code)
    assert page.error[0].value == TEXTS["code_too_many"][0]
    assert held(page) is None


def test_an_empty_code_is_no_try(page: AppTest, db: Path) -> None:
    page = enter(page, "  ")
    assert (len(page.error), entries(db)) == (0, [])


def test_a_code_typed_here_stays_nowhere(page: AppTest, ask: Ask) -> None:
    code = ask()
    page = enter(page, code)
    assert code not in seen(page)
    assert held(page) is not None
    assert code not in str(page.session_state)


def test_when_the_trail_cannot_be_written_nothing_is_played(
    page: AppTest, ask: Ask, db: Path, tmp_path: Path, config: Path
) -> None:
    from pipeline.audit import Trail

    silenced, code = played(page), ask()
    mend = spoil(Trail.beside(db))
    page = enter(page, code)
    assert page.error[0].value.startswith(TEXTS["original_impossible"][0].split("{")[0])
    assert "审计记录" in page.error[0].value
    assert (held(page), played(page)) == (None, silenced)
    mend()
    assert held(enter(page, code)) is not None, "the code is still good"
    assert_whole(settings_of(tmp_path), db)


def test_when_the_key_cannot_be_read_nothing_is_played(
    page: AppTest, ask: Ask, db: Path, tmp_path: Path
) -> None:
    code, key = ask(), tmp_path / "raw.keys"
    key.chmod(0o644)
    page = enter(page, code)
    assert page.error[0].value.startswith(TEXTS["original_unsigned"][0].split("{")[0])
    assert (held(page), actions(db)) == (None, ["hear"])
    key.chmod(0o600)
    assert_whole(settings_of(tmp_path), db)


@pytest.mark.parametrize("call_id", ["c-chat", "c-lost"])
def test_where_there_is_nothing_to_hear_no_code_is_asked_for(
    open_page: Open, db: Path, config: Path, call_id: str
) -> None:
    page = open_page(db, "call", config=config, id=call_id)
    assert f"code_{call_id}" not in [box.key for box in page.text_input]


def test_the_original_lies_in_a_folder_of_this_process_alone(page: AppTest, ask: Ask) -> None:
    page = enter(page, ask())
    now = held(page)
    assert now is not None
    assert now.wav.parent.stat().st_mode & 0o077 == 0
    assert now.wav.parent.stat().st_uid == os.getuid()
    page.button(key="original_stop").click().run()
    assert now.wav not in files(now.wav.parent)


def said(page: AppTest) -> list[str]:
    return [turn["text"] for turn in component(page, "transcript")["turns"]]


def test_with_the_original_its_words_can_be_read_until_it_ends(
    page: AppTest, ask: Ask, db: Path, tmp_path: Path
) -> None:
    masked = said(page)
    content = row(db)["content_sha256"]
    raw = tuple(Segment(Role.AGENT, f"原文 {number}") for number in range(len(masked)))
    keys = needed_keys(settings_of(tmp_path))
    Vault.beside(db, keys).put(content, Transcript(CallInfo(HEARD), raw))
    page = enter(page, ask())
    assert said(page) == masked, "hearing alone shows no raw words"
    page.button(key="original_read").click().run()
    assert said(page) == [segment.text for segment in raw]
    entry = entries(db)[-1]
    assert (entry.action, entry.subject, entry.role) == ("unmask", HEARD, "compliance")
    assert entry.details["entry"] == entries(db)[0].seq, "the code's entry says why"
    assert_whole(settings_of(tmp_path), db)
    page.button(key="original_stop").click().run()
    assert said(page) == masked


def test_words_that_were_not_kept_are_not_shown(page: AppTest, ask: Ask, db: Path) -> None:
    masked = said(page)
    page = enter(page, ask())
    page.button(key="original_read").click().run()
    assert any(e.value.startswith(TEXTS["original_unread"][0].split("{")[0]) for e in page.error)
    assert said(page) == masked
    assert actions(db)[-2:] == ["unmask", "unmask_failed"]
