"""Whose voice is heard when, and who said which word: smoothed, with what speaks against it.

The cosine to each voice is the evidence; Viterbi's path through it changes the voice only where the
evidence outweighs the price, which is lower in a pause and after a punctuation mark. So no turn
mixes two people, and no single word flips without reason. Two who speak at once in one channel are
not told apart: one of them gets the words, with low confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from pipeline.diarization.clusters import Groups, Labels
from pipeline.diarization.embedding import Vectors
from pipeline.domain import Seconds, Word

Spans = NDArray[np.float64]

PRICE, PRICE_IN_PAUSE = 0.2, 0.1  # of changing the voice, in cosines
PAUSE: Seconds = 0.05
STRANGER = 0.3  # the cosine that a voice which is none of the known ones reaches
STEEP = 0.06  # a lead of so many cosines gives a confidence of 0.46, three times it 0.91
SHORTEST_WORD: Seconds = 0.1  # recognisers give some words less, or none
SAME_TURN: Seconds = 0.5
MARKS = tuple("，。！？、；：…,.!?;:")


@dataclass(frozen=True, slots=True)
class SpokenBy:
    """Who said a word: 0, 1, 2 in order of first speech; `confidence` from 0 (a guess) to 1."""

    speaker: int
    confidence: float


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """A stretch in which one voice is heard."""

    start: Seconds
    end: Seconds
    speaker: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices of one channel.

    `count`: 0 (no speech) to 3. `confidence` 0 to 1: how surely there are so many and they are told
    apart; for one voice at most 0.45, since two alike voices sound like one. `places` (n, 2) in
    seconds of the recording, `cosines` (n, count) of each to each voice, `labels` (n,).
    """

    count: int
    confidence: float
    places: Spans
    cosines: Vectors
    labels: Labels

    def spans(self) -> list[SpeakerSpan]:
        """Who speaks when, in order; pauses of one voice under half a second are part of it."""
        found: list[SpeakerSpan] = []
        leads = _leads(self.cosines, self.labels)
        start = 0
        for at in range(1, len(self.labels) + 1):
            if at < len(self.labels) and self.labels[at] == self.labels[start] and self._joins(at):
                continue
            sure = round(self.confidence * _sure(float(leads[start:at].mean())), 2)
            first, last = float(self.places[start, 0]), float(self.places[at - 1, 1])
            found.append(SpeakerSpan(first, last, int(self.labels[start]), sure))
            start = at
        return found

    def _joins(self, at: int) -> bool:
        return bool(self.places[at, 0] - self.places[at - 1, 1] < SAME_TURN)

    def of_words(self, words: Sequence[Word]) -> list[SpokenBy]:
        """Who said each word, in the order given; `words` are those of this channel, in order.

        A word where no speech was found goes with its neighbours, with confidence 0.
        """
        if not self.count or not words:
            return [SpokenBy(0, 0.0) for _ in words]
        heard = [self._heard(word) for word in words]
        amounts = np.array([amount for amount, _ in heard])
        cosines = np.stack([cosine for _, cosine in heard])
        prices = np.full(len(words), PRICE)
        for at in range(1, len(words)):
            pause = words[at].start - words[at - 1].end > PAUSE
            if pause or words[at - 1].text.rstrip().endswith(MARKS):
                prices[at] = PRICE_IN_PAUSE
        labels = smoothed(amounts[:, None] * cosines, prices)
        leads = _leads(cosines, labels)
        return [
            SpokenBy(int(label), round(self.confidence * _sure(float(lead)), 2))
            for label, lead in zip(labels, leads, strict=True)
        ]

    def _heard(self, word: Word) -> tuple[float, Vectors]:
        """How much speech there is while a word is said, in places, and its mean cosines."""
        starts, ends = self.places.T
        until = max(word.end, word.start + SHORTEST_WORD)
        first = int(np.searchsorted(ends, word.start, side="right"))
        last = int(np.searchsorted(starts, until, side="left"))
        if last <= first:
            return 0.0, np.zeros(self.count, np.float32)
        inside = np.minimum(ends[first:last], until) - np.maximum(starts[first:last], word.start)
        shares = inside / (ends[first:last] - starts[first:last])
        amount = float(shares.sum())
        return amount, np.asarray(shares @ self.cosines[first:last] / amount, np.float32)


def follow(places: Spans, vectors: Vectors, groups: Groups) -> Voices:
    """The voice of every place (n, 2): evidence from its vector (n, 192), smoothed over time."""
    if not len(places):
        return Voices(0, 0.0, places, np.zeros((0, 0), np.float32), np.zeros(0, np.int64))
    cosines = vectors @ groups.centroids.T
    gaps = places[1:, 0] - places[:-1, 1]
    prices = np.concatenate([[0.0], np.where(gaps > PAUSE, PRICE_IN_PAUSE, PRICE)])
    labels = smoothed(cosines, prices)
    order = [int(label) for label in dict.fromkeys(labels.tolist())]
    order += [label for label in range(groups.count) if label not in order]
    renamed = np.argsort(order)[labels]
    return Voices(groups.count, groups.confidence, places, cosines[:, order], renamed)


def smoothed(evidence: Vectors, prices: NDArray[np.float64]) -> Labels:
    """The path (n,) through `evidence` (n, voices) that is worth most; changing costs `prices`."""
    count = evidence.shape[1]
    change = 1.0 - np.eye(count)
    worth = evidence[0].astype(np.float64)
    came_from = np.zeros((len(evidence), count), np.int64)
    for at in range(1, len(evidence)):
        ways = worth[:, None] - prices[at] * change
        came_from[at] = ways.argmax(axis=0)
        worth = ways.max(axis=0) + evidence[at]
    labels = np.zeros(len(evidence), np.int64)
    labels[-1] = worth.argmax()
    for at in range(len(evidence) - 1, 0, -1):
        labels[at - 1] = came_from[at, labels[at]]
    return labels


def _leads(cosines: Vectors, labels: Labels) -> NDArray[np.float64]:
    """How far the chosen voice lies before the best other one, or before a stranger; (n,)."""
    rows = np.arange(len(labels))
    others = np.pad(cosines, ((0, 0), (0, 1)), constant_values=STRANGER)
    chosen = cosines[rows, labels]
    others[rows, labels] = -1.0
    return np.asarray(chosen - others.max(axis=1), np.float64)


def _sure(lead: float) -> float:
    """From a lead in cosines to 0 (a guess) to 1."""
    return max(2.0 / (1.0 + exp(-lead / STEEP)) - 1.0, 0.0)
