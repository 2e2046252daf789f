"""How many voices there are, in vectors whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.diarization.clusters import ENOUGH_VECTORS, group
from pipeline.diarization.embedding import SIZE, Vectors

HOP = 0.25


def voices(*counts: int, alike: float = 0.2, noise: float = 0.7, seed: int = 1) -> Vectors:
    """Unit vectors around centres whose cosine is `alike`, so many of each."""
    chance = np.random.default_rng(seed)
    own = np.linalg.qr(chance.normal(size=(SIZE, len(counts) + 1)))[0].T
    centres = np.sqrt(alike) * own[0] + np.sqrt(1 - alike) * own[1:]
    drawn = chance.normal(scale=noise / np.sqrt(SIZE), size=(sum(counts), SIZE))
    vectors = np.repeat(centres, counts, axis=0) + drawn
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("counts", [(80, 80), (300, 20), (100, 60, 40)])
def test_different_voices_are_told_apart_and_surely(counts: tuple[int, ...]) -> None:
    found = group(voices(*counts), HOP)
    assert (found.count, found.confidence) == (len(counts), 1.0)
    assert sorted(np.bincount(found.labels)) == sorted(counts)
    truth = np.repeat(np.arange(len(counts)), counts)
    assert len(set(zip(truth.tolist(), found.labels.tolist(), strict=True))) == len(counts)


@pytest.mark.parametrize("seconds", [2, 10, 60])
def test_one_voice_is_one_and_never_quite_sure(seconds: int) -> None:
    found = group(voices(4 * seconds), HOP)
    assert found.count == 1
    assert found.confidence < 0.5, "two alike voices would sound the same"


def test_voices_that_are_too_alike_are_not_told_apart_unless_their_number_is_told() -> None:
    vectors = voices(100, 100, alike=0.9, noise=0.4)
    assert group(vectors, HOP).count == 1
    told = group(vectors, HOP, count=2)
    assert (told.count, told.confidence) == (2, 0.0)
    assert np.bincount(told.labels).tolist() == [100, 100]


def test_between_one_and_two_it_is_unsure() -> None:
    sure = [group(voices(100, 100, alike=a, noise=0.4), HOP).confidence for a in (0.5, 0.75)]
    assert sure[0] == 1.0
    assert 0.0 < sure[1] < 1.0


def test_a_second_voice_of_a_second_is_no_voice_of_its_own() -> None:
    assert group(voices(200, 4), HOP).count == 1


def test_a_third_voice_that_is_nearly_one_of_two_makes_two_less_sure() -> None:
    chance = voices(200, 100, 100, alike=0.75, noise=0.3)
    far = voices(200, seed=2)
    found = group(np.concatenate([chance[200:], far]), HOP)
    assert found.count == 2
    assert found.confidence < 0.5


def test_no_speech_has_no_voice_and_a_little_is_unsure() -> None:
    assert group(voices(1)[:0], HOP).count == 0
    assert (group(voices(1), HOP).count, group(voices(1), HOP).confidence) == (1, 0.01)


def test_hours_are_thinned_out_and_the_same_is_found_every_time() -> None:
    vectors = voices(ENOUGH_VECTORS, ENOUGH_VECTORS // 2)
    first, second = group(vectors, HOP), group(vectors, HOP)
    assert first.count == 2
    assert len(first.labels) <= ENOUGH_VECTORS
    assert np.array_equal(first.centroids, second.centroids)
