"""What is kept of a call: masked text, private data by place, the result and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.domain.call import (
    Attribute,
    AudioFormat,
    CallInfo,
    CallMetrics,
    EngineInfo,
    Medium,
    Removed,
    Role,
    Segment,
)
from pipeline.domain.heard import LineSound, RoleBasis
from pipeline.domain.score import Finding, Scorecard
from pipeline.domain.voice import Seconds


class DataClass(StrEnum):
    """Sensitivity of private data after JR/T 0171-2020: C3 credentials … C1 other."""

    C3 = "C3"
    C2 = "C2"
    C1 = "C1"


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
    sounds: tuple[LineSound, ...] = ()
    roles: RoleBasis | None = None
    language: str | None = None

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
