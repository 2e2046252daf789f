"""The engine protocol: many channels in, words with times and confidences out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pipeline.audio import Samples
from pipeline.domain import EngineInfo, Removed, Seconds, Word


@dataclass(frozen=True, slots=True)
class ChannelAudio:
    """One channel (or a block of it) to transcribe.

    `samples` (n,) float32 at 16 kHz; `start` is where it begins in the recording. `hotwords` and
    `prompt` bias the recogniser and must never hold a phrase that a rule forbids: on unclear sound
    they are printed as if said. `nobody`: stretches (seconds of the recording) in which nobody of
    this channel speaks, whatever is heard there.
    """

    key: str
    channel: int
    samples: Samples
    start: Seconds = 0.0
    hotwords: str | None = None
    prompt: str | None = None
    nobody: tuple[tuple[Seconds, Seconds], ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelText:
    """What was said on one channel: words in order, in seconds of the recording.

    `languages`: the language (ISO 639-1) and the seconds of each window of speech; empty where the
    engine does not say.
    `timed`: the times of its words are the recogniser's own; False where they are spread evenly
    over the speech, because it gave none.
    """

    key: str
    channel: int
    words: tuple[Word, ...]
    removed: tuple[Removed, ...] = ()
    languages: tuple[tuple[str, Seconds], ...] = ()
    timed: bool = True


class Engine(Protocol):
    """A speech recogniser. It may batch windows across channels and recordings."""

    @property
    def info(self) -> EngineInfo:
        """Name, model, revision and device, for the provenance of a transcript."""

    def transcribe(self, channels: Iterable[ChannelAudio]) -> Iterator[ChannelText]:
        """One ChannelText per ChannelAudio, in the same order; pulls its input lazily."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Plain values an engine is made from; `workers` calls may run at once, in threads."""

    model: str
    models_dir: str
    device: str = "auto"
    compute_type: str = "auto"
    beam_size: int = 5
    batch_size: int = 8
    language: str = "zh"
    workers: int = 1
    threads: int = 1
