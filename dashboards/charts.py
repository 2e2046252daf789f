"""Charts; plain data in, an Altair chart out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboards.language import t
from pipeline.agents import Step

DAY = "day"  # name of the selection and of the field that it holds


def trend(days: Sequence[Mapping[str, Any]]) -> alt.LayerChart | alt.FacetChart:
    """Calls per day as bars, mean score as a line with its own axis; bars can be chosen."""
    rows = [
        {
            DAY: row["day"].isoformat(),
            "calls": row["calls"],
            "score": None if row["mean_score"] is None else round(row["mean_score"], 1),
        }
        for row in days
    ]
    x = alt.X(DAY, type="ordinal", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    hint = [
        alt.Tooltip(DAY, type="nominal", title=t("day")),
        alt.Tooltip("calls", type="quantitative", title=t("calls")),
        alt.Tooltip("score", type="quantitative", title=t("mean_score")),
    ]
    base = alt.Chart(alt.InlineData(rows)).encode(x=x, tooltip=hint)
    bars = base.mark_bar(color="#9db9d8", cursor="pointer").encode(
        y=alt.Y("calls", type="quantitative", title=t("calls"), axis=alt.Axis(tickMinStep=1))
    )
    line = base.mark_line(color="#c2603a", point=alt.OverlayMarkDef(color="#c2603a")).encode(
        y=alt.Y(
            "score",
            type="quantitative",
            title=t("mean_score"),
            scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(grid=False),
        )
    )
    chosen = alt.selection_point(name=DAY, fields=[DAY])
    layers = alt.layer(bars.add_params(chosen), line).properties(height=230)
    whole: alt.LayerChart | alt.FacetChart = layers.resolve_scale(y="independent")
    return whole


def beside(steps: Sequence[Step], label: str) -> alt.LayerChart | alt.FacetChart:
    """An agent's mean score per week or month as a line, the team's middle dashed beside it."""
    rows = [
        {
            DAY: step.begins.strftime(label),
            "series": series,
            "score": None if value is None else round(value, 1),
            "calls": step.own.count,
        }
        for step in steps
        for series, value in ((t("series_own"), step.own.mean), (t("series_team"), step.middle))
    ]
    known = [v for step in steps for v in (step.own.mean, step.middle) if v is not None]
    low = max(min(known, default=0.0) - 5, 0.0)
    series = [t("series_own"), t("series_team")]
    base = alt.Chart(alt.InlineData(rows)).encode(
        x=alt.X(
            DAY, type="ordinal", sort=None, title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True),
        ),
        y=alt.Y(
            "score", type="quantitative", title=t("mean_score"),
            scale=alt.Scale(domain=[low, 100], zero=False),
        ),
        color=alt.Color(
            "series", type="nominal", title=None, legend=alt.Legend(orient="top"),
            scale=alt.Scale(domain=series, range=["#c2603a", "#7d8ea3"]),
        ),
        strokeDash=alt.StrokeDash(
            "series", type="nominal", legend=None,
            scale=alt.Scale(domain=series, range=[[1, 0], [5, 4]]),
        ),
        tooltip=[
            alt.Tooltip(DAY, type="nominal", title=t("day")),
            alt.Tooltip("series", type="nominal", title=" "),
            alt.Tooltip("score", type="quantitative", title=t("mean_score")),
            alt.Tooltip("calls", type="quantitative", title=t("calls")),
        ],
    )  # fmt: skip
    layers = alt.layer(base.mark_line(), base.mark_point(filled=True, size=45))
    whole: alt.LayerChart | alt.FacetChart = layers.properties(height=230)
    return whole
