"""Measures of a call that come from its times alone: silence, overlap, rate of speech.

`measure` never guesses: what the transcript cannot carry (a chat, missing times, unknown roles) is
None or empty, and the rules then say `unsure` or `not_applicable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.domain import (
    CallMetrics,
    Medium,
    Overlap,
    Role,
    Seconds,
    Segment,
    Silence,
    SoundKind,
    Transcript,
)
from pipeline.text import spoken_length

SHORTEST_SILENCE: Seconds = 1.0
SHORTEST_OVERLAP: Seconds = 0.2
LEAST_SPEECH: Seconds = 1.0  # a rate over less speech than this is noise

Speech = tuple[Seconds, Seconds, int]  # start, end, index of the segment
Stretch = tuple[Seconds, Seconds]


def measure(transcript: Transcript) -> CallMetrics:
    """Silences, overlaps, rates and shares of one call, in seconds and characters per minute."""
    segments = transcript.segments
    turns, characters = len(segments), sum(spoken_length(s.text) for s in segments)
    speech = [] if transcript.info.medium is Medium.CHAT else sorted(_speech(segments))
    hold = _hold(speech, transcript) if transcript.audio else None
    if not speech:
        return CallMetrics(turns, characters, transcript.duration, hold_seconds=hold)
    last = max(end for _, end, _ in speech)
    lines = [(sound.start, sound.end) for sound in transcript.sounds]
    silences = tuple(_silences(speech, lines, transcript.duration))
    seconds = {role: _seconds_of(segments, role) for role in Role}
    roles = "roles" in transcript.capabilities
    both = seconds[Role.AGENT] + seconds[Role.CUSTOMER]
    return CallMetrics(
        turns=turns,
        characters=characters,
        duration=transcript.duration,
        agent_rate=_rate(segments, Role.AGENT) if roles else None,
        customer_rate=_rate(segments, Role.CUSTOMER) if roles else None,
        agent_share=seconds[Role.AGENT] / both if roles and both > 0 else None,
        silence_total=sum(s.duration for s in silences),
        silence_longest=max((s.duration for s in silences), default=0.0),
        hangup_lag=None if transcript.duration is None else max(transcript.duration - last, 0.0),
        hold_seconds=hold,
        silences=silences,
        overlaps=tuple(_overlaps(segments)) if "overlap" in transcript.capabilities else (),
    )


def _speech(segments: Sequence[Segment]) -> Iterator[Speech]:
    """When somebody speaks: by words where they are timed, so that a pause inside counts."""
    for index, segment in enumerate(segments):
        if segment.words:
            for word in segment.words:
                yield word.start, word.end, index
        elif segment.start is not None and segment.end is not None:
            yield segment.start, segment.end, index


def _silences(
    speech: Sequence[Speech], lines: Sequence[Stretch], duration: Seconds | None
) -> Iterator[Silence]:
    """Where neither a person nor the line itself is heard."""
    clock: Seconds = 0.0
    after: int | None = None
    heard = [*speech, *((start, end, None) for start, end in lines)]
    for start, end, index in sorted(heard, key=lambda item: item[:2]):
        if start - clock >= SHORTEST_SILENCE:
            yield Silence(clock, start, after)
        if end > clock:
            clock = end
            after = after if index is None else index
    if duration is not None and duration - clock >= SHORTEST_SILENCE:
        yield Silence(clock, duration, after)


def _hold(speech: Sequence[Speech], transcript: Transcript) -> Seconds:
    """How long music is heard, on whichever side, while nobody speaks."""
    music = [s for s in transcript.sounds if s.kind is SoundKind.MUSIC]
    spoken = [(start, end) for start, end, _ in speech]
    both = _length([*((s.start, s.end) for s in music), *spoken])
    return round(both - _length(spoken), 3)


def _length(stretches: Iterable[Stretch]) -> Seconds:
    """Seconds that are covered by at least one."""
    total, clock = 0.0, 0.0
    for start, end in sorted(stretches):
        total += max(end - max(start, clock), 0.0)
        clock = max(clock, end)
    return total


def _overlaps(segments: Sequence[Segment]) -> Iterator[Overlap]:
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


def _seconds_of(segments: Sequence[Segment], role: Role) -> Seconds:
    return sum(
        segment.end - segment.start
        for segment in segments
        if segment.role is role and segment.start is not None and segment.end is not None
    )


def _rate(segments: Sequence[Segment], role: Role) -> float | None:
    """Characters per minute of speech of one side; None when it says too little to measure."""
    timed = [s for s in segments if s.role is role and s.start is not None and s.end is not None]
    seconds = _seconds_of(timed, role)
    if seconds < LEAST_SPEECH:
        return None
    return sum(spoken_length(s.text) for s in timed) * 60 / seconds
