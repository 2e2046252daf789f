"""Charts that stay charts: Word and PowerPoint open and edit them, and they are told apart in grey.

python-pptx makes the chart and its small workbook; Word takes the same two parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Pt

from pipeline.documents import style
from pipeline.documents.blocks import Chart, ChartKind, Series

TYPES = {
    ChartKind.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    ChartKind.COLUMNS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.LINES: XL_CHART_TYPE.LINE_MARKERS,
}
DASHES = (
    MSO_LINE_DASH_STYLE.SOLID, MSO_LINE_DASH_STYLE.DASH,
    MSO_LINE_DASH_STYLE.ROUND_DOT, MSO_LINE_DASH_STYLE.DASH_DOT,
)  # fmt: skip
MARKS = (
    XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.SQUARE, XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.DIAMOND,
)  # fmt: skip
MOST_LABELS = 40  # more values than that would write over each other


@dataclass(frozen=True, slots=True)
class ChartParts:
    """The XML of a chart and the workbook that it refers to as `rId1`."""

    xml: bytes
    workbook: bytes


def add_chart(shapes: Any, chart: Chart, box: tuple[int, int, int, int], size: float) -> Any:
    """A chart on a slide at (left, top, width, height) in EMU, texts of `size` points."""
    left, top, width, height = (Emu(value) for value in box)
    frame = shapes.add_chart(TYPES[chart.kind], left, top, width, height, _data(chart))
    frame.name = chart.title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.alt or chart.title)
    _dress(frame.chart, chart, size)
    return frame


def chart_parts(chart: Chart, size: float) -> ChartParts:
    """The same chart for another document."""
    from pptx import Presentation

    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    part = add_chart(slide.shapes, chart, (0, 0, 6_000_000, 3_000_000), size).chart.part
    return ChartParts(part.blob, part.chart_workbook.xlsx_part.blob)


def _data(chart: Chart) -> CategoryChartData:
    form = {"0%": "0%", "0.0": "0.0"}.get(chart.form, "0")
    data = CategoryChartData(number_format=form)
    data.categories = chart.categories
    for series in chart.series:
        data.add_series(series.name, series.values)
    return data


def _dress(drawn: Any, chart: Chart, size: float) -> None:
    drawn.has_title = False
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
    drawn.font.size = Pt(size)
    drawn.font.color.rgb = RGBColor.from_string(style.INK)
    _fonts(drawn.font)
    plot = drawn.plots[0]
    if chart.kind is not ChartKind.LINES:
        plot.gap_width, plot.overlap = 60, -5
    _axes(drawn, chart)
    labels = sum(len(series.values) for series in chart.series) <= MOST_LABELS
    for place, (drawn_one, series) in enumerate(zip(plot.series, chart.series, strict=True)):
        _series(drawn_one, place, chart.kind)
        if labels:
            _labels(drawn_one, series, chart)


def _axes(drawn: Any, chart: Chart) -> None:
    along, up = drawn.category_axis, drawn.value_axis
    for axis in (along, up):
        axis.format.line.color.rgb = RGBColor.from_string(style.LINE)
    along.has_major_gridlines = False
    up.has_major_gridlines = True
    up.major_gridlines.format.line.color.rgb = RGBColor.from_string("E1E6EB")
    up.tick_labels.number_format = chart.form
    up.tick_labels.number_format_is_linked = False
    known = [value for one in chart.series for value in one.values if value is not None]
    if all(value >= 0 for value in known) and chart.kind is not ChartKind.LINES:
        up.minimum_scale = 0
    if chart.form.endswith("%") and max(known, default=0.0) > 0.9:
        up.maximum_scale = 1.0  # no axis to 120 %
    if chart.kind is ChartKind.BARS:
        along.reverse_order = True  # the first one on top
        up.has_major_gridlines = up.visible = False


def _series(drawn: Any, place: int, kind: ChartKind) -> None:
    colour = RGBColor.from_string(style.SERIES[place])
    if kind is not ChartKind.LINES:
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour
        drawn.format.line.color.rgb = RGBColor.from_string(style.DARK)
        drawn.format.line.width = Pt(0.5)
        return
    drawn.smooth = False
    line = RGBColor.from_string(style.INK if place == 1 else style.SERIES[place])
    drawn.format.line.color.rgb = line
    drawn.format.line.width = Pt(1.75)
    drawn.format.line.dash_style = DASHES[place]
    drawn.marker.style, drawn.marker.size = MARKS[place], 6
    drawn.marker.format.fill.solid()
    filled = place == 0
    drawn.marker.format.fill.fore_color.rgb = line if filled else RGBColor.from_string(style.WHITE)
    drawn.marker.format.line.color.rgb = line


def _labels(drawn: Any, series: Series, chart: Chart) -> None:
    labels = drawn.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = chart.form, False
    if chart.kind is not ChartKind.LINES:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        return
    labels.position = XL_LABEL_POSITION.ABOVE
    for place, value in enumerate(series.values):
        if value is not None and not chart.above(series, place):
            drawn.points[place].data_label.position = XL_LABEL_POSITION.BELOW


def _fonts(font: Any) -> None:
    for tag, name in (("latin", style.LATIN), ("ea", style.CHINESE), ("cs", style.LATIN)):
        font._rPr.append(parse_xml(f'<a:{tag} {nsdecls("a")} typeface="{name}"/>'))
