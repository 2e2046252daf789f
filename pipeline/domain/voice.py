"""How people speak, measured from the sound: of a turn, and of one side of a call.

None means not measured: a chat, a transcript that came without sound, a turn that is too short, a
recording that cannot carry it. Nothing here names a feeling.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Seconds = float


@dataclass(frozen=True, slots=True)
class Voice:
    """One segment as it sounds on its channel, after crosstalk was muted.

    `loudness` in LUFS (ITU-R BS.1770, gated; None under 0.4 s). `clipped`: share (0-1) of its
    samples that stand at the end of the scale in runs. `pitch`: median fundamental in Hz;
    `movement`: semitones between its 10th and 90th percentile. `speech`: seconds without pauses;
    `pauses` (0.25 s and longer) and the longest of them. `slope`: dB per second by which it grows
    louder (None under 1.5 s of speech).
    """

    loudness: float | None = None
    clipped: float | None = None
    pitch: float | None = None
    movement: float | None = None
    speech: Seconds | None = None
    pauses: int | None = None
    longest_pause: Seconds | None = None
    slope: float | None = None


class Tone(StrEnum):
    """How far a turn stands above its speaker's own usual voice in this call: a measurement."""

    CALM = "calm"
    RAISED = "raised"
    AGITATED = "agitated"


@dataclass(frozen=True, slots=True)
class ToneMark:
    """A turn that stands out from its speaker's usual voice, and by how much.

    `louder` in dB, `higher` and `wider` (movement) in semitones, `faster` in percent, against the
    median of the speaker's turns; None where it does not stand out, or was not measured.
    """

    segment: int
    tone: Tone
    louder: float | None = None
    higher: float | None = None
    faster: float | None = None
    wider: float | None = None


@dataclass(frozen=True, slots=True)
class CallHold:
    """The customer is kept waiting. `announced`: was asked to wait; `thanked`: was thanked."""

    start: Seconds
    end: Seconds
    announced: bool
    thanked: bool

    @property
    def duration(self) -> Seconds:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class SideVoice:
    """One side of a call.

    `talk`: seconds from the beginning to the end of its turns. `articulation`: characters a minute
    of speech, pauses left out. `loudness`, `pitch`, `movement` and `clipped` are of its turns
    together, as in `Voice`. `reply_median`, `reply_longest`: how long it lets the other side wait
    for an answer. `silence_left`: seconds of silence in which it was its turn. `breaks_in`: how
    often it begins while the other still speaks; `gives_way`: how often it stops for that.
    `compared`: how many turns its usual voice was taken from (None: too few, no tone is measured),
    `raised` and `agitated`: how many stand out from it.
    """

    talk: Seconds = 0.0
    articulation: float | None = None
    pauses: int | None = None
    longest_pause: Seconds | None = None
    loudness: float | None = None
    clipped: float | None = None
    pitch: float | None = None
    movement: float | None = None
    reply_median: Seconds | None = None
    reply_longest: Seconds | None = None
    silence_left: Seconds = 0.0
    breaks_in: int | None = None
    gives_way: int | None = None
    compared: int | None = None
    raised: int | None = None
    agitated: int | None = None
