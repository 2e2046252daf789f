"""When somebody speaks, when nobody does, and how fast: from the times of the transcript."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pipeline.domain import LineSound, Overlap, Role, Seconds, Segment, Silence, SoundKind
from pipeline.text import spoken_length

SHORTEST_SILENCE: Seconds = 1.0
SHORTEST_OVERLAP: Seconds = 0.2
SHORTEST_PAUSE: Seconds = 0.25
LEAST_SPEECH: Seconds = 1.0  # a rate over less speech than this is noise

Speech = tuple[Seconds, Seconds, int]  # start, end, index of the segment


def speech_of(segments: Sequence[Segment]) -> Iterator[Speech]:
    """When somebody speaks: by words where they are timed, so that a pause inside counts."""
    for index, segment in enumerate(segments):
        if segment.words:
            for word in segment.words:
                yield word.start, word.end, index
        elif segment.start is not None and segment.end is not None:
            yield segment.start, segment.end, index


def silences_of(
    speech: Sequence[Speech], sounds: Sequence[LineSound], duration: Seconds | None
) -> Iterator[Silence]:
    """Stretches of a second and longer in which neither a person nor the line itself is heard."""
    clock: Seconds = 0.0
    after: int | None = None
    heard = [*speech, *((sound.start, sound.end, None) for sound in sounds)]
    for start, end, index in sorted(heard, key=lambda item: item[:2]):
        if start - clock >= SHORTEST_SILENCE:
            yield Silence(clock, start, after)
        if end > clock:
            clock = end
            after = after if index is None else index
    if duration is not None and duration - clock >= SHORTEST_SILENCE:
        yield Silence(clock, duration, after)


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
    for start, end, index in sorted(timed):
        open_ = [other for other in open_ if other[1] - start >= SHORTEST_OVERLAP]
        for _, other_end, other in open_:
            both_end = min(end, other_end)
            if both_end - start >= SHORTEST_OVERLAP and _differ(segments[index], segments[other]):
                yield Overlap(start, both_end, by=index, over=other)
        open_.append((start, end, index))


def _differ(one: Segment, other: Segment) -> bool:
    if one.channel is not None and other.channel is not None:
        return one.channel != other.channel
    return one.role is not other.role


def seconds_of(segments: Iterable[Segment]) -> Seconds:
    """From the beginning to the end of each of some segments, added up."""
    return sum(s.end - s.start for s in segments if s.start is not None and s.end is not None)


def rate_of(segments: Iterable[Segment], role: Role) -> float | None:
    """Characters per minute of speech of one side; None when it says too little to measure."""
    timed = [s for s in segments if s.role is role and s.start is not None and s.end is not None]
    seconds = seconds_of(timed)
    if seconds < LEAST_SPEECH:
        return None
    return sum(spoken_length(s.text) for s in timed) * 60 / seconds


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


def articulation_of(segments: Iterable[Segment]) -> float | None:
    """Characters per minute of speech, pauses left out; None where that is not known of all."""
    characters, seconds = 0, 0.0
    for segment in segments:
        found = spoken(segment)
        if found is None:
            return None
        characters += spoken_length(segment.text)
        seconds += found[0]
    return characters * 60 / seconds if seconds >= LEAST_SPEECH else None
