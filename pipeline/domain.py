"""The nouns of quality inspection; standard library only.

The line that every call goes through::

    files + metadata ─ intake ─▶ Recording ─ audio ─▶ channels ─ asr ─▶ Transcript
      ─ acoustics ─▶ CallMetrics ─ privacy ─▶ PrivateSpans + MaskedTranscript
      ─ rules ─▶ Findings ─ scoring ─▶ Scorecard ─▶ CallReport
      ─ store ─▶ DuckDB ─▶ dashboards, exports ─ person ─▶ Review (never edits a Finding)

Times are `Seconds` from the beginning of the recording everywhere. Character positions are Python
string positions, end exclusive. Masking keeps the length of a text, so a position in the raw text
is the same position in the masked one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

Seconds = float
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


class Verdict(StrEnum):
    """What a rule says of a call. `UNSURE` goes to a person and never costs points."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNSURE = "unsure"


class Severity(StrEnum):
    """How grave a failed rule is, gravest first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """0 is the gravest."""
        return list(Severity).index(self)


class Note(StrEnum):
    """What a person should know of how a recording was read; kept with the call."""

    NO_SPEECH = "no_speech"
    SAME_SIGNAL = "same_signal"
    DAMAGED_FRAMES = "damaged_frames"
    PACK_NOT_IN_FORCE = "pack_not_in_force"


class Decision(StrEnum):
    """What a person says of a finding, or of the call when no rule is named.

    `CONFIRM` and `ADD`: the rule was broken; `REJECT`: it was not.
    """

    CONFIRM = "confirm"
    REJECT = "reject"
    ADD = "add"
    COMMENT = "comment"
    NOT_APPLICABLE = "not_applicable"


class CardKind(StrEnum):
    """Who stands behind a scorecard: the machine alone, or a person who looked at its findings."""

    MACHINE = "machine"
    HUMAN = "human"


class DataClass(StrEnum):
    """Sensitivity of private data after JR/T 0171-2020: C3 credentials … C1 other."""

    C3 = "C3"
    C2 = "C2"
    C1 = "C1"


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
    """One recognised word or character group; `text` may carry punctuation."""

    text: str
    start: Seconds
    end: Seconds
    confidence: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One turn of one person. When `words` are there, their texts joined are `text`.

    `level`: mean loudness of its speech in dBFS (RMS; 0 is digital full scale, so levels are
    negative), measured on its channel after crosstalk was muted, pauses left out. It depends on the
    line and the microphone: compare it within one channel of one call.
    """

    role: Role
    text: str
    start: Seconds | None = None
    end: Seconds | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    channel: int | None = None
    level: float | None = None

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
    """Text that the recogniser invented and that was taken out, counted and shown."""

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
    """What was said, in order of time. Raw text: lives in memory only, never in the store.

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


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which nobody speaks. `after` is the index of the segment before it (or None)."""

    start: Seconds
    end: Seconds
    after: int | None

    @property
    def duration(self) -> Seconds:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two people speak at once; `by` is the segment that began later, `over` the other one."""

    start: Seconds
    end: Seconds
    by: int
    over: int

    @property
    def duration(self) -> Seconds:
        """Length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class CallMetrics:
    """Measured from the times of the transcript; None where the call cannot carry it (chat, mono).

    Rates are characters (Han, letters and digits; no punctuation) per minute of speech.
    `hangup_lag` is the time between the last word and the end of the recording.
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


@dataclass(frozen=True, slots=True)
class PrivateSpan:
    """Private data in one segment of a transcript.

    `kind` is one of the outer format's kinds (`phone`, `id_card` …). `valid`: its check digit or
    pattern is right. `group` joins the spans of one number that is split over several segments.
    """

    kind: str
    segment: int
    start_char: int
    end_char: int
    role: Role
    data_class: DataClass
    valid: bool
    confidence: float
    detector: str
    group: int | None = None


@dataclass(frozen=True, slots=True)
class MaskedTranscript:
    """A transcript in which private spans are masked: the only text that may be stored or shown.

    `segments[i]` is as long as the raw segment `i`, character by character, its words too.
    `pipeline.privacy.mask` makes one, and the store gives back what was made so.
    """

    info: CallInfo
    segments: tuple[Segment, ...]

    def quote(self, segment: int, start_char: int = 0, end_char: int | None = None) -> str:
        """The masked characters of one segment."""
        return self.segments[segment].text[start_char:end_char]


@dataclass(frozen=True, slots=True)
class PastCall:
    """An earlier call of the same customer, as far as later calls need to know of it.

    `passed` and `failed` are rules by verdict. `customer_turns` counts what the customer said,
    `customer_words` are the masked beginnings of it.
    """

    call_id: str
    started_at: datetime
    medium: Medium = Medium.VOICE
    business_line: str = "general"
    direction: str | None = None
    duration: Seconds | None = None
    agent_id: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    customer_turns: int = 0
    customer_words: str = ""
    passed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where to look and listen. `start`/`end` are None in a chat; `quote` is masked."""

    segment: int
    start: Seconds | None
    end: Seconds | None
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one call, with the reason in words.

    `points`: below 0 what a fail costs, above 0 what a pass gives. `places`: at how many separate
    places a rule was broken, also where `evidence` shows only the first of them.
    """

    rule: str
    title: str
    checks: tuple[str, ...]
    control_point: str
    verdict: Verdict
    severity: Severity
    points: float
    why: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    reference: str = ""
    suggestion: str = ""
    key_point: bool = False
    veto: bool = False
    title_en: str = ""
    places: int = 1


@dataclass(frozen=True, slots=True)
class ControlPointScore:
    """One line of the scorecard: a numbered control point and what it cost (or gave, above 0).

    `weight` and `score` are those of a section; `score` is None where the section is left out.
    """

    number: str
    title: str
    points: float
    worst: Verdict
    key_point: bool
    rules: tuple[str, ...]
    why: str = ""
    weight: float | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class HumanItem:
    """What only a person can judge: `levels` are (name, points), best first.

    `level` is the one that a person chose and `points` what that costs; open while it is None.
    """

    item: str
    title: str
    title_en: str
    control_point: str
    levels: tuple[tuple[str, float], ...]
    guidance: str
    level: str | None = None
    points: float = 0.0

    @property
    def worth(self) -> float:
        """The most that it can cost."""
        return -min(points for _, points in self.levels)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The score under one version of one rule pack: 0 to 100, or what the pack sets instead.

    `human_items` are open on the machine's card.
    """

    pack: str
    pack_version: str
    pack_hash: str
    score: float
    grade: str
    vetoed: bool
    items: tuple[ControlPointScore, ...] = ()
    kind: CardKind = CardKind.MACHINE
    human_items: tuple[HumanItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What stands behind a result: same content and same provenance = no need to do it again."""

    content_sha256: str
    engine: str
    model: str
    revision: str
    pack_hash: str
    settings_hash: str
    code_version: str


@dataclass(frozen=True, slots=True)
class CallReport:
    """Everything that is known of one call, ready to be stored. Holds no unmasked text."""

    transcript: MaskedTranscript
    sources: tuple[str, ...]
    metrics: CallMetrics
    private_spans: tuple[PrivateSpan, ...]
    findings: tuple[Finding, ...]
    scorecard: Scorecard
    provenance: Provenance
    duration: Seconds | None = None
    audio: AudioFormat | None = None
    engine: EngineInfo | None = None
    capabilities: frozenset[str] = frozenset()
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def info(self) -> CallInfo:
        """The call's metadata."""
        return self.transcript.info


@dataclass(frozen=True, slots=True)
class Rescored:
    """A new result for a call whose text is stored already."""

    call_id: str
    content_sha256: str
    findings: tuple[Finding, ...]
    scorecard: Scorecard
    code_version: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be processed. `message` names the file and the remedy."""

    file: str
    stage: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One numbered point of a scorecard (`1`, `1.1` …).

    `cap`: most points it can cost with everything below it, `bonus_cap`: most it can give. A
    section (a top point with a `weight`) has points of its own: `full`, or, where they are
    `earned`, those of its items that apply.
    """

    number: str
    title: str
    key_point: bool = False
    cap: float | None = None
    bonus_cap: float | None = None
    weight: float | None = None
    full: float | None = None
    earned: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """What a rule costs when it fails (`points`, at most 0) and gives when it passes (`bonus`).

    `each`: `points` for every separate place, `most` at most; else once, however often.
    """

    points: float = 0.0
    bonus: float = 0.0
    each: bool = False
    most: float | None = None

    def of(self, verdict: Verdict, places: int = 1) -> float:
        """The points of a verdict."""
        if verdict is Verdict.PASS:
            return self.bonus
        if verdict is not Verdict.FAIL:
            return 0.0
        if not self.each:
            return self.points
        total = self.points * places
        return total if self.most is None else max(total, -self.most)


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """How findings become a score. `grades` are (name, lowest score), best first.

    `most`: the highest score, `base` where it is None. `prices` are by rule.
    """

    base: float
    control_points: tuple[ControlPoint, ...]
    grades: tuple[tuple[str, float], ...]
    most: float | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)
    human_items: tuple[HumanItem, ...] = ()

    @property
    def highest(self) -> float:
        """The highest score that a call can have."""
        return self.base if self.most is None else self.most


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided of one call: per rule, found besides, and the level per human item."""

    rules: Mapping[str, Decision] = field(default_factory=dict)
    added: tuple[Finding, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
