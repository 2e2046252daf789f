"""Nothing is recognised where only the line sounds: it is muted, invented words are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.audio import RATE, Samples
from pipeline.domain import Removed, Seconds, Word, mean_confidence

REASON = "line_sound"
# A recogniser's word times are a quarter of a second off: only a long stretch is sure to hold a
# whole word, and only its middle.
LONG: Seconds = 1.5
EDGE: Seconds = 0.25
PAUSE: Seconds = 0.5  # between phrases
DOUBTED = 0.5  # mean confidence under which a phrase in music counts as invented
Stretch = tuple[Seconds, Seconds]


def mute(samples: Samples, start: Seconds, nobody: Iterable[Stretch]) -> Samples:
    """The samples (n,), the first of which is heard at `start`, silent in these stretches."""
    muted = samples
    for begin, end in nobody:
        first = max(round((begin - start) * RATE), 0)
        last = min(round((end - start) * RATE), samples.size)
        if first < last:
            muted = samples.copy() if muted is samples else muted
            muted[first:last] = 0.0
    return muted


def words_outside(
    words: Sequence[Word], nobody: Iterable[Stretch], certain: Iterable[Stretch], channel: int
) -> tuple[tuple[Word, ...], tuple[Removed, ...]]:
    """The words that somebody may have said, and what was taken out.

    `nobody`: where only tones sound; nothing there was said. `certain`: where music is certain;
    there a phrase is taken for invented when the recogniser doubts it itself, so that who speaks
    over music keeps the words; one that never says how sure it is doubts nothing.
    """
    kept: list[Word] = []
    removed: list[Removed] = []
    tones, music = list(_inner(nobody)), list(_inner(certain))
    for phrase in _phrases(words):
        sure = mean_confidence(phrase)
        places = [*tones, *(music if sure is not None and sure < DOUBTED else ())]
        gone = [word for word in phrase if _within(word, places)]
        kept += [word for word in phrase if word not in gone]
        if gone:
            characters = sum(len(word.text.strip()) for word in gone)
            end = max(word.end for word in gone)
            removed.append(Removed(REASON, gone[0].start, end, channel, characters))
    return tuple(kept), tuple(removed)


def _inner(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    return ((a + EDGE, b - EDGE) for a, b in stretches if b - a >= LONG)


def _within(word: Word, places: Iterable[Stretch]) -> bool:
    middle = (word.start + word.end) / 2
    return any(start <= middle <= end for start, end in places)


def _phrases(words: Sequence[Word]) -> Iterator[list[Word]]:
    phrase: list[Word] = []
    for word in words:
        if phrase and word.start - phrase[-1].end > PAUSE:
            yield phrase
            phrase = []
        phrase.append(word)
    if phrase:
        yield phrase
