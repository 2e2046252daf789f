"""What is judged: findings, what they cost, the scorecard, and what a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.domain.voice import Seconds


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
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where to look and listen. `start`/`end` are None in a chat; `quote` is masked.

    `sought`: nothing was found here; it is where that was looked for which is missing.
    """

    segment: int
    start: Seconds | None
    end: Seconds | None
    quote: str
    sought: bool = False


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

    @property
    def found(self) -> tuple[Evidence, ...]:
        """The evidence of something that is there, not of where something is missing."""
        return tuple(item for item in self.evidence if not item.sought)


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
class ScorePlan:
    """How findings become a score. `grades` are (name, lowest score), best first.

    `most`: the highest score, `base` where it is None. `prices` are by rule. Derived, by number:
    `points`; `parents`, the nearest one above (of `1.2.3` it is `1.2`, else `1`), deepest first.
    """

    base: float
    control_points: tuple[ControlPoint, ...]
    grades: tuple[tuple[str, float], ...]
    most: float | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)
    human_items: tuple[HumanItem, ...] = ()
    points: Mapping[str, ControlPoint] = field(init=False, repr=False, compare=False)
    parents: Mapping[str, str | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        points = {point.number: point for point in self.control_points}
        deepest_first = sorted(points, key=lambda number: -number.count("."))
        parents = {number: _parent_of(number, points.keys()) for number in deepest_first}
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "parents", parents)

    @property
    def highest(self) -> float:
        """The highest score that a call can have."""
        return self.base if self.most is None else self.most


def _parent_of(number: str, known: Set[str]) -> str | None:
    while "." in number:
        number = number.rpartition(".")[0]
        if number in known:
            return number
    return None


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
class Decisions:
    """What a person decided of one call: per rule, found besides, and the level per human item."""

    rules: Mapping[str, Decision] = field(default_factory=dict)
    added: tuple[Finding, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
