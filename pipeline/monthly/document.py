"""The report as a document: what the shift leader hands on, to be printed and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.documents import (
    Align,
    Block,
    Callout,
    Chart,
    ChartKind,
    Document,
    Heading,
    Look,
    Paragraph,
    Series,
    Span,
    Table,
    Text,
    Tile,
    Tiles,
)
from pipeline.monthly import lists, tables
from pipeline.monthly.grid import Grid, shown
from pipeline.monthly.report import MonthReport
from pipeline.monthly.sheets import subtitle
from pipeline.monthly.words import Words

MOST_ROWS = 40  # of a table; the workbook has all
NUMBERS = ("count", "score", "share")


def document(report: MonthReport, language: str) -> Document:
    """The blocks; the same report and language give the same ones."""
    words = Words(language)
    return Document(
        words("report"), subtitle(words, report), tuple(_blocks(words, report)), report.made,
        language, f"{words('report')}　{report.period.month}",
    )  # fmt: skip


def _blocks(words: Words, report: MonthReport) -> Iterator[Block]:
    yield Paragraph(lead(words, report), Look.LEAD)
    yield _tiles(words, report)
    yield Heading(words("results"))
    yield from _part(
        tables.results(words, words("by_team"), report.teams, lambda key: key or words("no_team"))
    )
    yield from _part(
        tables.results(words, words("by_line"), report.lines, lambda key: words.of("line", key))
    )
    yield Heading(words("days_sheet"))
    yield from _charts(words, report)
    yield from _part(tables.spans(words, words("by_week"), report.weeks))
    yield from _part(tables.spans(words, words("by_day"), report.days))
    yield Heading(words("points_sheet"))
    yield from _part(tables.failing(words, words("failing_points"), report.points))
    yield from _part(tables.failing(words, words("failing_rules"), report.rules))
    if report.problems:
        yield from _alone(tables.problems(words, report), words)
    yield from _alone(tables.ranking(words, report.ranking), words)
    yield from _rewards(words, report)
    yield from _alone(lists.vetoes(words, report), words)
    yield Heading(words("open_sheet"))
    for grid in (lists.open_reviews, lists.open_appeals, lists.open_disputes):
        yield from _part(grid(words, report), words)
    if report.forms:
        yield Heading(words("forms"))
        yield Paragraph(_forms(report))
    yield from _alone(lists.basis(words, report), words)
    yield from _part(lists.readers(words, report), words)


def lead(words: Words, report: MonthReport) -> str:
    """The month in one sentence."""
    now, before = report.whole.now, report.whole.before
    interval, against = "", words("no_before")
    if now.scores.interval:
        low, high = now.scores.interval
        interval = words("interval", low=f"{low:.1f}", high=f"{high:.1f}")
    if now.mean is not None and before.mean is not None:
        chance = words(tables.CHANGES[report.whole.mean_change])
        against = words("against", difference=f"{now.mean - before.mean:+.1f}", chance=chance)
    return words(
        "lead", calls=f"{now.calls:,}", mean=shown(now.mean, "score"), interval=interval,
        change=against, rate=shown(now.pass_rate, "share"), vetoed=f"{now.vetoed:,}",
        heard=f"{now.heard:,}",
    )  # fmt: skip


def _tiles(words: Words, report: MonthReport) -> Tiles:
    now, before = report.whole.now, report.whole.before

    def note(value: object, look: str) -> str:
        return f"{words('before')} {shown(value, look)}" if before.calls else ""

    return Tiles(
        (
            Tile(words("calls"), f"{now.calls:,}", note(before.calls, "count")),
            Tile(words("mean"), shown(now.mean, "score"), note(before.mean, "score")),
            Tile(
                words("pass_rate"), shown(now.pass_rate, "share"), note(before.pass_rate, "share")
            ),
            Tile(words("vetoed"), f"{now.vetoed:,}", note(before.vetoed, "count")),
            Tile(words("heard"), f"{now.heard:,}", note(before.heard, "count")),
        )
    )


def _charts(words: Words, report: MonthReport) -> Iterator[Block]:
    weeks = tuple(f"{one.first:%m-%d}" for one in report.weeks)
    if len(weeks) < 2:
        return
    means = tuple(one.counts.mean for one in report.weeks)
    rates = tuple(one.counts.pass_rate for one in report.weeks)
    for title, values, form in (("mean_by_week", means, "0.0"), ("rate_by_week", rates, "0%")):
        yield Chart(
            ChartKind.LINES, words(title), weeks, (Series(words(title), values),), form,
            height=4.2,
        )  # fmt: skip


def _rewards(words: Words, report: MonthReport) -> Iterator[Block]:
    yield Heading(words("rewards"))
    yield Callout(words("rewards_sheet"), words("rewards_note"))
    if not report.rewards:
        yield Paragraph(words("nobody" if report.rules_given else "no_rules"))
        return
    grid = lists.rewards(words, report, every_call=False)
    yield _table(grid)
    yield from _more(grid, words)
    said = [
        f"{kind} {state}：{many}，{shown(amount, 'score')} {unit}"
        for kind, state, unit, many, amount in lists.sums(words, report)
    ]
    yield Paragraph("；".join(said), Look.NOTE)
    yield from _part(lists.behind(words, report), words)


def _forms(report: MonthReport) -> Text:
    spans: list[str | Span] = []
    for name, link in (report.forms or {}).items():
        spans += ["　" if spans else "", Span(name, link=link)]
    return tuple(spans)


def _alone(grid: Grid, words: Words) -> Iterator[Block]:
    """A part that is one table."""
    yield Heading(grid.title)
    yield from _filled(grid, words)


def _part(grid: Grid, words: Words | None = None) -> Iterator[Block]:
    yield Heading(grid.title, 2)
    yield from _filled(grid, words)


def _filled(grid: Grid, words: Words | None) -> Iterator[Block]:
    if not grid.rows:
        yield Paragraph(grid.none)
        return
    yield _table(grid)
    if words is not None:
        yield from _more(grid, words)
    if grid.note:
        yield Paragraph(grid.note, Look.NOTE)


def _more(grid: Grid, words: Words) -> Iterator[Block]:
    if len(grid.rows) > MOST_ROWS:
        yield Paragraph(words("more_in_workbook", n=len(grid.rows)), Look.NOTE)


def _table(grid: Grid) -> Table:
    kept = [place for place, column in enumerate(grid.columns) if column.paper]
    columns = [grid.columns[place] for place in kept]

    def line(row: Sequence[object]) -> list[str]:
        return [shown(row[place], grid.columns[place].look) for place in kept]

    rows: list[tuple[Text, ...]] = [tuple(line(row)) for row in grid.rows[:MOST_ROWS]]
    if grid.total:
        rows.append(tuple((Span(text, bold=True),) for text in line(grid.totals())))
    aligns = tuple(Align.RIGHT if one.look in NUMBERS else Align.LEFT for one in columns)
    head = tuple(one.head for one in columns)
    whole = sum(one.width for one in columns)
    return Table(head, tuple(rows), tuple(one.width / whole for one in columns), aligns)
