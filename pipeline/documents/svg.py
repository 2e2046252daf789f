"""Charts as SVG inside a page: no script, no picture file; told apart in grey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

from pipeline.documents import style
from pipeline.documents.blocks import Chart, ChartKind
from pipeline.documents.fit import width_in_ems

WIDTH = 700.0
UNIT = 48.0  # pixels of a centimetre of `height`
SIZE = 12.0
DASHES = ("", "6 4", "2 3", "8 3 2 3")
ROW = 20.0  # of a bar


@dataclass(frozen=True, slots=True)
class _Area:
    left: float
    top: float
    width: float
    height: float
    low: float
    high: float

    def up(self, value: float) -> float:
        """Where a value stands, from the top."""
        share = (value - self.low) / (self.high - self.low)
        return self.top + self.height * (1 - share)


def svg(chart: Chart) -> str:
    """The element `<svg>` of a chart."""
    bars = chart.kind is ChartKind.BARS
    many = len(chart.categories) * max(len(chart.series), 1)
    height = (many * ROW + 12 * len(chart.categories) + 24) if bars else chart.height * UNIT
    parts = [*_legend(chart), *(_bars(chart) if bars else _upright(chart, height))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" role="img" '
        f'font-family="{escape(style.STACK)}" '
        f'aria-label="{escape(chart.alt or chart.title)}">{"".join(parts)}</svg>'
    )


def _legend(chart: Chart) -> Iterator[str]:
    if len(chart.series) < 2:
        return
    left = 4.0
    for place, series in enumerate(chart.series):
        if chart.kind is ChartKind.LINES:
            yield _line([(left, 9), (left + 24, 9)], place)
            yield _mark(left + 12, 9, place)
        else:
            yield _box(left, 3, 24, 12, place)
        yield _text(left + 30, 13, series.name)
        left += 44 + width_in_ems(series.name) * SIZE


def _bars(chart: Chart) -> Iterator[str]:
    """Names at the left, values at the end of each bar."""
    names = max((width_in_ems(name) for name in chart.categories), default=1) * SIZE
    left = min(names + 10, WIDTH * 0.45)
    known = [value for one in chart.series for value in one.values if value is not None]
    longest = max([*known, 0.0]) or 1.0
    top = 24.0
    for place, name in enumerate(chart.categories):
        middle = top + ROW * len(chart.series) / 2 + 4
        yield _text(left - 8, middle, _short(name, left), anchor="end")
        for number, series in enumerate(chart.series):
            value = series.values[place]
            if value is not None:
                width = (WIDTH - left - 60) * value / longest
                yield _box(left, top + 3, max(width, 1), ROW - 6, number)
                yield _text(left + width + 6, top + ROW / 2 + 4, chart.said(value))
            top += ROW
        top += 12


def _short(name: str, width: float) -> str:
    most = max(int((width - 10) / SIZE), 2)
    return name if width_in_ems(name) <= most else f"{name[: most - 1]}…"


def _upright(chart: Chart, height: float) -> Iterator[str]:
    area = _area(chart, height)
    for step in _steps(area.low, area.high):
        y = area.up(step)
        yield (
            f'<line x1="{area.left:.1f}" x2="{area.left + area.width:.1f}" y1="{y:.1f}" '
            f'y2="{y:.1f}" stroke="#E1E6EB"/>'
        )
        yield _text(area.left - 6, y + 4, chart.said(step), anchor="end")
    each = area.width / max(len(chart.categories), 1)
    for place, name in enumerate(chart.categories):
        yield _text(area.left + each * (place + 0.5), height - 4, name, anchor="middle")
    for number in range(len(chart.series)):
        lines = chart.kind is ChartKind.LINES
        yield from (_points if lines else _columns)(chart, number, area, each)


def _points(chart: Chart, number: int, area: _Area, each: float) -> Iterator[str]:
    series = chart.series[number]
    found = [
        (area.left + each * (place + 0.5), area.up(value), place, value)
        for place, value in enumerate(series.values)
        if value is not None
    ]
    yield _line([(x, y) for x, y, *_ in found], number)
    for x, y, place, value in found:
        yield _mark(x, y, number)
        label = y - 9 if chart.above(series, place) else y + 18
        yield _text(x, label, chart.said(value), anchor="middle")


def _columns(chart: Chart, number: int, area: _Area, each: float) -> Iterator[str]:
    wide = each * 0.7 / len(chart.series)
    for place, value in enumerate(chart.series[number].values):
        if value is None:
            continue
        left = area.left + each * (place + 0.15) + wide * number
        top, foot = area.up(value), area.up(max(area.low, 0.0))
        yield _box(left, min(top, foot), wide, abs(foot - top), number)
        yield _text(left + wide / 2, top - 4, chart.said(value), anchor="middle")


def _area(chart: Chart, height: float) -> _Area:
    known = [value for one in chart.series for value in one.values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if chart.kind is ChartKind.COLUMNS:
        low = min(low, 0.0)
    room = (high - low) * 0.15 or abs(high) * 0.2 or 1.0
    low = low - room if chart.kind is ChartKind.LINES else low
    low = max(low, 0.0) if min([*known, 0.0]) >= 0 else low
    if chart.form.endswith("%") and high > 0.9:
        return _Area(52, 34, WIDTH - 62, height - 60, low, 1.0)
    return _Area(52, 34, WIDTH - 62, height - 60, low, high + room)


def _steps(low: float, high: float) -> list[float]:
    """Three to six round values between two."""
    rough = (high - low) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = -(-low // step)
    return [step * (first + place) for place in range(8) if step * (first + place) <= high]


def _box(x: float, y: float, width: float, height: float, place: int) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="#{style.SERIES[place]}" stroke="#{style.DARK}" stroke-width="0.7"/>'
    )


def _line(points: Sequence[tuple[float, float]], place: int) -> str:
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{way}" fill="none" stroke="#{_ink(place)}" stroke-width="2" '
        f'stroke-dasharray="{DASHES[place]}"/>'
    )


def _mark(x: float, y: float, place: int) -> str:
    fill = _ink(place) if place == 0 else style.WHITE
    look = f'fill="#{fill}" stroke="#{_ink(place)}" stroke-width="1.5"'
    if place % 2:
        return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" {look}/>'


def _ink(place: int) -> str:
    return style.INK if place == 1 else style.SERIES[place]


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{SIZE:g}" '
        f'fill="#{style.INK}">{escape(text)}</text>'
    )
