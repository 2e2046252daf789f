"""The sheet of one agent: A4 across, one page wide, sums as formulas that follow every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.agents.filled import COLUMNS, People, begin
from pipeline.agents.form import Deduction, Form
from pipeline.agents.trend import PointRecord
from pipeline.agents.words import Words
from pipeline.domain import AppealState
from pipeline.workbooks import Cells, Looks, Worksheet, at, lay_out

WIDTHS = (17, 20, 26, 22, 11, 40, 11, 22)
HEAD_ROWS = 2  # repeated on every page
ENDED = (AppealState.UPHELD, AppealState.DISMISSED, AppealState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Sums:
    """Addresses of the sums of the weeks."""

    calls: str
    heard: str
    vetoed: str
    mean: str
    heard_mean: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """Addresses of an agent's figures, which the overview refers to."""

    sums: Sums
    deducted: str
    grade: str
    overall: str


def write_form(sheet: Worksheet, looks: Looks, form: Form, words: Words) -> Anchors:
    """Fill an empty sheet; what it comes to is worked out by the sheet itself."""
    lay_out(sheet, words("page"), HEAD_ROWS, left=f"{form.first:%Y-%m}")
    writer = _Writer(Cells(sheet, looks, WIDTHS), words, form)
    return writer.write()


class _Writer:
    """Writes the parts in their order; the figures above refer to sums below them."""

    def __init__(self, cells: Cells, words: Words, form: Form) -> None:
        self.cells = cells
        self.words = words
        self.form = form

    def write(self) -> Anchors:
        cells, words = self.cells, self.words
        title = words("title")
        cells.sheet.merge_range(0, 0, 0, COLUMNS - 1, title, cells.looks("title"))
        cells.sheet.set_row(0, 26)
        cells.row = 1
        self._who()
        figures, cells.row = cells.row, cells.row + 2
        sums = self._weeks()
        self._points()
        self._heard()
        overall, grade = People(cells, words, self.form).write(sums.mean)
        deducted = self._deductions()
        cells.row = figures
        self._figures(sums, deducted, grade)
        return Anchors(sums, deducted, grade, overall)

    def _who(self) -> None:
        words, of = self.words, self.form.figures
        pairs = (
            ("agent", of.agent_name), ("agent_id", of.agent_id), ("team", of.team),
            ("month", f"{self.form.first:%Y-%m}"),
        )  # fmt: skip
        self.cells.line(
            [part for key, value in pairs for part in (words(key), value)],
            ["label", "plain"] * len(pairs),
        )

    def _figures(self, sums: Sums, deducted: str, grade: str) -> None:
        """Two rows that only repeat what is worked out below."""
        of, form = self.form.figures, self.form
        heard_mean = _mean([call.score for call in form.heard])
        self._row_of(
            ("calls", sums.calls, of.calls, "count"), ("heard", sums.heard, of.heard, "count"),
            ("vetoed", sums.vetoed, of.vetoed, "count"), ("mean", sums.mean, of.mean, "score"),
        )  # fmt: skip
        total = sum(one.points for one in form.deductions)
        self._row_of(
            ("heard_mean", sums.heard_mean, heard_mean, "score"),
            ("deducted", deducted, total, "score"),
            ("appeals", None, self._appeals(), "text"),
            ("grade", grade, form.grade, "plain"),
        )

    def _row_of(self, *parts: tuple[str, str | None, object, str]) -> None:
        for place, (key, address, value, look) in enumerate(parts):
            self.cells.put(2 * place, self.words(key), "label")
            if address is None:
                self.cells.put(2 * place + 1, value, look)
            else:
                self.cells.formula(2 * place + 1, address, value, look)
        self.cells.row += 1

    def _appeals(self) -> str:
        found = self.form.appeals
        still = sum(count for state, count in found.items() if state not in ENDED)
        return self.words(
            "appeals_said", all=found.total(), upheld=found[AppealState.UPHELD],
            dismissed=found[AppealState.DISMISSED], open=still,
        )  # fmt: skip

    # ── what was measured ────────────────────────────────────────────────────────────────────────

    def _weeks(self) -> Sums:
        cells, words, of = self.cells, self.words, self.form.figures
        self._begin(
            "weeks", "week_from", "week_to", "calls", "mean", "heard", "heard_mean", "vetoed"
        )
        first = cells.row
        for week in self.form.weeks:
            heard = week.heard_total / week.heard if week.heard else None
            cells.line(
                (week.first, week.last, week.scores.count, week.scores.mean, week.heard, heard,
                 week.vetoed),
                ("day", "day", "count", "score", "count", "score", "count"),
            )  # fmt: skip
        last = cells.row - 1
        cells.put(0, words("total"), "sum_label")
        cells.put(1, None, "sum_label")
        listened = _mean([call.score for call in self.form.heard])
        found = Sums(
            calls=self._sum(2, first, last, of.calls, "sum"),
            mean=self._weighted(3, 2, (first, last), of.mean),
            heard=self._sum(4, first, last, of.heard, "sum"),
            heard_mean=self._weighted(5, 4, (first, last), listened),
            vetoed=self._sum(6, first, last, of.vetoed, "sum"),
        )
        cells.row += 1
        return found

    def _points(self) -> None:
        """Sections and what is below them; the total is of the sections, which hold the rest."""
        cells, words = self.cells, self.words
        self._begin(
            "points", "pack", "number", "point", "applies", "failed", "rate", "lost", "each"
        )
        known = {(one.pack, one.number) for one in self.form.points}
        sections: list[tuple[str, float]] = []
        for one in self.form.points:
            depth = one.number.count(".")
            if not known & set(_above(one)):
                sections.append((at(cells.row, 6), one.points))
            cells.put(0, words.of("line", one.pack))
            cells.put(1, one.number, "plain" if depth else "strong")
            cells.put(2, "　" * depth + one.title, "text" if depth else "strong")
            cells.put(3, one.calls, "count")
            cells.put(4, one.fails, "count")
            self._share(5, 4, one.rate, "share")
            cells.put(6, one.points, "score")
            self._share(7, 6, one.points / one.calls if one.calls else None, "score")
            cells.fit((2, one.title))
            cells.row += 1
        for column in range(COLUMNS):
            cells.put(column, words("total") if column == 0 else None, "sum_label")
        addresses = "+".join(address for address, _ in sections) or "0"
        cells.formula(6, addresses, sum(points for _, points in sections), "sum_score")
        cells.row += 1

    def _heard(self) -> None:
        cells, words = self.cells, self.words
        self._begin(
            "listened", "when", "call", "line", "reviewer", "vetoed", "grade",
            "machine_score", "score",
        )  # fmt: skip
        first = cells.row
        for call in self.form.heard:
            cells.line(
                (call.at, call.call_id, words.of("line", call.business_line), call.reviewer,
                 words("yes") if call.vetoed else None, call.grade, call.machine_score, call.score),
                ("moment", "text", "plain", "plain", "plain", "plain", "score", "score"),
            )  # fmt: skip
        if not self.form.heard:
            cells.line([words("none"), *[None] * (COLUMNS - 1)])
        last = cells.row - 1
        cells.line([words("mean"), *[None] * (COLUMNS - 3)], "sum_label")
        cells.row -= 1
        for column, values in (
            (6, [call.machine_score for call in self.form.heard]),
            (7, [call.score for call in self.form.heard]),
        ):
            area = f"{at(first, column)}:{at(last, column)}"
            cells.formula(
                column, f'IF(COUNT({area})=0,"",AVERAGE({area}))', _mean(values), "sum_score"
            )
        cells.row += 1

    def _deductions(self) -> str:
        cells, words = self.cells, self.words
        self._begin(
            "deductions", "when", "call", "rule", "point", "severity", "quote", "lost", "outcome"
        )
        titles = {(one.pack, one.number): one.title for one in self.form.points}
        first = cells.row
        for one in self.form.deductions:
            point = f"{one.control_point} {titles.get((one.pack, one.control_point), '')}".strip()
            cells.line(
                (one.at, one.call_id, words.title(one.title, one.title_en), point,
                 self._severity(one), one.quote, one.points, self._outcome(one)),
                ("moment", "text", "text", "text", "plain", "text", "score", "text"),
            )  # fmt: skip
        if not self.form.deductions:
            cells.line([words("none"), *[None] * (COLUMNS - 1)])
        last = cells.row - 1
        cells.line([words("total"), *[None] * (COLUMNS - 3)], "sum_label")
        cells.row -= 1
        total = sum(one.points for one in self.form.deductions)
        address = self._sum(6, first, last, total, "sum_score")
        cells.put(7, None, "sum_label")
        cells.row += 1
        return address

    def _severity(self, one: Deduction) -> str:
        if one.severity is None:
            return self.words("judged")
        return self.words("vetoed") if one.veto else self.words.of("severity", one.severity)

    def _outcome(self, one: Deduction) -> str:
        if one.appeal is not None:
            return self.words(str(one.appeal.state))
        if one.severity is None:
            return f"{self.words('judged')} {one.reviewer}"
        if one.decision is None:
            return self.words("machine")
        return f"{self.words(str(one.decision))} {one.reviewer}"

    # ── how ──────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, section: str, *heads: str) -> None:
        begin(self.cells, self.words, section, *heads)

    def _sum(self, column: int, first: int, last: int, value: object, look: str) -> str:
        area = f"{at(first, column)}:{at(max(last, first), column)}"
        return self.cells.formula(column, f"SUM({area})", value, look)

    def _weighted(self, column: int, weight: int, rows: tuple[int, int], value: object) -> str:
        """A mean of means by how many each is of."""
        first, last = rows
        means, counts = (f"{at(first, c)}:{at(last, c)}" for c in (column, weight))
        whole = f"SUM({counts})"
        formula = f'IF({whole}=0,"",SUMPRODUCT({means},{counts})/{whole})'
        return self.cells.formula(column, formula, value, "sum_score")

    def _share(self, column: int, part: int, value: object, look: str) -> None:
        row = self.cells.row
        formula = f'IF({at(row, 3)}=0,"",{at(row, part)}/{at(row, 3)})'
        self.cells.formula(column, formula, value, look)


def _above(one: PointRecord) -> list[tuple[str, str]]:
    """The points above one: of `1.2.3` these are `1.2` and `1`."""
    parts = one.number.split(".")
    return [(one.pack, ".".join(parts[:count])) for count in range(1, len(parts))]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
