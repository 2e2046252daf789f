"""Whether a rule says on what authority it stands, from when to when, and under a fitting title."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise

from pipeline.rules.checks import Placed
from pipeline.rules.lints.base import Remark, Subject, about
from pipeline.rules.model import Rule
from pipeline.rules.parts import Period

LONGEST_TITLE, LONGEST_ENGLISH = 20, 72
# The compliance list: how many checks there are under every letter.
CHECKS = {"A": 11, "B": 16, "C": 21, "D": 15, "E": 6, "F": 4}


def authority(subject: Subject) -> Iterator[Remark]:
    """A rule that names no check of the compliance list rests on a rule of the house."""
    for rule, placed in subject.rules():
        if not rule.checks and rule.reference.status != "house":
            yield about(
                placed, "authority", ("checks",),
                "没有检查项，依据也不是内部规范：写上检查项编号，或把依据的状态改为 house",
                "no checks and no house reference: name a check, or give the reference "
                "status: house",
            )  # fmt: skip


def unknown_check(subject: Subject) -> Iterator[Remark]:
    """A check has a number that the compliance list has."""
    known = ", ".join(f"{letter}1–{letter}{count}" for letter, count in CHECKS.items())
    for rule, placed in subject.rules():
        for k, check in enumerate(rule.checks):
            if int(check[1:]) > CHECKS[check[0]]:
                yield about(
                    placed, "unknown_check", ("checks", k),
                    f"合规清单里没有 {check}；有：{known}",
                    f"the compliance list has no {check}; known: {known}",
                )  # fmt: skip


def long_title(subject: Subject) -> Iterator[Remark]:
    """A title fits into a line of a table."""
    limits = (("title", LONGEST_TITLE), ("title_en", LONGEST_ENGLISH))
    for rule, placed in subject.rules():
        for field, most in limits:
            size = len(getattr(rule, field))
            if size > most:
                yield about(
                    placed, "long_title", (field,),
                    f"有 {size} 个字符，表格里放不下；请不要超过 {most} 个",
                    f"{size} characters do not fit into a table; at most {most}, please",
                )  # fmt: skip


def lonely_fact(subject: Subject) -> Iterator[Remark]:
    """A fact is shared by two rules at least, else it does nothing."""
    for rule, placed in subject.rules():
        if rule.fact is None:
            continue
        others = {r.id for pack in subject.holders for r in pack.rules if r.fact == rule.fact}
        if others <= {rule.id}:
            yield about(
                placed, "lonely_fact", ("fact",),
                f"没有别的规则写同一事实 {rule.fact}，写了也不起作用",
                f"no other rule has the fact {rule.fact}: it does nothing",
            )  # fmt: skip


def overlapping_dates(subject: Subject) -> Iterator[Remark]:
    """Of rules that are one rule in two versions, one begins when the other has ended."""
    own = {rule.id for rule, _ in subject.rules()}
    placed = subject.pack.placed
    for one, other in combinations(subject.pack.rules, 2):
        if other.id not in own and one.id not in own:
            continue
        if _same_rule(one, other) and _overlap(one.effective, other.effective):
            late = other if other.id in own else one
            early = one if late is other else other
            yield about(
                placed[late.id], "overlapping_dates", ("title",),
                f"与 {early.id}（{_at(placed[early.id])}）标题相同且同时有效；"
                "若是新旧两版，请用 effective 错开",
                f"has the title of {early.id} ({_at(placed[early.id])}) and is in force at the "
                "same time; if they are old and new, let effective: part them",
            )  # fmt: skip


def _at(placed: Placed) -> str:
    return placed.at("id")


def _same_rule(one: Rule, other: Rule) -> bool:
    return one.title == other.title


def _overlap(one: Period, other: Period) -> bool:
    first = max(one.start or date.min, other.start or date.min)
    last = min(one.end or date.max, other.end or date.max)
    return first <= last


def never_in_force(subject: Subject) -> Iterator[Remark]:
    """A rule is in force on some day on which its pack is."""
    for rule, placed in subject.rules():
        if not _overlap(rule.effective, subject.layer.file.effective):
            yield about(
                placed, "never_in_force", ("effective",),
                "与规则包的有效期没有交集，永远不会生效",
                "never in force: its days and those of the pack have none in common",
            )  # fmt: skip


def version_dates(subject: Subject) -> Iterator[Remark]:
    """A version of a pack begins on the day after the one before has ended."""
    for before, after in pairwise(subject.versions):
        end, start = before.effective.end, after.effective.start
        if after.layers[-1] is not subject.layer or end is None or start is None:
            continue
        if start <= end:
            yield subject.remark(
                "version_dates", ("effective",),
                f"从 {start} 起有效，而 {before.version} 版到 {end} 才止；重叠的日子按本版计",
                f"in force from {start}, but version {before.version} ends on {end} only; "
                "this one holds on the days of both",
            )  # fmt: skip
        elif start > end + timedelta(days=1):
            yield subject.remark(
                "version_dates", ("effective",),
                f"{before.version} 版到 {end} 止，本版从 {start} 起；中间的日子没有有效的版本",
                f"version {before.version} ends on {end}, this one begins on {start}: no version "
                "is in force in between",
            )  # fmt: skip
