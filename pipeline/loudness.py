"""How loud people speak: the power of every 50 ms, kept while a recording is decoded.

The transcript is there long after the samples are gone, so the powers of a channel are kept (1.7 MB
for six hours) and the level of a segment is read from them. A level is an RMS in dBFS: 0 is digital
full scale, and a sine that just fills it has -3.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import ceil, log10

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import RATE, Samples
from pipeline.domain import Seconds, Segment, Transcript

BLOCK: Seconds = 0.05
SIZE = int(BLOCK * RATE)
# Two gates, as in EBU Tech 3342: what lies under them is a pause, not quiet speech.
SILENT_DB = -70.0
PAUSE_DB = 20.0


class LevelTrack:
    """One channel of a recording; `add` its samples (n,) in order, at 16 kHz, in any portions."""

    def __init__(self) -> None:
        self._powers: list[NDArray[np.float32]] = []
        self._rest: Samples = np.zeros(0, np.float32)

    def add(self, samples: Samples) -> None:
        """The next stretch; less than one block waits for the stretch after it."""
        samples = np.concatenate([self._rest, samples])
        whole = samples.size // SIZE * SIZE
        blocks = samples[:whole].reshape(-1, SIZE)
        self._powers.append(np.einsum("ij,ij->i", blocks, blocks) / SIZE)
        self._rest = samples[whole:].copy()  # a view would keep the whole stretch alive

    @property
    def powers(self) -> NDArray[np.float32]:
        """Mean square of each block; shape (blocks,)."""
        if len(self._powers) != 1:
            self._powers = [np.concatenate([np.zeros(0, np.float32), *self._powers])]
        return self._powers[0]

    def level(self, spans: Iterable[tuple[Seconds, Seconds]]) -> float | None:
        """Mean level in dBFS of what is heard in some stretches; None when they are silent.

        Blocks under -70 dBFS, and blocks more than 20 dB under the mean of the others, are pauses
        and do not count: a turn with a pause in it is as loud as without.
        """
        places = [np.arange(int(start / BLOCK), ceil(end / BLOCK)) for start, end in spans]
        wanted = np.unique(np.concatenate(places)) if places else np.zeros(0, np.int64)
        heard = self.powers[wanted[wanted < self.powers.size]].astype(np.float64)
        heard = heard[heard > 10 ** (SILENT_DB / 10)]
        if not heard.size:
            return None
        speech = heard[heard > heard.mean() / 10 ** (PAUSE_DB / 10)]
        return round(10 * log10(speech.mean()), 1)


def with_levels(transcript: Transcript, tracks: Mapping[int, LevelTrack]) -> Transcript:
    """The transcript with the level of every segment on its own channel, and the capability."""
    segments = tuple(replace(s, level=_level(s, tracks)) for s in transcript.segments)
    if all(segment.level is None for segment in segments):
        return transcript
    capabilities = transcript.capabilities | {"loudness"}
    return replace(transcript, segments=segments, capabilities=capabilities)


def _level(segment: Segment, tracks: Mapping[int, LevelTrack]) -> float | None:
    """By the times of the words: what lies between them is not speech of this segment."""
    track = None if segment.channel is None else tracks.get(segment.channel)
    if track is None or segment.start is None or segment.end is None:
        return None
    spans = [(word.start, word.end) for word in segment.words]
    return track.level(spans or [(segment.start, segment.end)])
