"""An example out of a call, good or bad, with the one answer that everybody shall give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.domain.call import Role
from pipeline.domain.voice import Seconds


class CaseKind(StrEnum):
    """To be followed, or to be avoided."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class QuotedTurn:
    """What somebody said, masked, and without the agent's name and number."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring turns of a call as they were when the case was made; it never changes.

    `first` and `last` are segments, `start` and `end` seconds, None in a chat. `rule` and
    `control_point` say what it is an example of, where that is known.
    """

    call_id: str
    content_sha256: str
    first: int
    last: int
    start: Seconds | None
    end: Seconds | None
    quote: tuple[QuotedTurn, ...]
    business_line: str
    pack_version: str = ""
    rule: str | None = None
    rule_title: str = ""
    rule_title_en: str = ""
    control_point: str | None = None
    point_title: str = ""


@dataclass(frozen=True, slots=True)
class CaseText:
    """What people write about a passage; `answer` is the agreed one (统一答复口径)."""

    kind: CaseKind
    title: str
    why: str
    answer: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseVersion:
    """One version of the text; `at` is UTC. `retired`: why the case is used no more."""

    id: int
    at: datetime
    who: str
    text: CaseText
    retired: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A stored case with its versions, oldest first."""

    id: int
    at: datetime
    who: str
    passage: Passage
    versions: tuple[CaseVersion, ...]

    @property
    def now(self) -> CaseVersion:
        """The version that counts."""
        return self.versions[-1]

    @property
    def text(self) -> CaseText:
        """What it says now."""
        return self.now.text

    @property
    def retired(self) -> str | None:
        """Why it is used no more; None while it is."""
        return self.now.retired
