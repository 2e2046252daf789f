"""What came of a calibration round, in figures: overall, by control point, person and call."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards import widgets
from dashboards.components import Column, TableRow, Tile, table, tiles
from dashboards.language import number, percent, score, t, title_of
from dashboards.links import call_link
from pipeline.calibration import (
    FEW,
    Agreement,
    CallResult,
    PointResult,
    RaterResult,
    Result,
    Share,
)

TENTATIVE = 0.667  # alpha below this says that people apply different standards (Krippendorff)
WIDE = 10.0  # points between the highest and the lowest score of a call


def parts(result: Result) -> None:
    """Everything but the single disputes."""
    _figures(result)
    if result.missing:
        st.caption(t("result_missing", n=result.missing))
    with st.expander(t("result_how")):
        st.caption(t("result_method"))
    left, right = st.columns([5, 4], gap="medium")
    with left:
        _points(result)
    with right:
        _people(result)
        _calls(result)


def _figures(result: Result) -> None:
    overall, spreads = result.overall, [one for one in result.calls if one.spread is not None]
    worst = max(spreads, key=lambda one: one.spread or 0.0, default=None)
    tiles(
        "calibration_tiles",
        [
            Tile(
                t("tile_alpha"), number(overall.alpha, 2), _interval(overall),
                alarm=_surely_low(overall),
            ),
            Tile(t(f"tile_kappa_{overall.coefficient}"), number(overall.kappa, 2), _all(overall)),
            Tile(t("tile_share"), percent(overall.share), t("note_pairs", n=overall.units)),
            Tile(
                t("tile_machine"), percent(result.machine.value),
                t("note_answers", n=result.machine.whole),
            ),
            Tile(
                t("tile_spread"), score(worst.spread if worst else None),
                worst.call.call_id if worst else "",
            ),
        ],
    )  # fmt: skip


def _interval(found: Agreement) -> str:
    if found.gap is not None:
        return t(f"gap_{found.gap}")
    if found.low is None:
        return t("note_no_interval", n=FEW)
    return t("note_interval", low=number(found.low, 2), high=number(found.high, 2))


def _all(found: Agreement) -> str:
    """Why there is no kappa, or of how much it is."""
    if found.gap is not None:
        return t(f"gap_{found.gap}")
    if not found.complete:
        return t("gap_incomplete")
    return t("gap_no_variation") if found.kappa is None else t("note_complete", n=found.complete)


def _points(result: Result) -> None:
    widgets.section(t("result_points"), t("result_points_note"))
    columns = [
        Column("point", t("col_subject_of"), wide=True),
        Column("calls", t("col_rated"), align="right"),
        Column("share", t("col_share"), align="right"),
        Column("kappa", t("col_kappa"), align="right"),
        Column("alpha", t("col_alpha"), align="right"),
        Column("machine", t("col_machine_like"), align="right"),
    ]
    rows = [_point(one) for one in sorted(result.points, key=_lowest)]
    table("calibration_points", columns, rows, t("no_data"))


def _lowest(one: PointResult) -> tuple[float, float]:
    """Least agreed first; where all is the same, and where nothing is, last."""
    share = one.agreement.share
    return (2.0 if share is None else share, one.agreement.alpha or 0.0)


def _point(one: PointResult) -> TableRow:
    found, question = one.agreement, one.question
    title = title_of({"title": question.title, "title_en": question.title_en})
    kappa: dict[str, Any] = {"text": number(found.kappa, 2)}
    if found.kappa is None and found.gap is None:
        kappa["sub"] = _all(found)
    return TableRow(
        {
            "point": {
                "text": f"{question.number} {title}",
                "style": "strong" if question.key_point else "",
                "sub": t(f"gap_{found.gap}") if found.gap is not None else "",
            },
            "calls": number(found.calls),
            "share": percent(found.share),
            "kappa": kappa,
            "alpha": {
                "text": number(found.alpha, 2),
                "style": "bad" if _surely_low(found) else "",
                "sub": "" if found.low is None else f"{found.low:.2f} – {found.high:.2f}",
            },
            "machine": _share(one.machine),
        }
    )


def _surely_low(found: Agreement) -> bool:
    """Where the whole interval lies below the bound."""
    return found.high is not None and found.high < TENTATIVE


def _share(share: Share) -> dict[str, str]:
    if not share.whole:
        return {"text": "—"}
    return {"text": percent(share.value), "sub": f"{share.part} / {share.whole}"}


def _people(result: Result) -> None:
    widgets.section(t("result_people"))
    columns = [
        Column("name", t("col_inspector"), wide=True),
        Column("calls", t("col_submitted"), align="right"),
        Column("majority", t("col_majority"), align="right"),
        Column("machine", t("col_machine_like"), align="right"),
        Column("violated", t("col_violated"), align="right"),
    ]
    rows = [_person(one, len(result.round.calls)) for one in result.raters]
    table("calibration_people", columns, rows, t("no_data"))


def _person(one: RaterResult, calls: int) -> TableRow:
    return TableRow(
        {
            "name": {"text": one.rater, "style": "strong"},
            "calls": f"{one.calls} / {calls}",
            "majority": _share(one.majority),
            "machine": _share(one.machine),
            "violated": _share(one.violated),
        }
    )


def _calls(result: Result) -> None:
    widgets.section(t("result_scores"), t("result_scores_note"))
    columns = [
        Column("call", t("col_call"), wide=True, link=True),
        *(Column(f"rater_{name}", name, align="right") for name in result.round.raters),
        Column("machine", t("dispute_machine"), align="right"),
        Column("spread", t("col_spread"), align="right"),
    ]
    ordered = sorted(result.calls, key=lambda one: -(one.spread or 0.0))
    rows = [_call(one, result.round.raters) for one in ordered]
    table("calibration_calls", columns, rows, t("no_data"))


def _call(one: CallResult, raters: tuple[str, ...]) -> TableRow:
    wide = one.spread is not None and one.spread >= WIDE
    cells: dict[str, Any] = {f"rater_{name}": score(one.scores.get(name)) for name in raters}
    cells |= {
        "call": one.call.call_id,
        "machine": score(one.call.machine_score),
        "spread": {"text": score(one.spread), "style": "bad" if wide else ""},
    }
    return TableRow(cells, call_link(one.call.call_id))
