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

from pipeline.domain.alert import Acknowledgement, Alert, AlertKind, Drift, DriftKind
from pipeline.domain.appeal import Appeal, AppealState, AppealStep, Stepped
from pipeline.domain.briefing import (
    BriefingText,
    BriefingVersion,
    ProblemText,
    TrainingAction,
    Whom,
)
from pipeline.domain.calibration import (
    Answer,
    AnswerDraft,
    AskedCall,
    Outcome,
    Round,
    RoundCall,
    RoundWish,
)
from pipeline.domain.call import (
    BUSINESS_LINES,
    MANDARIN,
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
    Segment,
    Silence,
    Transcript,
    Word,
    mean_confidence,
)
from pipeline.domain.case import Case, CaseKind, CaseText, CaseVersion, Passage, QuotedTurn
from pipeline.domain.correction import Correction
from pipeline.domain.heard import LineSound, RoleBasis, RoleCue, SoundKind
from pipeline.domain.learned import Flag, FlagMoment, Learned
from pipeline.domain.problem import (
    Concerned,
    Gone,
    Hint,
    Moment,
    Problem,
    ProblemKind,
    Trend,
    WeekCount,
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
from pipeline.domain.sample import Candidate, DrawnAs, SampledCall, SamplePlan, SampleWish
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
from pipeline.domain.voice import CallHold, Seconds, SideVoice, Tone, ToneMark, Voice

__all__ = [
    "BUSINESS_LINES",
    "MANDARIN",
    "Acknowledgement",
    "Agent",
    "Alert",
    "AlertKind",
    "Answer",
    "AnswerDraft",
    "Appeal",
    "AppealState",
    "AppealStep",
    "AskedCall",
    "Attribute",
    "AudioFormat",
    "BriefingText",
    "BriefingVersion",
    "CallHold",
    "CallInfo",
    "CallMetrics",
    "CallReport",
    "Candidate",
    "CardKind",
    "Case",
    "CaseKind",
    "CaseText",
    "CaseVersion",
    "Concerned",
    "ControlPoint",
    "ControlPointScore",
    "Correction",
    "DataClass",
    "Decision",
    "Decisions",
    "DrawnAs",
    "Drift",
    "DriftKind",
    "EngineInfo",
    "Evidence",
    "Failure",
    "Finding",
    "Flag",
    "FlagMoment",
    "Gone",
    "Hint",
    "HumanItem",
    "Learned",
    "LineSound",
    "MaskedTranscript",
    "Medium",
    "Moment",
    "Note",
    "Outcome",
    "Overlap",
    "Passage",
    "PastCall",
    "Price",
    "PrivateSpan",
    "Problem",
    "ProblemKind",
    "ProblemText",
    "Provenance",
    "QuotedTurn",
    "Recording",
    "Removed",
    "Rescored",
    "Role",
    "RoleBasis",
    "RoleCue",
    "Round",
    "RoundCall",
    "RoundWish",
    "SamplePlan",
    "SampleWish",
    "SampledCall",
    "ScorePlan",
    "Scorecard",
    "Seconds",
    "Segment",
    "Severity",
    "SideVoice",
    "Silence",
    "SoundKind",
    "Stepped",
    "Tone",
    "ToneMark",
    "TrainingAction",
    "Transcript",
    "Trend",
    "Verdict",
    "Voice",
    "WeekCount",
    "Whom",
    "Word",
    "mean_confidence",
]
