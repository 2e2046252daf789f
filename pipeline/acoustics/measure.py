"""What is measured of a call: silence, overlap, rates, replies, and each side's voice.

`measure` never guesses: what the transcript cannot carry (a chat, missing times, unknown roles, a
recording without two channels) is None or empty, and the rules then say `unsure` or
`not_applicable`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import log10
from statistics import median

from pipeline.acoustics.floor import (
    attributed,
    backchannels,
    holds,
    reached_by,
    replies,
    settled,
)
from pipeline.acoustics.times import (
    LEAST_SPEECH,
    gaps_of,
    music_of,
    overlaps_of,
    seconds_of,
    speech_of,
    spoken_by,
)
from pipeline.acoustics.tone import Usual, usual_voice
from pipeline.domain import (
    CallMetrics,
    Medium,
    Overlap,
    Role,
    Seconds,
    Segment,
    SideVoice,
    Silence,
    Tone,
    Transcript,
    Voice,
)
from pipeline.text import spoken_length

BREAKS_IN: Seconds = 0.5  # so long an overlap is no mere touch of two turns
GATE = 10.0  # LU: softer turns than this under the others do not count, as in BS.1770


def measure(transcript: Transcript) -> CallMetrics:
    """Silences, overlaps, rates and sides of one call, in seconds and characters per minute."""
    segments = transcript.segments
    turns = len(segments)
    speech = [] if transcript.info.medium is Medium.CHAT else speech_of(segments)
    hold = music_of(speech, transcript.sounds) if transcript.audio else None
    if not speech:
        return CallMetrics(turns, _spoken(segments), transcript.duration, hold_seconds=hold)
    last = max([end for _, end, _ in speech])
    signs = backchannels(segments)
    waits = found = gaps_of(speech, transcript.sounds, transcript.duration)
    if transcript.sounds:
        waits = gaps_of(speech, (), transcript.duration)
    reached = reached_by(segments)
    silences = tuple(attributed(found, segments, signs, reached))
    quiet = [end - start for start, end, _ in found]
    carried = overlaps_of(segments) if "overlap" in transcript.capabilities else ()
    overlaps = tuple(settled(carried, segments, signs))
    roles = "roles" in transcript.capabilities
    agent, customer = (_Side(transcript, role, silences, overlaps) for role in _SIDES)
    both = sum((agent.talk, customer.talk))
    answers = replies(segments, signs) if roles else {}
    return CallMetrics(
        turns=turns,
        characters=agent.characters
        + customer.characters
        + _spoken(segment for segment in segments if segment.role is Role.UNKNOWN),
        duration=transcript.duration,
        agent_rate=agent.rate() if roles else None,
        customer_rate=customer.rate() if roles else None,
        agent_share=agent.talk / both if roles and both > 0 else None,
        silence_total=sum(quiet),
        silence_longest=max(quiet, default=0.0),
        hangup_lag=None if transcript.duration is None else max(transcript.duration - last, 0.0),
        hold_seconds=hold,
        silences=silences,
        overlaps=overlaps,
        agent=agent.voice(answers[Role.AGENT]) if roles else None,
        customer=customer.voice(answers[Role.CUSTOMER]) if roles else None,
        holds=tuple(holds(waits, segments, reached, transcript.sounds)),
        tones=tuple(
            sorted((*agent.marks, *customer.marks), key=lambda mark: mark.segment) if roles else ()
        ),
    )


_SIDES = (Role.AGENT, Role.CUSTOMER)


class _Side:
    """One side of a call while it is measured."""

    def __init__(
        self,
        transcript: Transcript,
        role: Role,
        silences: Sequence[Silence],
        overlaps: Sequence[Overlap],
    ) -> None:
        self._segments, self._role = transcript.segments, role
        self._own = [s for s in transcript.segments if s.role is role]
        self._voices = [segment.voice for segment in self._own if segment.voice]
        self._silences, self._overlaps = silences, overlaps
        self._carries = transcript.capabilities
        loud = {"loudness", "roles"} <= transcript.capabilities
        self._usual: Usual | None = usual_voice(transcript.segments, role) if loud else None
        self._timed = [s for s in self._own if s.start is not None and s.end is not None]
        self.characters = _spoken(self._own)
        self.talk = seconds_of(self._timed)
        self.marks = self._usual.marks if self._usual else ()

    def rate(self) -> float | None:
        """Characters per minute of its speech; None when it says too little to measure."""
        if self.talk < LEAST_SPEECH:
            return None
        every = len(self._timed) == len(self._own)
        return (self.characters if every else _spoken(self._timed)) * 60 / self.talk

    def voice(self, waits: Sequence[Seconds]) -> SideVoice:
        """What was measured of it; `waits`: how long it let the other one wait, every time."""
        parts = spoken_by(self._own)
        known = None if parts is None else [pauses for _, pauses in parts]
        loud = "loudness" in self._carries
        overlap = "overlap" in self._carries
        left = [s.end - s.start for s in self._silences if s.left_by is self._role]
        return SideVoice(
            talk=round(self.talk, 2),
            articulation=None if parts is None else self._articulation(parts),
            pauses=None if known is None else sum(map(len, known)),
            longest_pause=max((max(p, default=0.0) for p in known), default=0.0) if known else None,
            loudness=self._loudness() if loud else None,
            clipped=self._mean(lambda voice: voice.clipped, 4),
            pitch=self._mean(lambda voice: voice.pitch, 1),
            movement=self._mean(lambda voice: voice.movement, 1),
            reply_median=round(median(waits), 2) if waits else None,
            reply_longest=round(max(waits), 2) if waits else None,
            silence_left=round(sum(left), 2),
            breaks_in=sum(map(self._breaks_in, self._overlaps)) if overlap else None,
            gives_way=sum(map(self._gives_way, self._overlaps)) if overlap else None,
            compared=self._usual.turns if self._usual else None,
            raised=self._count(Tone.RAISED),
            agitated=self._count(Tone.AGITATED),
        )

    def _articulation(self, parts: Iterable[tuple[Seconds, object]]) -> float | None:
        """Characters per minute of speech, pauses left out; None when it says too little."""
        seconds = 0.0
        for own, _ in parts:
            seconds += own
        return round(self.characters * 60 / seconds, 1) if seconds >= LEAST_SPEECH else None

    def _breaks_in(self, overlap: Overlap) -> bool:
        begins = self._segments[overlap.by].role is self._role
        return begins and not overlap.backchannel and overlap.duration >= BREAKS_IN

    def _gives_way(self, overlap: Overlap) -> bool:
        return overlap.yields is not None and self._segments[overlap.yields].role is self._role

    def _count(self, tone: Tone) -> int | None:
        if self._usual is None:
            return None
        return sum(mark.tone is tone for mark in self._usual.marks)

    def _mean(self, value: Callable[[Voice], float | None], digits: int) -> float | None:
        """Mean of a measure over its turns, by their seconds of speech."""
        if not self._voices:
            return None
        pairs = [(value(voice), voice.speech or 0.0) for voice in self._voices]
        weighed = [(one, seconds) for one, seconds in pairs if one is not None]
        total = sum(seconds for _, seconds in weighed)
        if total <= 0:
            return None
        return round(sum(one * seconds for one, seconds in weighed) / total, digits)

    def _loudness(self) -> float | None:
        """Loudness of its turns together: powers by seconds of speech, with the gate of BS.1770."""
        turns = [
            (10 ** (voice.loudness / 10), voice.speech or 0.0)
            for voice in self._voices
            if voice.loudness is not None
        ]
        least = _weighed(turns) / 10 ** (GATE / 10)
        power = _weighed([turn for turn in turns if turn[0] > least])
        return round(10 * log10(power), 1) if power > 0 else None


def _weighed(values: Sequence[tuple[float, float]]) -> float:
    total = sum(weight for _, weight in values)
    return sum(value * weight for value, weight in values) / total if total > 0 else 0.0


def _spoken(segments: Iterable[Segment]) -> int:
    """Spoken characters of some segments together."""
    return spoken_length("".join([segment.text for segment in segments]))
