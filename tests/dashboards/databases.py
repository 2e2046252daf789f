"""Small databases for the dashboard's tests, made with the real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import soundfile

from pipeline import modelfiles
from pipeline.domain import CallReport, Evidence, Failure, Medium, Severity, Verdict
from pipeline.search import sync
from pipeline.store import Store
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_finding, a_report

SOUNDLESS = (
    "坏.wav: holds no sound (0 samples decoded). Fetch the recording again, or remove the file."
)
HEARD = "c-heard"  # a call whose recording exists
EVIDENCE_SECONDS = 14.37  # not a whole second: the player must not round
SECONDS = 20.0
TURNS = (
    "您好,这里是某某银行,本次通话会被录音。",
    "我的卡号是6222****1234。",
    "<b>好的</b>,请稍等。",
    "这款产品保本吗?",
    "您放心,肯定是保本的。",
)


def make(db: Path, reports: list[CallReport], failures: list[Failure] | None = None) -> Path:
    """A published database of these calls, which can be searched."""
    with Store.open(fresh(db)) as store:
        store.start_run("recordings")
        store.save(reports)
        store.record_failures(failures or [])
        store.finish_run({"processed": len(reports), "failed": len(failures or [])}, 0)
        store.publish()
        sync(store)
    return db


def empty(folder: Path) -> Path:
    """A run that found nothing but a bad file."""
    bad = Failure("/recordings/坏.wav", "decode", "BadRecording", SOUNDLESS)
    return make(folder / "empty.duckdb", [], [bad])


def one_call(folder: Path) -> Path:
    """One call with nothing wrong and hardly any metadata."""
    fine = a_finding("greeting", verdict=Verdict.PASS, points=0.0, evidence=())
    report = a_report("lonely", score=100.0, grade="优", agent=None, team=None, started_at=None)
    return make(folder / "one.duckdb", [replace(report, findings=(fine,))])


def heard_call(folder: Path) -> CallReport:
    """A vetoed call with a real recording: a tone of 20 s."""
    wav = folder / "录音 1.wav"
    times = np.arange(int(SECONDS * 8000)) / 8000
    tone = 0.3 * np.sin(2 * np.pi * 440 * times)
    soundfile.write(wav, np.stack([tone, tone], axis=1), 8000, subtype="PCM_16")
    promise = a_finding(
        "no_promise",
        title="不得承诺保本",
        title_en="No promise of principal",
        severity=Severity.CRITICAL,
        points=-100.0,
        veto=True,
        evidence=(Evidence(4, EVIDENCE_SECONDS, 18.0, "肯定是保本的"),),
    )
    unsure = a_finding("closing", title="结束语", title_en="", verdict=Verdict.UNSURE, points=0.0)
    fine = a_finding("greeting", verdict=Verdict.PASS, points=2.0, evidence=())
    return a_report(
        "heard",
        call_id=HEARD,
        turns=TURNS,
        score=0.0,
        grade="差",
        vetoed=True,
        duration=SECONDS,
        sources=(str(wav),),
        findings=(fine, unsure, promise),
    )


def original(folder: Path) -> Path:
    """Calls for those who ask for originals: one to hear, by its real hash, another, and a chat."""
    heard = heard_call(folder)
    content = modelfiles.sha256(Path(heard.sources[0]))
    lost = a_report("lost", call_id="c-lost")
    chat = a_report("chat", call_id="c-chat", medium=Medium.CHAT)
    true = replace(heard, provenance=replace(heard.provenance, content_sha256=content))
    other = folder / "other.wav"
    soundfile.write(other, np.full((8000, 2), 0.2), 8000, subtype="PCM_16")
    second = a_report("second", call_id="c-second", sources=(str(other),))
    content = modelfiles.sha256(other)
    second = replace(second, provenance=replace(second.provenance, content_sha256=content))
    return make(folder / "calls.duckdb", [true, second, lost, chat])


def small(folder: Path) -> Path:
    """Twelve calls: one to hear, chats, undated ones, several teams and lines."""
    morning = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
    reports = [heard_call(folder)]
    for i in range(11):
        reports.append(
            a_report(
                f"n{i}",
                call_id=f"c-{i:02}",
                medium=Medium.CHAT if i % 4 == 3 else Medium.VOICE,
                team=("一组", "二组")[i % 2],
                business_line=("bank", "wealth")[i % 2],
                started_at=None if i == 10 else morning + timedelta(days=i % 3, minutes=i),
                score=60.0 + i,
                grade="中",
            )
        )
    bad = Failure("/recordings/坏.wav", "decode", "BadRecording", SOUNDLESS)
    return make(folder / "small.duckdb", reports, [bad])
