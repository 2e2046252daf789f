"""What is heard and measured: a call, its recording, what was said and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline.domain.heard import LineSound, RoleBasis
from pipeline.domain.voice import CallHold, Seconds, SideVoice, ToneMark, Voice

Attribute = str | int | float | bool


class Role(StrEnum):
    """Who speaks."""

    AGENT = "agent"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


class Medium(StrEnum):
    """How the conversation was held; `channel` in the outer formats."""

    VOICE = "voice"
    CHAT = "chat"


class Note(StrEnum):
    """What a person should know of how a recording was read; kept with the call."""

    NO_SPEECH = "no_speech"
    SAME_SIGNAL = "same_signal"
    DAMAGED_FRAMES = "damaged_frames"
    CROSSTALK = "crosstalk"
    PACK_NOT_IN_FORCE = "pack_not_in_force"
    SILENT_CHANNEL = "silent_channel"
    CHANNELS_SWAPPED = "channels_swapped"
    AGENT_CHANNEL_DOUBTED = "agent_channel_doubted"
    OTHER_LANGUAGE = "other_language"
    HARD_TO_HEAR = "hard_to_hear"


MANDARIN = "zh"
BUSINESS_LINES = ("bank", "wealth", "securities", "insurance", "collection", "general")


@dataclass(frozen=True, slots=True)
class Agent:
    """The employee on the call, as the metadata names him or her."""

    id: str | None = None
    name: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class CallInfo:
    """What the metadata says of a call. Everything but `call_id` and `medium` may be missing."""

    call_id: str
    medium: Medium = Medium.VOICE
    business_line: str = "general"
    direction: str | None = None
    started_at: datetime | None = None
    agent: Agent = field(default_factory=Agent)
    customer_id: str | None = None
    agent_channel: int | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """One audio content, whatever names it lies under.

    `sha256` is of the file's bytes and identifies the recording. `paths` are all names under which
    this content was found, the one that is read first.
    """

    info: CallInfo
    paths: tuple[Path, ...]
    sha256: str
    bytes: int

    @property
    def path(self) -> Path:
        """The file that is read."""
        return self.paths[0]


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """What the decoder says of a file. `duration` is measured when the file was decoded."""

    container: str
    codec: str
    sample_rate: int
    channels: int
    duration: Seconds


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word or character group; `text` may carry punctuation.

    `confidence` (0-1) is None where the recogniser does not say how sure it is.
    """

    text: str
    start: Seconds
    end: Seconds
    confidence: float | None


def mean_confidence(words: Iterable[Word]) -> float | None:
    """How sure the recogniser was of some words on average; None where it says nothing of that."""
    given = [word.confidence for word in words if word.confidence is not None]
    return sum(given) / len(given) if given else None


@dataclass(frozen=True, slots=True)
class Segment:
    """One turn of one person. When `words` are there, their texts joined are `text`.

    `level`: mean loudness of its speech in dBFS (RMS; 0 is digital full scale, so levels are
    negative), measured on its channel after crosstalk was muted, pauses left out. It depends on the
    line and the microphone: compare it within one channel of one call. `voice`: what else was
    measured of its sound. `speaker`: the number of the voice, where one channel carries several
    people; None where the channel is the person.
    """

    role: Role
    text: str
    start: Seconds | None = None
    end: Seconds | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    channel: int | None = None
    level: float | None = None
    voice: Voice | None = None
    speaker: int | None = None

    def seconds_of(self, start_char: int, end_char: int) -> tuple[Seconds | None, Seconds | None]:
        """When the characters [start_char, end_char) are said: by words, else in proportion."""
        if self.start is None or self.end is None:
            return None, None
        if not self.words:
            span, size = self.end - self.start, max(len(self.text), 1)
            return self.start + span * start_char / size, self.start + span * end_char / size
        position, hits = 0, []
        for word in self.words:
            if position < end_char and position + len(word.text) > start_char:
                hits.append(word)
            position += len(word.text)
        if not hits:
            return self.start, self.end
        return hits[0].start, hits[-1].end


@dataclass(frozen=True, slots=True)
class Removed:
    """Text that nobody of the call said and that was taken out, counted and shown.

    Most is the recogniser's invention; `line_sound` was written where the line itself sounds. Where
    a channel only carries the other side (`crosstalk`) nothing was recognised: 0 characters.
    """

    reason: str
    start: Seconds
    end: Seconds
    channel: int
    characters: int


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which recogniser made a transcript."""

    name: str
    model: str
    revision: str
    device: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, in order of time. Raw: in memory or sealed in the vault, never in the store.

    `language` (ISO 639-1) is what most of the speech is in; None where nobody looked.
    `capabilities` says what this recording can carry: `times`, `words`, `stereo`, `overlap`,
    `roles`, `confidence`, `loudness`. Rules that need more than is there say `unsure` or
    `not_applicable`.
    """

    info: CallInfo
    segments: tuple[Segment, ...]
    duration: Seconds | None = None
    engine: EngineInfo | None = None
    audio: AudioFormat | None = None
    capabilities: frozenset[str] = frozenset()
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    sounds: tuple[LineSound, ...] = ()
    roles: RoleBasis | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which nobody speaks. `after` is the index of the segment before it (or None).

    `left_by`: whose turn it was; UNKNOWN where that cannot be told.
    """

    start: Seconds
    end: Seconds
    after: int | None
    left_by: Role = Role.UNKNOWN

    @property
    def duration(self) -> Seconds:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two people speak at once; `by` is the segment that began later, `over` the other one.

    `backchannel`: a mere 嗯 or 好的, which takes no turn from anybody. `yields`: which of the two
    segments stopped within a second for the other with its sentence unfinished; None where
    neither did or that cannot be told.
    """

    start: Seconds
    end: Seconds
    by: int
    over: int
    backchannel: bool = False
    yields: int | None = None

    @property
    def duration(self) -> Seconds:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class CallMetrics:
    """Measured from times and voices; None where the call cannot carry it (chat, mono).

    Rates are characters (Han, letters and digits; no punctuation) per minute of speech with its
    pauses. `hangup_lag` is the time between the last word and the end of the recording. `agent` and
    `customer`: each side, where the two are told apart. `tones`: the turns that stand out from
    their speaker's usual voice. `hold_seconds`: how long music is heard while nobody speaks. What
    the line itself sounds like is no silence.
    """

    turns: int
    characters: int
    duration: Seconds | None = None
    agent_rate: float | None = None
    customer_rate: float | None = None
    agent_share: float | None = None
    silence_total: Seconds | None = None
    silence_longest: Seconds | None = None
    hangup_lag: Seconds | None = None
    silences: tuple[Silence, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    agent: SideVoice | None = None
    customer: SideVoice | None = None
    holds: tuple[CallHold, ...] = ()
    tones: tuple[ToneMark, ...] = ()
    hold_seconds: Seconds | None = None
