"""When somebody speaks, when nobody does, and how fast: from the times of the transcript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.domain import LineSound, Overlap, Seconds, Segment, SoundKind

SHORTEST_SILENCE: Seconds = 1.0
SHORTEST_OVERLAP: Seconds = 0.2
SHORTEST_PAUSE: Seconds = 0.25
LEAST_SPEECH: Seconds = 1.0  # a rate over less speech than this is noise

Speech = tuple[Seconds, Seconds, int]  # start, end, index of the segment
Gap = tuple[Seconds, Seconds, int | None]  # start, end, index of the segment before it


def speech_of(segments: Sequence[Segment]) -> list[Speech]:
    """When somebody speaks, in order: by words where they are timed, so a pause inside counts."""
    speech: list[Speech] = []
    for index, segment in enumerate(segments):
        if segment.words:
            speech += [(word.start, word.end, index) for word in segment.words]
        elif segment.start is not None and segment.end is not None:
            speech.append((segment.start, segment.end, index))
    speech.sort()
    return speech


def gaps_of(
    speech: Sequence[Speech], sounds: Sequence[LineSound], duration: Seconds | None
) -> list[Gap]:
    """Stretches of a second and longer in which neither a person nor the line itself is heard.

    `speech` in order.
    """
    gaps: list[Gap] = []
    clock: Seconds = 0.0
    after: int | None = None
    heard: Iterable[tuple[Seconds, Seconds, int | None]] = speech
    if sounds:
        both = [*speech, *((sound.start, sound.end, None) for sound in sounds)]
        heard = sorted(both, key=lambda item: item[:2])
    for start, end, index in heard:
        if start - clock >= SHORTEST_SILENCE:
            gaps.append((clock, start, after))
        if end > clock:
            clock = end
            after = after if index is None else index
    if duration is not None and duration - clock >= SHORTEST_SILENCE:
        gaps.append((clock, duration, after))
    return gaps


def music_of(speech: Sequence[Speech], sounds: Sequence[LineSound]) -> Seconds:
    """How long music is heard, on whichever side, while nobody speaks."""
    music = [(s.start, s.end) for s in sounds if s.kind is SoundKind.MUSIC]
    spoken = [(start, end) for start, end, _ in speech]
    return round(_length([*music, *spoken]) - _length(spoken), 3)


def _length(stretches: Iterable[tuple[Seconds, Seconds]]) -> Seconds:
    """Seconds that are covered by at least one."""
    total, clock = 0.0, 0.0
    for start, end in sorted(stretches):
        total += max(end - max(start, clock), 0.0)
        clock = max(clock, end)
    return total


def overlaps_of(segments: Sequence[Segment]) -> Iterator[Overlap]:
    """Stretches in which two different speakers are heard, in order of time."""
    timed = [
        (segment.start, segment.end, index)
        for index, segment in enumerate(segments)
        if segment.start is not None and segment.end is not None
    ]
    open_: list[Speech] = []
    latest: Seconds = 0.0  # end of those that are open
    for start, end, index in sorted(timed):
        if latest - start < SHORTEST_OVERLAP:
            open_, latest = [(start, end, index)], end
            continue
        open_ = [other for other in open_ if other[1] - start >= SHORTEST_OVERLAP]
        for _, other_end, other in open_:
            both_end = min(end, other_end)
            if both_end - start >= SHORTEST_OVERLAP and _differ(segments[index], segments[other]):
                yield Overlap(start, both_end, by=index, over=other)
        open_.append((start, end, index))
        latest = max(latest, end)


def _differ(one: Segment, other: Segment) -> bool:
    if one.channel is not None and other.channel is not None:
        return one.channel != other.channel
    return one.role is not other.role


def seconds_of(segments: Iterable[Segment]) -> Seconds:
    """From the beginning to the end of each of some segments, added up."""
    return sum([s.end - s.start for s in segments if s.start is not None and s.end is not None])


def spoken_by(
    segments: Iterable[Segment],
) -> list[tuple[Seconds, tuple[Seconds, ...]]] | None:
    """What is `spoken` of each of some segments; None where it is not known of all."""
    found = []
    for segment in segments:
        own = spoken(segment)
        if own is None:
            return None
        found.append(own)
    return found


def spoken(segment: Segment) -> tuple[Seconds, tuple[Seconds, ...]] | None:
    """Seconds of speech without pauses, and the pauses of 0.25 s and longer.

    From the sound where it was heard, else from the gaps between words; None where there are
    neither. Of the sound's pauses only the longest is known.
    """
    voice = segment.voice
    if voice is not None and voice.speech is not None:
        longest = voice.longest_pause or 0.0
        return voice.speech, (longest,) * (voice.pauses or 0)
    if not segment.words:
        return None
    words = sorted((word.start, word.end) for word in segment.words)
    gaps = tuple(later[0] - earlier[1] for earlier, later in pairwise(words))
    pauses = tuple(round(gap, 2) for gap in gaps if gap >= SHORTEST_PAUSE)
    return max(end for _, end in words) - words[0][0] - sum(pauses), pauses
