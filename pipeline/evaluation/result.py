"""What a measurement found: numbers and phrases of packs, no text of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from pipeline.domain import EngineInfo, Failure, Role, Seconds
from pipeline.evaluation.cer import Errors
from pipeline.evaluation.intervals import Interval, interval_of, interval_of_difference
from pipeline.evaluation.keywords import Kept, Name


@dataclass(frozen=True, slots=True)
class SideResult:
    """Errors of one side of a recording; `channel` None: the recording as a whole."""

    role: Role
    channel: int | None
    errors: Errors

    @property
    def name(self) -> str:
        """agent, customer, channel 0, channel 1, or whole."""
        if self.role is not Role.UNKNOWN:
            return str(self.role)
        return "whole" if self.channel is None else f"channel {self.channel}"


@dataclass(frozen=True, slots=True)
class CallResult:
    """One recording under one model. `removed`: invented characters that clean-up took out."""

    file: str
    call: str
    line: str
    seconds: Seconds
    sides: tuple[SideResult, ...]
    kept: Mapping[Name, Kept]
    removed: int = 0
    contradicted: bool = False

    @property
    def errors(self) -> Errors:
        """All sides together."""
        return sum((side.errors for side in self.sides), Errors())


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors of a part of the sample, pooled; the interval is None with too few calls."""

    errors: Errors
    calls: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Recall:
    """Phrases or patterns that were said, pooled, with the interval of those that survive."""

    counts: Kept
    calls: int
    interval: Interval | None


@dataclass(frozen=True)
class ModelResult:
    """Everything that one model did. `wall_seconds` is decoding and recognition, not loading."""

    name: str
    engine: EngineInfo
    load_seconds: float
    wall_seconds: float
    workers: int
    calls: tuple[CallResult, ...]

    @property
    def audio_seconds(self) -> Seconds:
        """Sound that was recognised."""
        return sum(call.seconds for call in self.calls)

    @property
    def times_real_time(self) -> float:
        """Seconds of sound per second."""
        return self.audio_seconds / max(self.wall_seconds, 1e-9)

    @cached_property
    def whole(self) -> Rate:
        """The error rate of everything."""
        return _rate(self.calls, lambda call: call.errors)

    @cached_property
    def by_side(self) -> Mapping[str, Rate]:
        """By who speaks, or channel; recordings that were compared as a whole apart."""
        names = sorted({side.name for call in self.calls for side in call.sides})
        return {name: _rate(self.calls, partial(_of_side, name)) for name in names}

    @cached_property
    def by_line(self) -> Mapping[str, Rate]:
        """By business line."""
        lines = sorted({call.line for call in self.calls})
        return {
            line: _rate([c for c in self.calls if c.line == line], lambda call: call.errors)
            for line in lines
        }

    def recall(self, kind: str) -> Recall:
        """What survives of phrases or patterns."""
        counts = [_summed(v for (k, _), v in call.kept.items() if k == kind) for call in self.calls]
        pairs = _by_call(self.calls, [(k.written + k.found, k.said) for k in counts])
        return Recall(_summed(counts), len(pairs), interval_of(pairs))

    @cached_property
    def kept(self) -> Mapping[Name, Kept]:
        """Every phrase and pattern over all calls, most lost first."""
        total: dict[Name, Kept] = {}
        for call in self.calls:
            for name, kept in call.kept.items():
                total.setdefault(name, Kept()).add(kept)
        order = sorted(total, key=lambda n: (-total[n].lost, -total[n].invented, n))
        return {name: total[name] for name in order}


@dataclass(frozen=True, slots=True)
class Difference:
    """A model beside the first one on the calls that both have: error rate minus error rate."""

    name: str
    baseline: str
    difference: float
    interval: Interval | None
    calls: int
    better: int
    worse: int


@dataclass(slots=True)
class Report:
    """The models measured on one sample, and what could not be measured."""

    source: str
    models: list[ModelResult] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    unreferenced: int = 0

    @property
    def differences(self) -> list[Difference]:
        """Every other model beside the first."""
        return [difference(self.models[0], other) for other in self.models[1:]]


def difference(baseline: ModelResult, other: ModelResult) -> Difference:
    """Paired over the recordings of both; below 0 the other model is better."""
    known = {call.file: call for call in baseline.calls}
    pairs = [(known[call.file], call) for call in other.calls if call.file in known]
    sides = []
    for which in (1, 0):
        errors = [pair[which].errors for pair in pairs]
        counts = _by_call([p[0] for p in pairs], [(float(e.count), e.length) for e in errors])
        sides.append(counts)
    rates = [sum(n for n, _ in side) / max(sum(m for _, m in side), 1) for side in sides]
    change = [new[0] - old[0] for new, old in zip(*sides, strict=True)]
    return Difference(
        other.name, baseline.name, rates[0] - rates[1], interval_of_difference(*sides),
        len(change), sum(c < 0 for c in change), sum(c > 0 for c in change),
    )  # fmt: skip


def _rate(calls: Sequence[CallResult], part: Callable[[CallResult], Errors]) -> Rate:
    errors = [part(call) for call in calls]
    counts = _by_call(calls, [(float(e.count), e.length) for e in errors])
    return Rate(sum(errors, Errors()), len(counts), interval_of(counts))


def _of_side(name: str, call: CallResult) -> Errors:
    return sum((side.errors for side in call.sides if side.name == name), Errors())


def _by_call(
    calls: Sequence[CallResult], counts: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Counts of recordings of one conversation together; conversations without any left out."""
    total: dict[str, tuple[float, float]] = {}
    for call, (counted, size) in zip(calls, counts, strict=True):
        before = total.get(call.call, (0.0, 0.0))
        total[call.call] = before[0] + counted, before[1] + size
    return [pair for pair in total.values() if pair != (0.0, 0.0)]


def _summed(all_kept: Iterable[Kept]) -> Kept:
    total = Kept()
    for kept in all_kept:
        total.add(kept)
    return total
