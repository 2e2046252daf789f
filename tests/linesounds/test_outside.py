"""Words that were recognised where only the line sounds."""

from __future__ import annotations

import numpy as np

from pipeline.domain import Removed, Word
from pipeline.linesounds import mute, words_outside


def word(start: float, text: str = "好", confidence: float = 0.9) -> Word:
    return Word(text, start, start + 0.3, confidence)


def test_words_inside_a_sure_sound_are_taken_out_and_counted() -> None:
    words = (word(1.0), word(5.0, "再见"), word(5.4, "再见"), word(9.0))
    kept, removed = words_outside(words, [(4.0, 8.0)], [], 1)
    assert kept == (words[0], words[3])
    assert removed == (Removed("line_sound", 5.0, 5.7, 1, 4),)


def test_what_is_said_over_music_stays_unless_the_recogniser_doubts_it() -> None:
    spoken = (word(5.0, "请您"), word(5.4, "稍等", 0.4))
    invented = (word(9.0, "谢谢", 0.3), word(9.5, "大家", 0.6))
    kept, removed = words_outside((*spoken, *invented), [], [(4.0, 12.0)], 0)
    assert kept == spoken
    assert removed == (Removed("line_sound", 9.0, 9.8, 0, 4),)


def test_word_times_are_not_exact_so_edges_and_short_sounds_take_nothing() -> None:
    words = (word(3.8), word(7.9))
    assert words_outside(words, [(4.0, 8.0)], [], 0) == (words, ())
    assert words_outside((word(4.1),), [(4.0, 5.0)], [], 0) == ((word(4.1),), ())


def test_muting_takes_the_place_of_the_samples_into_account() -> None:
    muted = mute(np.ones(16_000, np.float32), 10.0, [(9.0, 10.25), (10.5, 10.75), (20, 21)])
    assert [float(muted[at]) for at in (0, 3_999, 4_000, 7_999, 8_000, 12_000)] == [
        0, 0, 1, 1, 0, 1,
    ]  # fmt: skip
