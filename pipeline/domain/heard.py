"""What is found out from listening beside the words: the line's own sounds, and who is who."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.voice import Seconds


class SoundKind(StrEnum):
    """What a line itself sounds like.

    `busy` is every tone by which a network says that there is no connection: busy, congestion,
    continuous dial tone, special information tone.
    """

    RINGBACK = "ringback"
    BUSY = "busy"
    KEYPAD = "keypad"
    MUSIC = "music"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class LineSound:
    """A stretch of a channel that is the line's own sound and nobody's words.

    `detail` of a keypad says how many keys were pressed, never which: they may be a PIN.
    """

    kind: SoundKind
    start: Seconds
    end: Seconds
    channel: int
    confidence: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RoleCue:
    """A way of speaking that tells agents from customers. `log_odds` > 0: its side is the agent.

    `segment` is where it is heard first, so that a person can check it.
    """

    name: str
    side: int
    segment: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class RoleBasis:
    """Which side is the agent (a channel, or a voice of a mono call), how sure, and why.

    `source`: `metadata`, `talk`, `both`, or `none` where nothing speaks for anybody.
    `contradicted`: the metadata name one channel, and the talk says the other. `swapped_from`: the
    segment from which the channels have changed places.
    """

    agent: int | None = None
    customer: int | None = None
    confidence: float = 0.5
    source: str = "none"
    contradicted: bool = False
    swapped_from: int | None = None
    cues: tuple[RoleCue, ...] = ()
