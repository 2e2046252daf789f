"""What came of a closed round: agreement by control point, by person, by call, and disputes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.calibration.agreement import Agreement, Unit, agreement
from pipeline.calibration.asking import Question, machine_said, questions, score_of
from pipeline.domain import Answer, AskedCall, Outcome, Round, Verdict
from pipeline.errors import BadPack
from pipeline.store import Calibrations, Snapshot


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class PointResult:
    """A control point or an item; `machine`: answers that are like what the machine said."""

    question: Question
    agreement: Agreement
    machine: Share


@dataclass(frozen=True, slots=True)
class RaterResult:
    """Somebody's answers: like the majority of the others, like the machine, violated points.

    `calls` were submitted.
    """

    rater: str
    calls: int
    majority: Share
    machine: Share
    violated: Share


@dataclass(frozen=True, slots=True)
class CallResult:
    """The scores of a call by those who submitted it, and the machine's."""

    call: AskedCall
    scores: Mapping[str, float]

    @property
    def spread(self) -> float | None:
        """Between the highest and the lowest; None for fewer than two."""
        values = self.scores.values()
        return max(values) - min(values) if len(values) > 1 else None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A subject of a call that was not answered the same by all; `notes`: what was agreed."""

    call: AskedCall
    question: Question
    answers: tuple[Answer, ...]
    machine: str | None
    notes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything. `overall` and `machine` are over all control points, without human items.

    `missing`: calls of the round that this reader does not have.
    """

    round: Round
    overall: Agreement
    machine: Share
    points: tuple[PointResult, ...]
    raters: tuple[RaterResult, ...]
    calls: tuple[CallResult, ...]
    disputes: tuple[Dispute, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class _Said:
    """One subject of one call with all its submitted answers."""

    call: AskedCall
    question: Question
    answers: tuple[Answer, ...]

    @property
    def machine(self) -> str | None:
        return machine_said(self.call.asked[self.question.subject])

    @property
    def unit(self) -> Unit:
        answers = {answer.rater: answer.answer for answer in self.answers}
        return Unit(self.call.content_sha256, self.question.subject, answers)


def result_of(reader: Snapshot, number: int) -> Result:
    """Measure a round for a reader: calls that it does not have are left out.

    NotAllowed while the round is open.
    """
    rounds = Calibrations(reader.people)
    found, every = rounds.get(number), rounds.asked(number)
    calls = [c for c in every if reader.count_of("content_sha256", c.content_sha256)]
    packs = {c.pack_hash: _content(reader, c.pack_hash) for c in calls}
    by_call: dict[str, list[Answer]] = defaultdict(list)
    for answer in rounds.answers(number):
        by_call[answer.content_sha256].append(answer)
    said = [one for c in calls for one in _said(c, packs[c.pack_hash], by_call[c.content_sha256])]
    points = [one for one in said if one.question.rules]
    seed, people = found.seed, len(found.raters)
    return Result(
        round=found,
        overall=agreement([one.unit for one in points], people, seed),
        machine=_like_machine(points),
        points=tuple(_points(said, people, seed)),
        raters=tuple(_rater(rater, found, points, said) for rater in found.raters),
        calls=tuple(
            _call(c, packs[c.pack_hash], by_call[c.content_sha256], found.raters) for c in calls
        ),
        disputes=tuple(_disputes(said, rounds.outcomes(number))),
        missing=len(every) - len(calls),
    )


def unresolved(reader: Snapshot, number: int) -> list[Dispute]:
    """What was answered differently in a closed round and nobody wrote down what was agreed."""
    rounds = Calibrations(reader.people)
    calls = [c for c in rounds.asked(number) if reader.count_of("content_sha256", c.content_sha256)]
    packs = {c.pack_hash: _content(reader, c.pack_hash) for c in calls}
    answers = rounds.answers(number)
    said = [
        one
        for c in calls
        for one in _said(
            c, packs[c.pack_hash], [a for a in answers if a.content_sha256 == c.content_sha256]
        )
    ]
    return [one for one in _disputes(said, rounds.outcomes(number)) if not one.notes]


def _content(reader: Snapshot, pack_hash: str) -> Mapping[str, Any]:
    content = reader.pack_content(pack_hash)
    if content is None:
        raise BadPack(f"the pack {pack_hash[:12]} that the round asked by is not kept")
    return content


def _said(
    call: AskedCall, content: Mapping[str, Any], answers: Sequence[Answer]
) -> Iterable[_Said]:
    rules = {subject: tuple(of) for subject, of in call.asked.items()}
    for question in questions(content, rules):
        given = tuple(a for a in answers if a.subject == question.subject)
        yield _Said(call, question, given)


def _points(said: Sequence[_Said], people: int, seed: str) -> Iterable[PointResult]:
    """In the order of the first card on which each stands."""
    groups: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in said:
        groups[one.question.subject, one.question.title].append(one)
    for (subject, _), group in groups.items():
        found = agreement([one.unit for one in group], people, f"{seed}:{subject}")
        yield PointResult(group[0].question, found, _like_machine(group))


def _like_machine(said: Iterable[_Said]) -> Share:
    """Violated or not: what either is unsure of does not count, and met is like not applicable."""
    return _alike((a.answer, one.machine) for one in said for a in one.answers)


def _alike(pairs: Iterable[tuple[str, str | None]]) -> Share:
    """Of answers beside the machine's verdicts."""
    open_ = (None, Verdict.UNSURE)
    decided = [(a, machine) for a, machine in pairs if a not in open_ and machine not in open_]
    same = sum((a == Verdict.FAIL) == (machine == Verdict.FAIL) for a, machine in decided)
    return Share(same, len(decided))


def _rater(rater: str, found: Round, points: Sequence[_Said], said: Sequence[_Said]) -> RaterResult:
    """Items count for the majority too, but the machine says nothing of them."""
    like = [
        one.unit.answers[rater] == most
        for one in said
        if rater in one.unit.answers and (most := _majority(one, rater)) is not None
    ]
    own = [(a.answer, one.machine) for one in points for a in one.answers if a.rater == rater]
    return RaterResult(
        rater, found.done_by(rater), Share(sum(like), len(like)),
        _alike(own), Share(sum(answer == Verdict.FAIL for answer, _ in own), len(own)),
    )  # fmt: skip


def _majority(one: _Said, rater: str) -> str | None:
    """What more than half of the others answered."""
    others = Counter(a.answer for a in one.answers if a.rater != rater)
    if not others:
        return None
    answer, count = others.most_common(1)[0]
    return answer if 2 * count > others.total() else None


def _call(
    call: AskedCall, content: Mapping[str, Any], answers: Sequence[Answer], raters: Sequence[str]
) -> CallResult:
    scores = {}
    for rater in raters:
        own = {a.subject: a for a in answers if a.rater == rater}
        if own:
            scores[rater] = score_of(content, call, own)
    return CallResult(call, scores)


def _disputes(said: Sequence[_Said], outcomes: Sequence[Outcome]) -> Iterable[Dispute]:
    """Where answers differ; the most divided first, key points before others."""
    notes: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        notes[outcome.content_sha256, outcome.subject].append(outcome)
    split = [one for one in said if len({a.answer for a in one.answers}) > 1]
    split.sort(key=lambda one: (not one.question.key_point, _largest(one)))
    for one in split:
        key = one.call.content_sha256, one.question.subject
        yield Dispute(one.call, one.question, one.answers, one.machine, tuple(notes[key]))


def _largest(one: _Said) -> float:
    """The share of those who answered the same as most."""
    counts = Counter(a.answer for a in one.answers)
    return counts.most_common(1)[0][1] / counts.total()
