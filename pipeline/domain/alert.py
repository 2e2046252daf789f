"""What somebody is told of at once: grave findings, threats to complain, figures that drift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """Why somebody is told.

    VETO: a rule with a veto was broken. COMPLAINT: a customer threatens to complain or to go
    public. DRIFT: a figure left its usual range.
    """

    VETO = "veto"
    COMPLAINT = "complaint"
    DRIFT = "drift"


class DriftKind(StrEnum):
    """Which figure left its usual range.

    RULE hits more often. UNSURE: more of its findings are left to a person. CONFIDENCE of the
    recogniser fell. AGENT, TEAM, LINE, ALL: their calls stopped arriving. FAILED: more recordings
    fail.
    """

    RULE = "rule"
    UNSURE = "unsure"
    CONFIDENCE = "confidence"
    AGENT = "agent"
    TEAM = "team"
    LINE = "line"
    ALL = "all"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure of a local day beside what was usual.

    `subject`: id of the rule, agent, team or line, or line, engine and model. `now` and `before`:
    shares of 1, a mean confidence, or calls a day. `of`: how many calls (recordings of FAILED)
    `now` rests on. `chance`: that it would stand out so far by chance, corrected for how many
    figures of its kind were looked at. `since`: the first day that `now` is of, where
    that is not `day`.
    """

    kind: DriftKind
    subject: str
    day: date
    now: float
    before: float
    of: int
    chance: float
    title: str = ""
    title_en: str = ""
    team: str | None = None
    business_line: str | None = None
    since: date | None = None

    @property
    def began(self) -> date:
        """The first day that is not a usual one any more."""
        return self.since or self.day


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that people are told of once; `id` is the same whenever it is found again.

    Ids only: what was said is read from the store when it is sent or shown. `noticed` and `ended`
    (of DRIFT) are UTC.
    """

    id: str
    kind: AlertKind
    noticed: datetime
    content_sha256: str | None = None
    rule: str | None = None
    drift: Drift | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody has taken note of an alert; `at` is UTC."""

    id: int
    at: datetime
    who: str
    alert: str
    comment: str
