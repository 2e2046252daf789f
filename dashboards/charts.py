"""Charts; plain data in, an Altair chart out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from dashboards.language import t

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
