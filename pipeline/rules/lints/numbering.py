"""Control points: each is used, has the one above it, and is numbered without gaps."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.rules.lints.base import Remark, Subject


def unused_point(subject: Subject) -> Iterator[Remark]:
    """A control point, or one below it, has a rule or human item."""
    used = {
        placed.entry.control_point
        for pack in (subject.pack, *subject.holders)
        for placed in pack.placed.values()
    }
    for k, point in enumerate(subject.layer.file.control_points):
        number = point.number
        if not any(other == number or other.startswith(f"{number}.") for other in used):
            yield subject.remark(
                "unused_point", ("control_points", k),
                f"控制点 {number} {point.title} 没有规则使用",
                f"control point {number} is used by no rule",
            )  # fmt: skip


def numbering(subject: Subject) -> Iterator[Remark]:
    """1.2 stands below 1 and behind 1.1; top numbers may begin anywhere in an extending pack."""
    own = {p.number: k for k, p in enumerate(subject.layer.file.control_points)}
    packs = (subject.pack, *subject.holders)
    known = {point.number for pack in packs for point in pack.plan.control_points}
    for number, k in own.items():
        parent, _, last = number.rpartition(".")
        if parent and parent not in known:
            yield subject.remark(
                "numbering", ("control_points", k),
                f"有控制点 {number}，却没有上一级 {parent}",
                f"there is a control point {number} but no {parent} above it",
            )  # fmt: skip
            continue
        before = f"{parent}.{int(last) - 1}" if parent else str(int(last) - 1)
        lower = [n for n in own if not parent and "." not in n and int(n) < int(last)]
        if int(last) > 1 and before not in known and (parent or lower):
            yield subject.remark(
                "numbering", ("control_points", k),
                f"编号不连续：有 {number}，没有 {before}",
                f"a gap in the numbering: there is {number} but no {before}",
            )  # fmt: skip
