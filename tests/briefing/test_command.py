"""`callqa briefing`: files, clips without private data, clear refusals."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from pipeline import clips
from pipeline.briefing import gather
from pipeline.briefing.document import Export
from pipeline.cli import app
from pipeline.errors import CallqaError
from pipeline.store import Snapshot, Store
from tests.briefing.problems import MOMENT, W47, a_problem, finds
from tests.store.fresh import fresh
from tests.store.reports import a_report


def run(*given: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["briefing", *given])
    if isinstance(done.exception, CallqaError):
        return 2, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_the_ending_of_the_file_says_the_format(db: Path, tmp_path: Path) -> None:
    target = tmp_path / "w.md"
    code, said = run("--db", str(db), "--week", "2026-W47", "-o", str(target), "--json")
    assert code == 0, said
    assert json.loads(said) == {"file": str(target), "clips": 0, "missing": []}
    assert target.read_text(encoding="utf-8").startswith("# 服务质量周报")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--week", "2026-W60"), "'2026-W60' is no week"),
        (("--week", "2026-W40"), "weeks with calls: 2026-W47, 2026-W46"),
        (("--format", "pdf"), "unknown format 'pdf'"),
        (("--week", "2026-W47", "--format", "md", "-o", "x.docx"), "write .md at the end"),
        (("--lang", "fr"), "known are zh and en"),
    ],
)
def test_what_is_wrong_is_said(db: Path, given: tuple[str, ...], said: str) -> None:
    code, output = run("--db", str(db), *given)
    assert code == 2
    assert said in output


def test_a_missing_database_is_said(tmp_path: Path) -> None:
    assert "there is no such database" in run("--db", str(tmp_path / "no.duckdb"))[1]


# ── clips ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def recorded(tmp_path: Path) -> Snapshot:
    """A call of 20 s with a recording: a tone; a card number is told in its second turn."""
    wav = tmp_path / "a.wav"
    times = np.arange(8000 * 20) / 8000
    tone = 0.3 * np.sin(2 * np.pi * 440 * times)
    soundfile.write(wav, np.stack([tone, tone], axis=1), 8000, subtype="PCM_16")
    db = fresh(tmp_path / "calls.duckdb")
    with Store.open(db) as store:
        store.save([a_report("a", call_id="c-a", agent="A1", sources=(str(wav),))])
        store.publish()
    return Snapshot.open(db)


def test_a_bundle_holds_the_document_and_clips_without_private_data(recorded: Snapshot) -> None:
    turns = recorded.call("c-a").segments
    private = next(row for row in turns if "*" in row["text"])
    moment = replace(
        MOMENT, call_id="c-a", segment=private["segment"], start=private["start"],
        end=private["end"], quote=private["text"],
    )  # fmt: skip
    lost = replace(MOMENT, call_id="c-none")
    found = gather(recorded, W47, find=finds(a_problem(moments=(moment, lost))))
    made = clips.bundle(recorded, found, "html", Export("zh", date(2026, 11, 23)))
    assert (made.clips, len(made.missing)) == (1, 1)
    assert "unknown call 'c-none'" in made.missing[0]
    with zipfile.ZipFile(BytesIO(made.data)) as archive:
        page, sound, told = archive.namelist()
        assert (page, sound) == ("服务质量周报_2026-W47.html", "clips/01-1.wav")
        assert told == "clips/缺少的录音片段.txt"
        assert "通话 c-none 第 " in archive.read(told).decode("utf-8-sig")
        assert 'href="clips/01-1.wav"' in archive.read(page).decode()
        heard, rate = soundfile.read(BytesIO(archive.read(sound)))
    begin = max(private["start"] - clips.BEFORE, 0.0)
    told = heard[int((private["start"] - begin) * rate) : int((private["end"] - begin) * rate)]
    assert np.abs(told).max() < 1e-3, "the number is silent"
    assert np.abs(heard).max() > 0.1, "what is around it is heard"
    again = clips.bundle(recorded, found, "html", Export("zh", date(2026, 11, 23)))
    assert again.data == made.data
