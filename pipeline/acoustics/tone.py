"""Which turns stand out from their speaker's usual voice in this call, and by how much.

A comparison of a voice with itself, nothing else: what it means, a person decides. docs/voice.md
says where the limits come from and what they find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from statistics import median

from pipeline.domain import Role, Seconds, Segment, Tone, ToneMark
from pipeline.text import spoken_length

LEAST_TURNS = 5  # of one speaker, else there is no usual voice
LEAST_SPEECH: Seconds = 1.0
LEAST_CHARACTERS = 4
SPREAD = 1.4826  # median distance from the median, as a standard deviation
WIDE = 2.5  # of the speaker's own spread: who always varies so much does not stand out
# From which difference on a measure stands out, and stands out far: dB, semitones, percent,
# semitones.
STEPS = {
    "louder": (4.0, 7.0),
    "higher": (2.0, 3.5),
    "faster": (20.0, 40.0),
    "wider": (3.0, 5.0),
}
MAIN = ("louder", "higher")


@dataclass(frozen=True, slots=True)
class Usual:
    """A speaker's usual voice: how many turns it comes from, and the turns that stand out."""

    turns: int
    marks: tuple[ToneMark, ...]


def usual_voice(segments: Sequence[Segment], role: Role) -> Usual | None:
    """One side's voice against itself; None where fewer than five of its turns can be measured."""
    heard = {k: _measures(s) for k, s in enumerate(segments) if s.role is role and _long(s)}
    if len(heard) < LEAST_TURNS:
        return None
    usual = {name: _usual([m[name] for m in heard.values() if name in m]) for name in STEPS}
    marks = (_mark(index, measures, usual) for index, measures in heard.items())
    return Usual(len(heard), tuple(mark for mark in marks if mark.tone is not Tone.CALM))


def _long(segment: Segment) -> bool:
    """Whether a turn is long enough to be compared."""
    voice = segment.voice
    if segment.level is None or voice is None or voice.speech is None:
        return False
    return voice.speech >= LEAST_SPEECH and spoken_length(segment.text) >= LEAST_CHARACTERS


def _measures(segment: Segment) -> dict[str, float]:
    """What of a turn is compared; the pitch in semitones, the rate in percent of nothing yet."""
    voice = segment.voice
    found = {"louder": segment.level}
    if voice is not None:
        found["higher"] = 12 * log2(voice.pitch) if voice.pitch else None
        found["faster"] = spoken_length(segment.text) / voice.speech if voice.speech else None
        found["wider"] = voice.movement
    return {name: value for name, value in found.items() if value is not None}


def _usual(values: Sequence[float]) -> tuple[float, float] | None:
    """Median and spread of one measure."""
    if len(values) < LEAST_TURNS:
        return None
    middle = median(values)
    return middle, SPREAD * median(abs(value - middle) for value in values)


def _mark(
    index: int, measures: Mapping[str, float], usual: Mapping[str, tuple[float, float] | None]
) -> ToneMark:
    """One turn against the usual voice: what stands out of it, and how far."""
    above: dict[str, float] = {}
    steps: dict[str, int] = {}
    for name, value in measures.items():
        own = usual[name]
        if own is None:
            continue
        middle, spread = own
        scale = 100 / middle if name == "faster" else 1.0
        more = round((value - middle) * scale, 1)
        step = sum(more >= step for step in STEPS[name])
        if step and value - middle > WIDE * spread:
            above[name], steps[name] = more, step
    return ToneMark(index, _tone(steps), **above)


def _tone(steps: Mapping[str, int]) -> Tone:
    """How far a turn stands out, by how many measures do and how far.

    Raised: loudness or pitch does and another measure too, or one of them alone far. Agitated:
    both do, one of them far, or one does far and two others besides.
    """
    main = [steps.get(name, 0) for name in MAIN]
    count = sum(step > 0 for step in steps.values())
    if max(main) == 2 and (min(main) > 0 or count > 2):
        return Tone.AGITATED
    if max(main) == 2 or (max(main) > 0 and count > 1):
        return Tone.RAISED
    return Tone.CALM
