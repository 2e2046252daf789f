"""Who said which word: evidence, smoothing, confidence."""

from __future__ import annotations

import numpy as np

from pipeline.diarization.clusters import Groups
from pipeline.diarization.embedding import SIZE
from pipeline.diarization.voices import SpeakerSpan, SpokenBy, Voices, follow
from pipeline.domain import Word

HOP = 0.25
A, B, SHORT_OF_B = (0.8, 0.1), (0.1, 0.8), (0.35, 0.4)


def heard(*evidence: tuple[float, float], confidence: float = 1.0, gap_after: int = 0) -> Voices:
    """Two voices with these cosines in places of a quarter of a second; a pause after some."""
    starts = HOP * np.arange(len(evidence)) + 1.0
    starts[gap_after:] += 0.3 if gap_after else 0.0
    places = np.stack([starts, starts + HOP], axis=1)
    centroids = np.eye(2, SIZE, dtype=np.float32)
    vectors = np.zeros((len(evidence), SIZE), np.float32)
    vectors[:, :2] = evidence
    return follow(places, vectors, Groups(np.zeros(0, np.int64), centroids, confidence))


def words(*texts: str, start: float = 1.0, length: float = HOP) -> list[Word]:
    return [
        Word(text, start + length * n, start + length * (n + 1), 1.0)
        for n, text in enumerate(texts)
    ]


def speakers(found: list[SpokenBy]) -> str:
    return "".join(str(by.speaker) for by in found)


def test_words_go_to_the_voice_that_is_heard_in_them() -> None:
    voices = heard(A, A, A, B, B, B)
    found = voices.of_words(words(*"您好吗我很好"))
    assert speakers(found) == "000111"
    assert all(by.confidence > 0.9 for by in found)


def test_voices_are_numbered_in_order_of_first_speech() -> None:
    assert heard(B, B, A, A).labels.tolist() == [0, 0, 1, 1]


def test_a_single_word_does_not_flip_without_evidence() -> None:
    found = heard(A, A, SHORT_OF_B, A, A).of_words(words(*"一二三四五"))
    assert speakers(found) == "00000"
    assert found[2].confidence == 0.0
    assert found[1].confidence > 0.9


def test_a_pause_or_a_mark_lets_the_voice_change_more_easily() -> None:
    weak = (0.3, 0.45)
    assert speakers(heard(A, A, weak).of_words(words("好", "的", "嗯"))) == "000"
    assert speakers(heard(A, A, weak).of_words(words("好", "的。", "嗯"))) == "001"
    paused = [*words("好", "的"), Word("嗯", 1.8, 2.05, 1.0)]
    assert speakers(heard(A, A, weak, gap_after=2).of_words(paused)) == "001"


def test_a_word_in_silence_goes_with_its_neighbours_and_is_a_guess() -> None:
    late = Word("了", 4.0, 4.2, 1.0)
    assert heard(B, B).of_words([*words("好", "的"), late])[-1] == SpokenBy(0, 0.0)


def test_a_word_without_length_is_heard_where_it_is() -> None:
    found = heard(A, B, B).of_words([Word("啊", 1.0, 1.0, 1.0), Word("嗯", 1.5, 1.5, 1.0)])
    assert speakers(found) == "01"
    assert all(by.confidence > 0.9 for by in found)


def test_a_voice_like_neither_is_given_without_confidence() -> None:
    stranger = (0.25, 0.05)
    assert heard(A, A, stranger, stranger).of_words(words(*"一二三四"))[-1].confidence == 0.0


def test_confidence_is_never_more_than_that_of_the_call() -> None:
    found = heard(A, A, B, B, confidence=0.4).of_words(words(*"一二三四"))
    assert all(0.35 < by.confidence <= 0.4 for by in found)


def test_spans_join_over_short_pauses_and_end_where_the_voice_changes() -> None:
    found = heard(A, A, B, B, gap_after=1).spans()
    assert [(span.start, span.end, span.speaker) for span in found] == [
        (1.0, 1.8, 0),
        (1.8, 2.3, 1),
    ]
    assert isinstance(found[0], SpeakerSpan)
    assert found[0].confidence > 0.9


def test_without_speech_there_is_nobody() -> None:
    nobody = follow(
        np.zeros((0, 2)),
        np.zeros((0, SIZE), np.float32),
        Groups(np.zeros(0, np.int64), np.zeros((0, SIZE), np.float32), 0.0),
    )
    assert (nobody.count, nobody.confidence, nobody.spans()) == (0, 0.0, [])
    assert nobody.of_words(words("喂")) == [SpokenBy(0, 0.0)]
    assert heard(A, B).of_words([]) == []
