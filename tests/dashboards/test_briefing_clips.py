"""The briefing with the recordings that it quotes: for whom, with what sound, on the trail."""

from __future__ import annotations

import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboards import options, serving
from dashboards.briefing_texts import BRIEFING_TEXTS
from pipeline.access import ASSIGNABLE, RIGHTS, Act, JobRole, Page
from pipeline.audit import Trail
from pipeline.store import Store
from tests.access import site
from tests.dashboards.conftest import Open
from tests.dashboards.matrix import Tokens
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report

WEEK = "2026-W47"
TAKERS = (JobRole.SUPERVISOR, JobRole.TRAINER)


def make(folder: Path, *, lost: int) -> Path:
    """Three calls of three agents that break the same rule; the files of so many are not there."""
    times = np.arange(8000 * 8) / 8000
    tone = 0.3 * np.sin(2 * np.pi * 440 * times)
    calls = []
    for number in range(3):
        wav = folder / f"客户{number}.wav"
        if number >= lost:
            soundfile.write(wav, np.stack([tone, tone], axis=1), 8000, subtype="PCM_16")
        day = datetime(2026, 11, 16, 9, tzinfo=SHANGHAI) + timedelta(days=number)
        calls.append(a_report(
            f"c{number}", agent=f"A{number}", started_at=day, findings=(a_finding(),),
            sources=(str(wav),),
        ))  # fmt: skip
    db = fresh(folder / "calls.duckdb")
    with Store.open(db) as store:
        store.save(calls)
        store.publish()
    return db


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("clips"), lost=1)


@pytest.fixture(scope="module")
def tokens(db: Path) -> Tokens:
    return site.people(db)


def get(path: str, token: str) -> tuple[int, bytes]:
    app = Starlette(routes=serving.routes())
    client = TestClient(
        app, base_url="http://127.0.0.1", cookies={options.cookie_name(): token},
        client=("127.0.0.1", 50000),
    )  # fmt: skip
    answer = client.get(path.removeprefix("http://127.0.0.1"))
    return answer.status_code, answer.content


def links(at: AppTest) -> list[str]:
    return [one.proto.url for one in at.get("link_button")]


@pytest.mark.parametrize("role", ASSIGNABLE)
def test_who_may_take_recordings_along(
    open_page: Open, db: Path, tokens: Tokens, role: JobRole
) -> None:
    at = open_page(db, "briefing", token=tokens[role], week=WEEK)
    offered = [one for one in at.button if one.key == "brief_clips"]
    rights = RIGHTS[role]
    may = Page.BRIEFING in rights.pages and {Act.BRIEF, Act.HEAR, Act.EXPORT} <= rights.acts
    assert bool(offered) == may == (role in TAKERS)


def test_the_archive_is_made_when_asked_for_and_says_what_has_no_sound(
    open_page: Open, db: Path, tokens: Tokens
) -> None:
    token = tokens[JobRole.TRAINER]
    at = open_page(db, "briefing", token=token, week=WEEK)
    assert len(links(at)) == 4, "nothing is looked at before somebody asks"
    at.button(key="brief_clips").click().run()
    assert not at.exception
    missing = BRIEFING_TEXTS["brief_clip_missing"][0].format(n=1)
    why = BRIEFING_TEXTS["brief_clips_missing"][0].format(why=missing)
    said = BRIEFING_TEXTS["brief_clips_there"][0].format(n=2, missing=why)
    assert said in [one.value for one in at.info]
    assert "客户0.wav" not in "".join(one.value for one in at.info), (
        "names of files are no trainer's"
    )
    path = links(at)[-1]
    before = len(list(Trail.beside(db).read().entries()))
    status, content = get(path, token)
    assert status == 200
    with zipfile.ZipFile(BytesIO(content)) as archive:
        word, *clips = archive.namelist()
        assert word == f"服务质量周报_{WEEK}.docx"
        *clips, told = clips
        assert (len(clips), told) == (2, "clips/缺少的录音片段.txt")
        heard, _ = soundfile.read(BytesIO(archive.read(clips[0])))
    assert np.abs(heard).max() > 0.1, "it is heard"
    entry = list(Trail.beside(db).read().entries())[before]
    assert (entry.action, entry.subject) == ("download", WEEK)
    assert (entry.details["what"], entry.details["format"]) == ("briefing", "zip")
    assert get(path, tokens[JobRole.SUPERVISOR])[0] == 404, "another session"


def test_a_role_that_was_taken_back_gets_no_archive(open_page: Open, tmp_path: Path) -> None:
    db = make(tmp_path, lost=0)
    token = site.people(db)[JobRole.TRAINER]
    at = open_page(db, "briefing", token=token, week=WEEK)
    path = links(at.button(key="brief_clips").click().run())[-1]
    assert get(path, token)[0] == 200
    site.door_of(db).accounts.give("trainer", site.POSTS[JobRole.LEADER])
    assert get(path, token)[0] == 404


def test_without_any_recording_there_is_a_reason_and_no_archive(
    open_page: Open, tmp_path: Path
) -> None:
    db = make(tmp_path, lost=3)
    at = open_page(db, "briefing", "en", token=site.people(db)[JobRole.TRAINER], week=WEEK)
    at.button(key="brief_clips").click().run()
    assert len(links(at)) == 4
    assert "3 whose file is not where it was" in at.warning[0].value
