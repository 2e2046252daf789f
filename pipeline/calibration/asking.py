"""What is asked of a call: the control points of the pack that scored it, and what people judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.domain import (
    Answer,
    AskedCall,
    Decisions,
    Finding,
    Severity,
    Verdict,
)
from pipeline.errors import BadInput
from pipeline.rules.kept import kept_pack
from pipeline.scoring import with_decisions
from pipeline.scoring.card import WORST_FIRST

Row = Mapping[str, Any]
Asked = Mapping[str, Mapping[str, str]]  # subject → rule → what the machine said


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule of a control point: what can be violated there."""

    id: str
    title: str
    title_en: str
    veto: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A control point (`rules`), or a human item (`levels` as name and points, best first).

    `section` is the title of the top point above it.
    """

    subject: str
    number: str
    title: str
    title_en: str
    section: str
    key_point: bool
    rules: tuple[AskedRule, ...] = ()
    levels: tuple[tuple[str, float], ...] = ()
    guidance: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be answered."""
        return tuple(name for name, _ in self.levels) or CHOICES


CHOICES = tuple(
    str(v) for v in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.UNSURE)
)


def asked_of(call: Row, findings: Sequence[Row], content: Row) -> AskedCall:
    """What a round asks of a stored call: every control point that a rule looked at, every item.

    `content` is that of the pack that scored it. BadPack when it was kept without its scorecard.
    """
    kept_pack(content, str(call["pack_hash"]))
    asked: dict[str, dict[str, str]] = {}
    said = {finding["rule"]: str(finding["verdict"]) for finding in findings}
    for question in _questions(content):
        rules = {rule.id: said[rule.id] for rule in question.rules if rule.id in said}
        if rules or question.levels:
            asked[question.subject] = rules
    return AskedCall(
        str(call["content_sha256"]), str(call["call_id"]), str(call["pack_hash"]), asked,
        float(call["score"]),
    )  # fmt: skip


def questions(content: Row, rules: Mapping[str, Sequence[str]]) -> tuple[Question, ...]:
    """Those of a round's call in the order of the card; `rules`: of each subject that is asked."""
    return tuple(
        Question(
            q.subject, q.number, q.title, q.title_en, q.section, q.key_point,
            tuple(rule for rule in q.rules if rule.id in rules[q.subject]), q.levels, q.guidance,
        )
        for q in _questions(content)
        if q.subject in rules
    )  # fmt: skip


def _questions(content: Row) -> Iterator[Question]:
    titles = {point["number"]: point["title"] for point in content["control_points"]}
    for point in content["control_points"]:
        number = point["number"]
        section = titles.get(number.partition(".")[0], "")
        rules = [rule for rule in content["rules"] if rule["control_point"] == number]
        if rules:
            key = point["key_point"] or any(rule["key_point"] for rule in rules)
            yield Question(
                number, number, point["title"], "", section, key,
                tuple(AskedRule(r["id"], r["title"], r["title_en"], r["veto"]) for r in rules),
            )  # fmt: skip
        for item in content["human"]:
            if item["control_point"] == number:
                levels = tuple((name, cost) for name, cost in item["levels"])
                yield Question(
                    item["id"], number, item["title"], item["title_en"], section, False, (),
                    levels, item["guidance"],
                )  # fmt: skip


def refuse_unknown(question: Question | None, answer: str) -> None:
    """BadInput for an answer that the question does not have."""
    if question is None or answer not in question.choices:
        known = ", ".join(question.choices) if question else ""
        raise BadInput(f"'{answer}' cannot be answered here; choose one of: {known or 'nothing'}")


# ── what answers come to ─────────────────────────────────────────────────────────────────────────


def machine_said(rules: Mapping[str, str]) -> str | None:
    """The machine's verdict of a control point: the worst of its rules; None for an item."""
    return next((str(v) for v in WORST_FIRST if v in rules.values()), None)


def score_of(content: Row, call: AskedCall, answers: Mapping[str, Answer]) -> float:
    """The score that a person's answers make under the pack of the call, by its own arithmetic.

    Each rule fails once at most. Of a point that is met the rules that the machine did not apply
    stay out.
    """
    kept = kept_pack(content, call.pack_hash)
    findings = [
        _finding(rule, verdict, kept.plan.prices[rule["id"]].of(verdict))
        for rule in content["rules"]
        if (verdict := _verdict(rule, call.asked, answers)) is not None
    ]
    known = {item.item for item in kept.plan.human_items}
    levels = {subject: a.answer for subject, a in answers.items() if subject in known}
    _, card = with_decisions(kept.plan, kept, findings, Decisions(levels=levels))
    return card.score


def _verdict(rule: Row, asked: Asked, answers: Mapping[str, Answer]) -> Verdict | None:
    """What a person's answer about a control point says of one of its rules."""
    machine = asked.get(rule["control_point"], {}).get(rule["id"])
    answer = answers.get(rule["control_point"])
    if machine is None or answer is None:
        return None
    if rule["id"] in answer.rules:
        return Verdict.FAIL
    if answer.answer in (Verdict.PASS, Verdict.FAIL):
        return Verdict.NOT_APPLICABLE if machine == Verdict.NOT_APPLICABLE else Verdict.PASS
    return Verdict(answer.answer)


def _finding(rule: Row, verdict: Verdict, points: float) -> Finding:
    return Finding(
        rule["id"], rule["title"], tuple(rule["checks"]), rule["control_point"], verdict,
        Severity(rule["severity"]), points, "", 1.0, key_point=rule["key_point"],
        veto=rule["veto"],
    )  # fmt: skip
