"""What rules say of speech: their own examples, and what they tell agents to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.domain import Verdict
from pipeline.rules.checks import Placed
from pipeline.rules.evaluation import evaluate_rule
from pipeline.rules.examples import parse_dialogue, run_rule_examples
from pipeline.rules.lints.base import Place, Remark, Subject, about
from pipeline.rules.logic import names_in
from pipeline.rules.model import Rule

AT_ONCE = 8  # sentences that are tried in one call; fewer than the evidence that a finding keeps
Said = tuple[Placed, Place, str]


def example(subject: Subject) -> Iterator[Remark]:
    """The examples of a rule hold."""
    for rule, placed in subject.rules():
        for result in run_rule_examples(rule, subject.prepare, subject.pack):
            if result.ok:
                continue
            said = " / ".join(result.lines)
            yield about(
                placed, "example", ("examples", result.kind, result.number - 1),
                f"示例“{said}”应为 {result.kind}，实为 {result.verdict}：{result.why}",
                f"the example “{said}” should be {result.kind} and is {result.verdict}: "
                f"{result.why}",
            )  # fmt: skip


def collision(subject: Subject) -> Iterator[Remark]:
    """What one rule wants to be said fails no rule."""
    rules = [rule for rule in subject.pack.rules if rule.forbid and not rule.prerequisite]
    own = [rule for rule in rules if subject.pack.placed[rule.id].layer is subject.layer]
    said = list(_wanted(subject))
    here = [one for one in said if one[0].layer is subject.layer]
    inherited = [one for one in said if one[0].layer is not subject.layer]
    for texts, judges in ((here, rules), (inherited, own)):
        for k in range(0, len(texts), AT_ONCE):
            yield from _collisions(subject, texts[k : k + AT_ONCE], judges)


def _wanted(subject: Subject) -> Iterator[Said]:
    """Required phrases and what agents should have said, each with its place."""
    for placed in subject.pack.placed.values():
        rule = placed.entry
        if not isinstance(rule, Rule):
            continue
        yield placed, ("suggestion",), rule.suggestion
        if not rule.require:
            continue
        for name in names_in(rule.judged):
            condition = rule.conditions[name]
            for field in ("phrases", "examples"):
                if getattr(condition, "role", None) == "customer":
                    continue
                for phrase in getattr(condition, field, ()):
                    for way in phrase.split("|"):
                        yield placed, ("conditions", name, field), way


def _collisions(subject: Subject, said: Sequence[Said], rules: Sequence[Rule]) -> Iterator[Remark]:
    lines = [line for *_, text in said for line in (f"客服: {text}", "客户: 嗯。")]
    call = subject.prepare(parse_dialogue(lines), None)
    for rule in rules:
        found = evaluate_rule(rule, call)
        if found.verdict is not Verdict.FAIL:
            continue
        for number in dict.fromkeys(item.segment // 2 for item in found.evidence):
            placed, path, text = said[number]
            alone = evaluate_rule(rule, subject.prepare(parse_dialogue([f"客服: {text}"]), None))
            if alone.verdict is Verdict.FAIL:
                yield about(
                    placed, "collision", path,
                    f"要求说的“{text}”会被规则 {rule.id}（{rule.title}）判为不通过",
                    f"“{text}”, which should be said, fails the rule {rule.id}",
                )  # fmt: skip
