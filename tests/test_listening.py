from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from pipeline.asr import Engine
from pipeline.domain import CallInfo, Note, Recording
from pipeline.errors import BadRecording
from pipeline.listening import Watch, _Feed, listen
from pipeline.settings import Settings, load_settings
from tests.clips import a_clip
from tests.sounds import a_tone, encode


def a_recording(path: Path, **info: object) -> Recording:
    return Recording(CallInfo(path.stem, **info), (path,), path.stem, path.stat().st_size)  # type: ignore[arg-type]


@pytest.mark.model
def test_one_bad_recording_does_not_disturb_its_neighbours(tmp_path: Path, engine: Engine) -> None:
    first = a_clip(tmp_path / "first.wav", "bank_card_loss.wav", seconds=5)
    cut = encode(tmp_path / "cut.wav", a_tone(20, 8000), "pcm_s16le")
    cut.write_bytes(cut.read_bytes()[:100_000])
    last = a_clip(tmp_path / "last.wav", "wealth_suitability.flac", seconds=5)
    recordings = [a_recording(path) for path in (first, cut, last)]
    heard = list(listen(recordings, engine, Settings()))
    assert [h.recording.info.call_id for h in heard] == ["first", "cut", "last"]
    assert isinstance(heard[1].error, BadRecording)
    assert heard[0].transcript is not None
    assert heard[2].transcript is not None
    assert "东方银行" in heard[2].transcript.segments[0].text


@pytest.mark.model
def test_a_mono_call_saved_as_stereo_is_transcribed_once(tmp_path: Path, engine: Engine) -> None:
    sound, rate = soundfile.read(a_clip(tmp_path / "a.wav", "bank_card_number.wav", seconds=6))
    soundfile.write(tmp_path / "both.wav", np.stack([sound, sound], axis=1), rate)
    (heard,) = listen([a_recording(tmp_path / "both.wav")], engine, Settings())
    assert heard.transcript is not None
    assert {s.channel for s in heard.transcript.segments} == {0}
    assert "stereo" not in heard.transcript.capabilities
    assert heard.transcript.notes == (Note.SAME_SIGNAL,)


def test_the_vocabulary_of_the_business_line_reaches_the_recogniser(tmp_path: Path) -> None:
    config = tmp_path / "callqa.yaml"
    config.write_text("asr: {vocabulary: {bank: {hotwords: [挂失, 分期], prompt: 银行客服。}}}")
    path = encode(tmp_path / "call.wav", a_tone(1, 8000), "pcm_s16le")
    feeds = [
        next(iter(_Feed([a_recording(path, business_line=line)], load_settings(config), None)))
        for line in ("bank", "insurance")
    ]
    assert [(f.hotwords, f.prompt) for f in feeds] == [("挂失 分期", "银行客服。"), (None, None)]


def test_a_recording_that_ended_the_program_three_times_is_refused_once(tmp_path: Path) -> None:
    path = encode(tmp_path / "crash.wav", a_tone(1, 8000), "pcm_s16le")
    recording = a_recording(path)
    for _ in range(3):
        Watch(tmp_path / "in_work").begin(recording)  # and the process is gone
    with pytest.raises(BadRecording, match=r"crash\.wav: the program ended 3 times"):
        Watch(tmp_path / "in_work").begin(recording)
    Watch(tmp_path / "in_work").begin(recording)


def test_a_recording_that_got_through_leaves_no_mark(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "in_work")
    recording = a_recording(encode(tmp_path / "ok.wav", a_tone(1, 8000), "pcm_s16le"))
    watch.begin(recording)
    watch.end(recording)
    assert list((tmp_path / "in_work").iterdir()) == []
