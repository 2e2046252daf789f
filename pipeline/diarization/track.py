"""One channel of a recording, listened to for its voices while it is decoded.

Samples are forgotten at once: of every quarter of a second of speech its place and 192 values stay,
66 MB for six hours in which somebody always speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import RATE, Samples
from pipeline.diarization.clusters import group
from pipeline.diarization.embedding import SIZE, SpeakerModel, Vectors
from pipeline.diarization.voices import Spans, Voices, follow
from pipeline.domain import Seconds

HOP: Seconds = 0.25
WINDOW: Seconds = 0.8
CLEAR: Seconds = 0.6  # of a window: less speech than this sounds like nobody
LONGEST: Seconds = 10.0
SHORTEST: Seconds = 0.12
MIN_SILENCE_MS = 100  # a turn is often taken in a pause as short as this
PADDING_MS = 30


class SpeakerTrack:
    """`add` the samples (n,) of one channel at 16 kHz in order, then `finish` once.

    A portion is heard by itself, so it should end in a quiet place, as the decoder's blocks do.

        model = SpeakerModel(settings.models_dir)          # once; threads may share it
        track = SpeakerTrack(model)
        for block in Decoder(path).blocks():
            track.add(block.samples[0])
        voices = track.finish()                            # voices.count, voices.confidence
        for word, by in zip(words, voices.of_words(words), strict=True):
            print(word.text, by.speaker, by.confidence)    # 0, 1, 2 in order of first speech
    """

    def __init__(self, model: SpeakerModel) -> None:
        self._model = model
        self._heard = 0
        self._spans: list[Spans] = []
        self._vectors: list[Vectors] = []
        self._clear: list[NDArray[np.bool_]] = []

    def add(self, samples: Samples) -> None:
        """The next stretch: find speech in it and keep how it sounds."""
        start = self._heard / RATE
        for first, last in _pieces(samples):
            length = (last - first) / RATE
            count = max(round(length / HOP), 1)
            edges = np.linspace(0.0, length, count + 1)
            middles = (edges[:-1] + edges[1:]) / 2
            starts = np.maximum(middles - WINDOW / 2, 0.0)
            ends = np.minimum(middles + WINDOW / 2, length)
            windows = list(zip(starts.tolist(), ends.tolist(), strict=True))
            self._vectors.append(self._model.embed(samples[first:last], windows))
            self._clear.append(ends - starts >= CLEAR)
            at = start + first / RATE
            self._spans.append(np.stack([at + edges[:-1], at + edges[1:]], axis=1))
        self._heard += samples.size

    def finish(self, count: int | None = None) -> Voices:
        """Whose voice is heard when. `count` tells how many people speak; None: find out.

        Voices are told apart by stretches of speech that are long enough; each of the others then
        goes to the one it sounds like.
        """
        spans = np.concatenate([np.zeros((0, 2)), *self._spans])
        vectors = np.concatenate([np.zeros((0, SIZE), np.float32), *self._vectors])
        clear = np.concatenate([np.zeros(0, np.bool_), *self._clear])
        chosen = vectors[clear] if clear.any() else vectors
        return follow(spans, vectors, group(chosen, HOP, count))


def _pieces(samples: Samples) -> Iterator[tuple[int, int]]:
    """Speech without pauses in it, first and last sample; long stretches in equal parts."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=MIN_SILENCE_MS, speech_pad_ms=PADDING_MS)
    for found in get_speech_timestamps(samples, options):
        first, last = int(found["start"]), int(found["end"])
        parts = int(np.ceil((last - first) / (LONGEST * RATE)))
        edges = np.linspace(first, last, parts + 1).astype(int)
        for begin, end in pairwise(edges):
            if end - begin >= SHORTEST * RATE:
                yield int(begin), int(end)
