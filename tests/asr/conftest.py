"""The engines of the table, each with sound of which it is known what it must hear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.asr import Engine, EngineOptions, make_engine
from pipeline.audio import RATE, Decoder, Samples
from tests.asr import tiny_models

CLIP = "wealth_suitability.flac"
NOTES = ((1.0, 1), (1.3, 2), (3.0, 4), (3.2, 5))  # heard by the tiny models


@dataclass(frozen=True, slots=True)
class Case:
    """`speech` (n,) of one channel, 14 s; `text` is part of what is heard there."""

    engine: Engine
    speech: Samples
    text: str
    confident: bool


def a_side(samples: Path, channel: int = 0) -> Samples:
    """14 s of one side of a sample call."""
    return next(iter(Decoder(samples / CLIP).blocks())).samples[channel, : 14 * RATE]


def _tiny(folder: Path, samples: Path, text: str) -> Case:
    engine = make_engine("sherpa-onnx", EngineOptions(str(folder), "none"))
    return Case(engine, tiny_models.whistled(a_side(samples), NOTES), text, confident=False)


# name of the engine, then of the model's family where it knows several
CASES: Mapping[str, Callable[[pytest.FixtureRequest, Path, Path], Case]] = {
    "faster-whisper": lambda request, _, samples: Case(
        request.getfixturevalue("engine"), a_side(samples), "本次通话会被录", confident=True
    ),
    "sherpa-onnx SenseVoice": lambda _, folder, samples: _tiny(
        tiny_models.sense_voice(folder / "model"), samples, "您好"
    ),
    "sherpa-onnx Paraformer": lambda _, folder, samples: _tiny(
        tiny_models.paraformer(folder / "model"), samples, "您好"
    ),
}


@pytest.fixture(
    params=[
        pytest.param(name, marks=pytest.mark.model if name == "faster-whisper" else ())
        for name in CASES
    ]
)
def case(request: pytest.FixtureRequest, tmp_path: Path, samples: Path) -> Case:
    """Every engine in turn, with a model."""
    return CASES[request.param](request, tmp_path, samples)
