"""The person's card beside the machine's: what counts now, and the items that only people judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboards import data
from dashboards.components import Column, TableRow, table
from dashboards.language import VERDICT_TONE, language, named, points, score, t
from dashboards.reviews import attempt, me, tell
from pipeline.domain import HumanItem, Scorecard
from pipeline.store import LevelChoice, LevelDraft, StoredCall

Row = Mapping[str, Any]
FORM = "levels"


def result_line(call: StoredCall, card: Scorecard | None) -> None:
    """The score as it stands with everything that was decided, beside the machine's."""
    if card is None:
        return
    machine = f"{score(call.call['score'])} {named('grade', call.call['grade'])}"
    st.html(
        f'<div class="cq-result">{t("result_machine")} <b>{machine}</b>　→　{t("result_human")} '
        f"<b>{score(card.score)} {named('grade', card.grade)}</b>"
        f"{'　' + t('veto_badge') if card.vetoed else ''}</div>"
    )


def items_form(call: StoredCall, card: Scorecard | None) -> None:
    """Choose the level of every item that only a person can judge; one click each."""
    items = card.human_items if card else ()
    if not items:
        return
    st.caption(t("human_items"))
    chosen = {one.item: one for one in data.levels(call.call)}
    for item in items:
        _item(call.call, item, chosen.get(item.item))
    tell(FORM)


def _item(call: Row, item: HumanItem, choice: LevelChoice | None) -> None:
    key = f"level_{call['call_id']}_{item.item}"
    st.session_state[key] = item.level
    title = item.title_en if language() == "en" and item.title_en else item.title
    by = f"　{choice.reviewer}" if choice else ""
    st.segmented_control(
        f"{title}{by}",
        [name for name, _ in item.levels],
        key=key,
        help=item.guidance or None,
        format_func=lambda name: f"{name}　{points(dict(item.levels)[name])}",
        on_change=_choose,
        args=(dict(call), item.item, choice.id if choice else None, key),
    )


def _choose(call: Row, item: str, previous: int | None, key: str) -> None:
    level = st.session_state[key]
    if level is None:  # clicked again: a level that was chosen stays
        return
    draft = LevelDraft(
        me(), call["call_id"], call["content_sha256"], item, level, call["pack_version"], previous
    )
    attempt(FORM, lambda: data.choose_level(draft))


def sheet(call: StoredCall, human: Scorecard | None) -> None:
    """Every line of the scorecard, by the machine and as people decided."""
    columns = [
        Column("point", t("col_point"), wide=True),
        Column("verdict", t("result_machine")),
        Column("points", t("col_points"), align="right"),
    ]
    if human:
        columns += [
            Column("said", t("result_human")),
            Column("counts", t("col_points"), align="right"),
        ]
    lines = {line.number: line for line in human.items} if human else {}
    rows = [_line(item, lines.get(item["number"])) for item in call.control_points]
    rows.append(_total(call.call, human))
    table("card", columns, rows, t("no_data"))


def _line(item: Row, human: Any) -> TableRow:  # noqa: ANN401 - a ControlPointScore or None
    cells: dict[str, Any] = {
        "point": {
            "text": f"{'　' * item['number'].count('.')}{item['number']} {item['title']}",
            "style": "strong" if item["key_point"] else "",
            "sub": item["why"],
        },
        "verdict": _verdict(item["worst"]),
        "points": points(item["points"]),
    }
    if human is not None:
        changed = human.worst != item["worst"] or human.points != item["points"]
        cells["said"] = _verdict(str(human.worst))
        cells["counts"] = {
            "text": points(human.points), "style": "strong" if changed else ""
        }  # fmt: skip
    return TableRow(cells)


def _verdict(name: str) -> dict[str, str]:
    return {"text": named("verdict", name), "tone": VERDICT_TONE[name]}


def _total(call: Row, human: Scorecard | None) -> TableRow:
    cells: dict[str, Any] = {
        "point": {"text": t("total"), "style": "strong"},
        "verdict": {"text": named("grade", call["grade"]), "tone": "info"},
        "points": {"text": score(call["score"]), "style": "strong"},
    }
    if human is not None:
        cells["said"] = {"text": named("grade", human.grade), "tone": "info"}
        cells["counts"] = {"text": score(human.score), "style": "strong"}
    return TableRow(cells)
