"""A misheard turn corrected on its call's page: what everybody then sees, material of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from streamlit.testing.v1 import AppTest

from dashboards.texts import TEXTS
from pipeline import asr_material
from pipeline.access import JobRole
from pipeline.asr_material import MANIFEST, write_material
from pipeline.cli import main
from pipeline.domain import AudioFormat
from pipeline.effective import decided_results
from pipeline.errors import BadInput
from pipeline.evaluation.manifest import Kind, read_sample
from pipeline.settings import Settings
from pipeline.store import (
    AUDIO,
    Copies,
    Corrections,
    Filters,
    Gone,
    People,
    Snapshot,
    Store,
    take_out_of,
)
from tests.access import site
from tests.dashboards.conftest import Open, component, seen
from tests.dashboards.test_cases import browser, links
from tests.store.fresh import fresh
from tests.test_corrected import CLEAN, CONTENT, PACKS, PROMISE, correct, report

Tokens = dict[JobRole, str]
KEY = "correct_c-1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One call with a recording: 400 Hz on the agent's side, 600 Hz on the customer's."""
    folder = tmp_path_factory.mktemp("correcting")
    times = np.arange(8000 * 40) / 8000
    sides = [0.3 * np.sin(2 * np.pi * hertz * times) for hertz in (400, 600)]
    soundfile.write(folder / "call.wav", np.stack(sides, axis=1), 8000, subtype="PCM_16")
    found = report()
    segments = tuple(
        replace(turn, channel=n % 2) for n, turn in enumerate(found.transcript.segments)
    )
    info = replace(found.info, agent=replace(found.info.agent, id=site.AGENT, team=site.TEAM))
    transcript = replace(found.transcript, info=info, segments=segments)
    audio = AudioFormat("wav", "pcm_s16le", 8000, 2, 40.0)
    sources = (str(folder / "call.wav"),)
    with Store.open(fresh(folder / "calls.duckdb")) as store:
        store.save([replace(found, transcript=transcript, audio=audio, sources=sources)])
        store.remember_packs([PACKS.of("wealth")])
        store.publish()
    site.people(folder / "calls.duckdb")
    return folder


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    return site.copied(made / "calls.duckdb", tmp_path)


def token(db: Path, role: JobRole) -> str:
    return site.door_of(db).sessions.begin(str(role), "password")


def write(at: AppTest, turn: int, text: str) -> AppTest:
    at.selectbox(key=f"{KEY}_turn").set_value(turn).run()
    next(box for box in at.text_area if (box.key or "").startswith(f"{KEY}_text_")).set_value(text)
    at.button(key=f"{KEY}_save").click().run()
    assert not at.exception
    return at


def test_corrected_checked_again_seen_by_all_and_taken_back(open_page: Open, db: Path) -> None:
    inspector = token(db, JobRole.INSPECTOR)
    at = open_page(db, "call", id="c-1", token=inspector)
    assert f'data-finding="{PROMISE}"' in seen(at).replace("\\", "")
    other = open_page(db, "call", id="c-1", token=inspector)
    other.selectbox(key=f"{KEY}_turn").set_value(2).run()
    write(at, 2, CLEAN)
    result = TEXTS["corrected_result"][0].split("{")[0]
    agent = open_page(db, "call", id="c-1", token=token(db, JobRole.AGENT))
    for page in (at, agent):
        turn = component(page, "transcript")["turns"][2]
        assert turn["text"] == CLEAN
        assert "包本" in turn["corrected"]["heard"]
        assert "inspector" in turn["corrected"]["label"]
        assert result in seen(page)
    assert not [box for box in agent.selectbox if box.key == f"{KEY}_turn"]
    form = browser(inspector).get(links(at)[TEXTS["form_take"][0]]).text
    assert TEXTS["form_corrected"][0] in form
    assert CLEAN in form
    box = next(one for one in other.text_area if (one.key or "").startswith(f"{KEY}_text_"))
    box.set_value("另一个人听到的")
    with Snapshot.open(db) as snapshot:
        (counts,) = decided_results(snapshot, Filters()).calls
    assert counts["score"] > 0, "the month's figures know it at once"
    other.button(key=f"{KEY}_save").click().run()
    assert TEXTS["somebody_else"][0] in other.error[0].value
    again = open_page(db, "call", id="c-1", token=inspector)
    again.selectbox(key=f"{KEY}_turn").set_value(2).run()
    again.button(key=f"{KEY}_back").click().run()
    assert component(again, "transcript")["turns"][2]["corrected"] is None
    assert result not in seen(again)
    assert [one.text for one in Corrections(People.open(db)).history(CONTENT)] == [CLEAN, None]


def test_what_is_typed_is_masked_and_the_same_text_is_none(open_page: Open, db: Path) -> None:
    at = open_page(db, "call", id="c-1", token=token(db, JobRole.SUPERVISOR))
    with Snapshot.open(db) as snapshot:
        heard = snapshot.call("c-1").segments[2]["text"]
    write(at, 2, heard)
    assert at.error[0].value == "没有保存：与现有文字相同，无需更正"
    assert Corrections(People.open(db)).of(CONTENT) == []
    write(at, 4, "您的卡号是6228480402564890018，对吗")
    assert "6228480402564890018" not in seen(at)
    (one,) = Corrections(People.open(db)).of(CONTENT)
    assert one.text is not None
    assert "*" in one.text


def test_turns_become_material_for_measuring_recognisers(db: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nobody has corrected"):
        write_material(db, tmp_path / "none", Settings())
    correct(db, 2, "您放心，肯定保本的，稳赚不赔。")
    correct(db, 1, "这款理财真的保本吗？")
    correct(db, 3, "我的手机号是13812345679。")
    correct(db, 0, "您好，这里是某某银行。")
    correct(db, 4, "谢谢，再见。")
    correct(db, 4, None)
    folder = tmp_path / "material"
    assert main_code(["asr", "corrections", "--db", str(db), "-o", str(folder)]) == 0
    rows = [json.loads(line) for line in (folder / MANIFEST).read_text().splitlines()]
    assert [row["text"] for row in rows] == ["您好，这里是某某银行。", "这款理财真的保本吗？"]
    for row, hertz in zip(rows, (400, 600), strict=True):
        sound, rate = soundfile.read(folder / row["audio"])
        assert sound.ndim == 1, "of the speaker's own channel"
        strongest = np.argmax(np.abs(np.fft.rfft(sound))) * rate / len(sound)
        assert strongest == pytest.approx(hertz, abs=2)
    sample = read_sample(folder / MANIFEST, Settings())
    assert sample.failures == []
    assert {item.kind for item in sample.items} == {Kind.WHOLE}
    with pytest.raises(BadInput, match="holds something"):
        write_material(db, folder, Settings())
    copies = Copies(People.open(db)).all()
    assert sorted(copy.what for copy in copies) == [AUDIO, AUDIO, "corrections"]
    (listed,) = [copy for copy in copies if copy.what == "corrections"]
    assert take_out_of(listed, Gone.of(["c-1"], [CONTENT], [])) == 2, "an erasure finds them"
    assert (folder / MANIFEST).read_text() == ""
    done = write_material(db, tmp_path / "again", Settings())
    beside = 2  # the phone number and the turn beside it
    assert (done.written, dict(done.left)) == (2, {asr_material.PRIVATE: beside})


def main_code(arguments: list[str]) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["callqa", *arguments])
        try:
            main()
        except SystemExit as stop:
            return int(stop.code or 0)
    return 0
