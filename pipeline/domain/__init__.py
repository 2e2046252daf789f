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

from pipeline.domain.call import (
    BUSINESS_LINES,
    Agent,
    Attribute,
    AudioFormat,
    CallInfo,
    CallMetrics,
    EngineInfo,
    Medium,
    Note,
    Overlap,
    Recording,
    Removed,
    Role,
    RoleBasis,
    RoleCue,
    Seconds,
    Segment,
    Silence,
    Transcript,
    Word,
)
from pipeline.domain.report import (
    CallReport,
    DataClass,
    Failure,
    MaskedTranscript,
    PastCall,
    PrivateSpan,
    Provenance,
    Rescored,
)
from pipeline.domain.score import (
    CardKind,
    ControlPoint,
    ControlPointScore,
    Decision,
    Decisions,
    Evidence,
    Finding,
    HumanItem,
    Price,
    Scorecard,
    ScorePlan,
    Severity,
    Verdict,
)

__all__ = [
    "BUSINESS_LINES",
    "Agent",
    "Attribute",
    "AudioFormat",
    "CallInfo",
    "CallMetrics",
    "CallReport",
    "CardKind",
    "ControlPoint",
    "ControlPointScore",
    "DataClass",
    "Decision",
    "Decisions",
    "EngineInfo",
    "Evidence",
    "Failure",
    "Finding",
    "HumanItem",
    "MaskedTranscript",
    "Medium",
    "Note",
    "Overlap",
    "PastCall",
    "Price",
    "PrivateSpan",
    "Provenance",
    "Recording",
    "Removed",
    "Rescored",
    "Role",
    "RoleBasis",
    "RoleCue",
    "ScorePlan",
    "Scorecard",
    "Seconds",
    "Segment",
    "Severity",
    "Silence",
    "Transcript",
    "Verdict",
    "Word",
]
