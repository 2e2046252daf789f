"""The lists of the report: rewards and what they rest on, vetoes, open items, basis."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.monthly.grid import Column, Grid, Total
from pipeline.monthly.report import Cited, LineState, MonthReport, Reason, RewardLine
from pipeline.monthly.words import Words
from pipeline.reward_rules import Figure

SHARES = (Figure.PASS_RATE,)
SCORES = (Figure.MEAN, Figure.CHECKED_MEAN, Figure.CONFIRMED_POINTS)
MOST_NAMED = 12  # calls named in a line; all of them are in the workbook


def rewards(words: Words, report: MonthReport, *, every_call: bool) -> Grid:
    """The list; every line says by which figures, and names the calls behind it."""
    columns = (
        Column(words("agent_id"), width=10),
        Column(words("agent"), width=11),
        Column(words("team"), width=9),
        Column(words("kind"), width=8),
        Column(words("reward_rule"), "text", 19),
        Column(words("state"), "text", 13),
        Column(words("amount"), "score", 10),
        Column(words("unit"), width=7),
        Column(words("why"), "text", 34),
        Column(words("calls_behind"), "text", 30),
    )
    rows = tuple(
        (
            one.agent_id, one.agent_name, one.team, words.of("kind", one.rule.kind),
            rule_of(words, one), words.of("line", str(one.state)), one.amount, one.rule.unit,
            why(words, one), _calls(one, every=every_call),
        )
        for one in report.rewards
    )  # fmt: skip
    return Grid(
        words("rewards"), columns, rows, note=words("rewards_note"), none=words("nobody")
    )  # fmt: skip


def rule_of(words: Words, one: RewardLine) -> str:
    """The rule by name, with what it says."""
    text = words.title(one.rule.text, one.rule.text_en)
    name = words.title(one.rule.name, one.rule.name_en)
    return f"{name}：{text}" if text else name


def why(words: Words, one: RewardLine) -> str:
    """The figures beside the conditions that they keep to."""
    return "；".join(_reason(words, reason) for reason in one.reasons)


def _reason(words: Words, reason: Reason) -> str:
    limits = [
        words(name, n=_number(words, reason.figure, limit))
        for name, limit in (
            ("at_least", reason.limits.at_least), ("at_most", reason.limits.at_most)
        )
        if limit is not None
    ]  # fmt: skip
    said = words(f"figure_{reason.figure}", n=_number(words, reason.figure, reason.value))
    return f"{said}（{'，'.join(limits)}）"


def _number(words: Words, figure: Figure, value: float) -> str:
    if figure is Figure.STANDS:
        return words.of("stands", f"{value:.0f}")
    if figure in SHARES:
        return f"{value:.1%}"
    return f"{value:.1f}" if figure in SCORES else f"{value:g}"


def calls_of(one: RewardLine) -> tuple[str, ...]:
    """Ids of the calls behind a line: of its findings, else those that people listened to."""
    found = dict.fromkeys(cited.call_id for cited in one.findings)
    return tuple(found) or one.checked


def _calls(one: RewardLine, *, every: bool) -> str:
    ids = calls_of(one)
    shown = ids if every else ids[:MOST_NAMED]
    return "、".join(shown) + (f" …（{len(ids)}）" if len(ids) > len(shown) else "")


def sums(words: Words, report: MonthReport) -> list[tuple[str, str, str, int, float]]:
    """Kind, state, unit, how many lines and how much; in the order in which they first stand."""
    found: dict[tuple[str, LineState, str], list[float]] = {}
    for one in report.rewards:
        found.setdefault((one.rule.kind, one.state, one.rule.unit), []).append(one.amount)
    return [
        (words.of("kind", kind), words.of("line", str(state)), unit, len(amounts), sum(amounts))
        for (kind, state, unit), amounts in found.items()
    ]


def behind(words: Words, report: MonthReport) -> Grid:
    """Every finding that a line rests on, with who decided it and where an appeal stands."""
    found = {
        (one.call_id, one.rule): one for line in report.rewards for one in line.findings
    }  # fmt: skip
    return _cited(words, words("behind"), found.values())


def vetoes(words: Words, report: MonthReport) -> Grid:
    """Every veto of the month with where it stands."""
    return _cited(words, words("vetoes"), report.vetoes)


def _cited(words: Words, title: str, found: Iterable[Cited]) -> Grid:
    columns = (
        Column(words("when"), "moment", 17),
        Column(words("call"), "text", 24),
        Column(words("agent_id"), width=11),
        Column(words("agent"), width=12),
        Column(words("team"), width=11),
        Column(words("rule"), "text", 28),
        Column(words("lost"), "score"),
        Column(words("state"), width=18),
        Column(words("reviewer"), width=12),
    )
    rows = tuple(
        (
            one.at, one.call_id, one.agent_id, one.agent_name, one.team,
            words.title(one.title, one.title_en), one.points, words.of("veto", str(one.state)),
            one.reviewer,
        )
        for one in found
    )  # fmt: skip
    return Grid(title, columns, rows, none=words("none"))


# ── what is open ─────────────────────────────────────────────────────────────────────────────────


def open_reviews(words: Words, report: MonthReport) -> Grid:
    """Reviews that are not done, by who has them."""
    columns = (
        Column(words("holder"), width=16),
        Column(words("calls"), "count", total=Total.SUM),
        Column(words("begun"), "count", total=Total.SUM),
        Column(words("vetoed"), "count", total=Total.SUM),
        Column(words("oldest"), "day", 13),
    )
    rows = tuple(
        (one.holder or words("unassigned"), one.calls, one.begun, one.vetoed, one.oldest)
        for one in report.open.reviews
    )
    note = ""
    if report.open.urgent:
        note = f"{words('open_urgent')}：{'、'.join(report.open.urgent)}"
    return Grid(words("open_reviews"), columns, rows, words("total"), note, words("none"))


def open_appeals(words: Words, report: MonthReport) -> Grid:
    """Appeals without an end, with what they wait for and until when."""
    columns = (
        Column(words("filed"), "moment", 17),
        Column(words("call"), "text", 24),
        Column(words("agent_id"), width=11),
        Column(words("team"), width=11),
        Column(words("rule"), "text", 28),
        Column(words("waits_for"), width=18),
        Column(words("leader_until"), "moment", 17),
    )
    rows = tuple(
        (
            one.filed_at, one.call_id, one.agent_id, one.team,
            words.title(one.title, one.title_en), words.of("wait", str(one.state)),
            one.leader_until,
        )
        for one in report.open.appeals
    )  # fmt: skip
    return Grid(words("open_appeals"), columns, rows, none=words("none"))


def open_disputes(words: Words, report: MonthReport) -> Grid:
    """Disputes of calibration of which nothing was agreed."""
    columns = (
        Column(words("round"), "text", 24),
        Column(words("closed"), "moment", 17),
        Column(words("call"), "text", 24),
        Column(words("subject"), "text", 30),
    )
    rows = tuple(
        (one.title, one.closed_at, one.call_id, one.subject) for one in report.open.disputes
    )
    return Grid(words("open_disputes"), columns, rows, none=words("none"))


def basis(words: Words, report: MonthReport) -> Grid:
    """What judged the calls."""
    columns = (
        Column(words("pack"), width=14),
        Column(words("version"), width=10),
        Column(words("hash"), width=15),
        Column(words("engine"), width=16),
        Column(words("model"), width=14),
        Column(words("revision"), width=15),
        Column(words("code"), width=10),
        Column(words("calls"), "count", total=Total.SUM),
    )
    rows = tuple(
        (
            words.of("line", one.pack), one.pack_version, one.pack_hash[:12], one.engine, one.model,
            one.revision[:12], one.code, one.calls,
        )
        for one in report.basis
    )  # fmt: skip
    return Grid(words("basis"), columns, rows, words("total"), none=words("none"))


def readers(words: Words, report: MonthReport) -> Grid:
    """Which models read the calls."""
    columns = (
        Column(words("reads"), width=20),
        Column(words("read_by"), "text", 28),
        Column(words("calls"), "count"),
    )
    rows = tuple((words.of("reads", one.kind), one.model, one.calls) for one in report.readers)
    return Grid(words("readers"), columns, rows, none=words("no_readers"))
