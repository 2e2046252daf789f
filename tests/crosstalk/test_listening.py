from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline.asr import Engine
from pipeline.audio import RATE
from pipeline.domain import CallInfo, Note, Recording, Transcript
from pipeline.listening import listen
from pipeline.settings import Settings
from tests.clips import SAMPLES
from tests.crosstalk.talk import leaking


def heard(path: Path, engine: Engine) -> Transcript:
    recording = Recording(CallInfo("call"), (path,), path.stem, path.stat().st_size)
    (found,) = listen([recording], engine, Settings())
    assert found.transcript is not None
    return found.transcript


def text_on(call: Transcript, channel: int) -> str:
    return "".join(segment.text for segment in call.segments if segment.channel == channel)


@pytest.mark.model
def test_the_agents_echo_is_nobodys_words(tmp_path: Path, engine: Engine) -> None:
    """At -15 dB and 0.12 s late it is loud enough to be read."""
    sound, rate = soundfile.read(SAMPLES / "wealth_suitability.flac", dtype="float32")
    assert rate == RATE
    agent, customer = sound[: 22 * rate].T
    echoing = leaking(customer, agent, -15, 0.12)
    soundfile.write(tmp_path / "echo.wav", np.stack([agent, echoing], axis=1), rate)
    call = heard(tmp_path / "echo.wav", engine)
    assert "本次通话会被录" in text_on(call, 0)
    said = text_on(call, 1)
    assert "方便" in said
    assert "三零一" in said or "301" in said  # then 五 or 武, by the processor
    for word in ("您好", "东方", "工号", "录音", "核实", "谢谢", "本金"):
        assert word not in said
    assert Note.CROSSTALK in call.notes
    places = [place for place in call.removed if place.reason == "crosstalk"]
    assert {(place.channel, place.characters) for place in places} == {(1, 0)}
    for start, end in ((0.7, 8.59), (10.53, 14.99), (17.61, 22.0)):  # the agent's turns
        assert any(p.start < start + 0.5 and p.end > end - 0.5 for p in places)
