"""Charts; plain data in, an Altair chart out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboards.language import t
from pipeline.agents import Step
from pipeline.domain import WeekCount
from pipeline.shares import wilson

DAY = "day"  # name of the selection and of the field that it holds
QUIET = "#76818f"  # read on light and on dark


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


def by_week(
    weeks: Sequence[WeekCount], said: str, *, small: bool = False
) -> alt.LayerChart | alt.FacetChart:
    """The share of calls per week as columns, the last one darker; how many calls stands above.

    `said`: the same in words, for whoever cannot see it. `small`: one among several; else the 95 %
    interval of each share is shown too.
    """
    rows = [_week(week, last=week is weeks[-1]) for week in weeks]
    top = max((row["share" if small else "high"] for row in rows), default=0.0) or 1.0
    bare = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    share = alt.Y(
        "share", type="quantitative", title=None, scale=alt.Scale(domain=[0, top * 1.18]),
        axis=bare if small else alt.Axis(format=".0%", tickCount=4),
    )  # fmt: skip
    base = alt.Chart(alt.InlineData(rows)).encode(
        x=alt.X("week", type="ordinal", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
        y=share,
        tooltip=[
            alt.Tooltip("week", type="nominal", title=t("problem_week")),
            alt.Tooltip("calls", type="quantitative", title=t("col_problem_calls")),
            alt.Tooltip("of", type="quantitative", title=t("calls")),
            alt.Tooltip("share", type="quantitative", title=t("col_problem_share"), format=".1%"),
        ],
    )
    dark = alt.when("datum.last").then(alt.value("#2f5d8c")).otherwise(alt.value("#a9c1dc"))
    columns = base.mark_bar(width={"band": 0.55}, stroke=QUIET).encode(color=dark)
    above = base.mark_text(dy=-8, color=QUIET, fontSize=12).encode(
        text=alt.Text("calls", type="quantitative"),
        y=share if small else alt.Y("high", type="quantitative"),
    )
    layers = [columns, above]
    if not small:
        interval = base.mark_rule(color=QUIET).encode(y="low:Q", y2="high:Q")
        layers.insert(1, interval)
    whole: alt.LayerChart | alt.FacetChart = alt.layer(*layers).properties(
        description=said, height=120 if small else 170
    )
    return whole


def _week(week: WeekCount, *, last: bool) -> dict[str, Any]:
    share = week.calls / week.of if week.of else 0.0
    low, high = wilson(share, week.of) if week.of else (0.0, 0.0)
    return {
        "week": week.week[5:], "calls": week.calls, "of": week.of, "share": round(share, 4),
        "low": round(low, 4), "high": round(high, 4), "last": last,
    }  # fmt: skip
