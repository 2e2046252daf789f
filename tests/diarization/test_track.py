"""The real model on the sample calls: two people are told apart, one stays one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from pipeline.audio import RATE, Decoder, Samples
from pipeline.diarization import SpeakerModel, SpeakerTrack, Voices
from pipeline.diarization.embedding import SIZE
from pipeline.domain import Word
from tests.conftest import ROOT
from tests.shared_data import shared

pytestmark = pytest.mark.model


def sound(name: str) -> Samples:
    """Both sides of a sample call."""
    path = ROOT / "sample_audio" / name
    return np.concatenate([block.samples for block in Decoder(path).blocks()], axis=1)


def turns(name: str) -> list[tuple[str, float, float]]:
    """Who truly speaks when."""
    calls = yaml.safe_load((ROOT / "sample_audio" / "truth.yaml").read_text("utf-8"))["calls"]
    (call,) = [call for call in calls if call["file"] == name]
    return [(s["role"], s["start"], s["end"]) for s in call["segments"]]


def listened(model: SpeakerModel, *portions: Samples) -> Voices:
    track = SpeakerTrack(model)
    for portion in portions:
        track.add(portion)
    return track.finish()


def test_every_word_of_a_mono_call_goes_to_the_person_who_said_it(
    speaker_model: SpeakerModel,
) -> None:
    name = "general_no_notice.flac"
    mixed = sound(name)[:, : 25 * RATE].mean(axis=0)
    half = mixed.size // 2
    voices = listened(speaker_model, mixed[:half], mixed[half:])
    assert (voices.count, voices.confidence) == (2, 1.0)
    truth = [
        (role, Word("字", at, at + 0.25, 1.0))
        for role, start, end in turns(name)
        if end < 25
        for at in np.arange(start + 0.1, end - 0.3, 0.25).tolist()
    ]
    found = voices.of_words([word for _, word in truth])
    pairs = [(role, by.speaker) for (role, _), by in zip(truth, found, strict=True)]
    who = {role: number for role, number in pairs[:1]}
    right = [(number == who[pairs[0][0]]) == (role == pairs[0][0]) for role, number in pairs]
    assert sum(right) / len(right) > 0.97
    assert np.mean([by.confidence for by in found]) > 0.7


def test_one_person_is_one_voice(speaker_model: SpeakerModel) -> None:
    voices = listened(speaker_model, sound("general_no_notice.flac")[0, : 25 * RATE])
    assert voices.count == 1
    assert voices.confidence < 0.5


def test_silence_and_noise_hold_no_voice(speaker_model: SpeakerModel) -> None:
    noise = np.random.default_rng(1).normal(0, 0.001, 5 * RATE).astype(np.float32)
    assert listened(speaker_model, np.zeros(RATE, np.float32), noise).count == 0
    assert SpeakerTrack(speaker_model).finish().count == 0


def test_windows_of_a_piece_may_overlap_and_have_length_one(speaker_model: SpeakerModel) -> None:
    speech = sound("general_no_notice.flac")[0][RATE : 4 * RATE]
    found = speaker_model.embed(speech, [(0.0, 3.0), (0.5, 1.3), (2.9, 3.2), (-1.0, 0.01)])
    assert found.shape == (4, SIZE)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
    brief = speaker_model.embed(speech[: int(0.12 * RATE)], [(0.0, 0.12)])
    assert np.isfinite(brief).all()


def test_the_graph_gives_what_its_authors_model_gives(
    speaker_model: SpeakerModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onnxruntime import InferenceSession  # type: ignore[attr-defined]

    path: Path = shared("models_campplus_onnx") / "campplus.onnx"
    theirs = InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for frames in (20, 150, 201, 317):
        given = np.random.default_rng(frames).normal(0, 3, (frames, 80)).astype(np.float32)
        monkeypatch.setattr(speaker_model, "_frames", lambda _, given=given: given)
        expected = theirs.run(None, {"feats": given[None]})[0][0]
        ours = speaker_model.embed(np.zeros(0, np.float32), [(0.0, 60.0)])[0]
        assert ours == pytest.approx(expected / np.linalg.norm(expected), abs=1e-4)
