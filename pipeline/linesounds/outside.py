"""Nothing is recognised where only the line sounds: it is muted, invented words are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.audio import RATE, Samples
from pipeline.domain import Removed, Seconds, Word

REASON = "line_sound"
# A recogniser's word times are a quarter of a second off: only a long stretch is sure to hold a
# whole word, and only its middle.
LONG: Seconds = 1.5
EDGE: Seconds = 0.25
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
    words: Sequence[Word], nobody: Iterable[Stretch], channel: int
) -> tuple[tuple[Word, ...], tuple[Removed, ...]]:
    """The words that somebody may have said, and what was invented where surely nobody speaks."""
    long = [(a + EDGE, b - EDGE) for a, b in nobody if b - a >= LONG]
    kept: list[Word] = []
    removed: list[Removed] = []
    for word in words:
        middle = (word.start + word.end) / 2
        place = next(((a, b) for a, b in long if a <= middle <= b), None)
        if place is None:
            kept.append(word)
            continue
        last = removed[-1] if removed else None
        count = len(word.text.strip())
        if last is not None and place[0] <= last.start and last.end <= place[1] + EDGE:
            removed[-1] = Removed(
                REASON, last.start, max(last.end, word.end), channel, last.characters + count
            )
        else:
            removed.append(Removed(REASON, word.start, word.end, channel, count))
    return tuple(kept), tuple(removed)
