"""A call's form as one HTML file that prints on A4; everything from data is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from dashboards.language import (
    agent_of,
    clock,
    language,
    named,
    percent,
    points,
    score,
    t,
    title_of,
    when,
)
from pipeline.access import Act, Person
from pipeline.corrected import in_force
from pipeline.domain import ControlPointScore, Finding, HumanItem, Scorecard, Verdict
from pipeline.store import LevelChoice, Review, StoredCall

Row = Mapping[str, Any]
STYLE = Path(__file__).with_name("form.css")
SHOWN = (Verdict.FAIL, Verdict.UNSURE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form shows: the call as it is stored, and what people made of it.

    `card` and `findings` as people decided them; without the pack there is no card.
    """

    call: StoredCall
    reviews: Sequence[Review]
    levels: Sequence[LevelChoice]
    made: datetime
    findings: Sequence[Finding] = ()
    card: Scorecard | None = None


def page(sheet: Sheet, person: Person) -> str:
    """The whole file, in the language that is spoken."""
    lang = {"zh": "zh-CN", "en": "en"}[language()]
    title = f"{t('form_title')} {sheet.call.call['call_id']}"
    made = t("form_made", who=person.name or "—", when=when(sheet.made, year=True))
    parts = (
        f"<h1>{escape(t('form_title'))}</h1><p class='made'>{escape(made)}</p>",
        _head(sheet, customer=person.may(Act.CUSTOMER)),
        _section("form_card", _card(sheet)),
        _section("form_findings", _findings(sheet)),
        _section("form_corrected", _corrections(sheet.call)),
        _section("form_items", _items(sheet)),
        _section("form_whole", _said(r for r in sheet.reviews if r.rule is None)),
        _signatures(),
        f"<p class='note'>{escape(t('form_note'))}</p>",
    )
    style = STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _section(key: str, content: str) -> str:
    return f"<h2>{escape(t(key))}</h2>{content}" if content else ""


def _head(sheet: Sheet, *, customer: bool) -> str:
    row = sheet.call.call
    card = sheet.card
    touched = card is not None and (sheet.levels or any(r.rule for r in sheet.reviews))
    counts = (card.score, card.grade, card.vetoed) if card else ()
    machine = _result(row["score"], row["grade"], vetoed=row["vetoed"])
    now = _result(*counts[:2], vetoed=counts[2]) if counts else machine
    pairs = [
        ("form_call", row["call_id"]),
        ("form_time", when(row["started_at"], year=True)),
        ("form_agent", agent_of(row)),
        ("form_team", row["team"] or "—"),
        ("form_line", named("line", row["business_line"])),
        ("form_kind", f"{named('channel', row['channel'])}　{_way(row)}".strip()),
        ("form_length", clock(row["duration"])),
        ("form_pack", f"{named('line', row['pack'])} {row['pack_version']}"),
    ]
    if customer:
        pairs += [("form_customer", row["customer_id"] or "—")]
    rows = ["".join(_pair(*pair) for pair in pairs[at : at + 2]) for at in range(0, len(pairs), 2)]
    if len(pairs) % 2:
        rows[-1] = rows[-1].replace("<td>", "<td colspan='3'>")
    lines = "".join(f"<tr>{row}</tr>" for row in rows)
    result = _pair("form_machine", machine) + _pair(
        "form_effective", now + ("" if touched else t("form_as_machine"))
    )
    return f"<table class='head'>{lines}<tr class='result'>{result}</tr></table>"


def _way(row: Row) -> str:
    return named("direction", row["direction"]) if row["direction"] else ""


def _result(value: float, grade: str, *, vetoed: bool) -> str:
    said = f"{score(value)}　{named('grade', grade)}"
    return f"{said}　{t('veto_badge')}" if vetoed else said


def _pair(key: str, value: str) -> str:
    return f"<th>{escape(t(key))}</th><td>{escape(value)}</td>"


def _table(heads: Iterable[tuple[str, str]], rows: Iterable[str]) -> str:
    """`heads`: text and class of each column; `rows` are whole."""
    cells = "".join(f"<th class='{kind}'>{escape(text)}</th>" for text, kind in heads)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _card(sheet: Sheet) -> str:
    """Every line of the scorecard, by the machine and as people decided."""
    lines = {line.number: line for line in sheet.card.items} if sheet.card else {}
    heads = [
        (t("col_point"), ""), (t("result_machine"), ""), (t("col_points"), "figure"),
        (t("result_human"), ""), (t("col_points"), "figure"),
    ]  # fmt: skip
    rows = [_line(item, lines.get(item["number"])) for item in sheet.call.control_points]
    call, card = sheet.call.call, sheet.card
    human = (named("grade", card.grade), score(card.score)) if card else ("—", "—")
    total = _cells(
        (t("total"), ""), (named("grade", call["grade"]), ""), (score(call["score"]), "figure"),
        (human[0], ""), (human[1], "figure"),
    )  # fmt: skip
    return _table(heads, [*rows, f"<tr class='below'>{total}</tr>"])


def _line(item: Row, human: ControlPointScore | None) -> str:
    said = ("—", "—") if human is None else (
        named("verdict", human.worst), points(human.points)
    )  # fmt: skip
    changed = human is not None and (human.worst, human.points) != (item["worst"], item["points"])
    mark = "changed" if changed else ""
    indent = "　" * str(item["number"]).count(".")
    key = " ★" if item["key_point"] else ""
    cells = _cells(
        (f"{indent}{item['number']} {item['title']}{key}", ""),
        (named("verdict", item["worst"]), ""), (points(item["points"]), "figure"),
        (said[0], mark), (said[1], f"figure {mark}".strip()),
    )  # fmt: skip
    return f"<tr>{cells}</tr>"


def _cells(*cells: tuple[str, str]) -> str:
    return "".join(f"<td class='{kind}'>{escape(text)}</td>" for text, kind in cells)


def _findings(sheet: Sheet) -> str:
    """What the machine found or people added; beside it what people decided."""
    counted = {finding.rule: finding for finding in sheet.findings}
    titles = {item["number"]: item["title"] for item in sheet.call.control_points}
    shown = [
        row
        for row in sheet.call.findings
        if row["verdict"] in SHOWN
        or ((now := counted.get(row["rule"])) and now.verdict is Verdict.FAIL)
    ]
    shown.sort(key=lambda row: (row["verdict"] != Verdict.FAIL, row["points"]))
    if not shown:
        return f"<p>{escape(t('form_none'))}</p>"
    return "".join(
        _finding(row, counted.get(row["rule"]), titles.get(row["control_point"], ""), sheet.reviews)
        for row in shown
    )


def _finding(row: Row, now: Finding | None, point: str, reviews: Iterable[Review]) -> str:
    failed = row["verdict"] == Verdict.FAIL
    label = named("severity", row["severity"]) if failed else named("verdict", row["verdict"])
    veto = f"<span class='label'>{escape(t('veto_badge'))}</span>" if row["veto"] and failed else ""
    counted = row["points"] if now is None else now.points
    basis = [f"{row['control_point']} {point}".strip()]
    basis += [f"{t('reference')} {row['reference']}"] if row["reference"] else []
    basis += [f"{t('confidence')} {percent(row['confidence'])}"]
    say = (
        f"<p class='say'><b>{escape(t('suggestion'))}</b>　{escape(row['suggestion'])}</p>"
        if row["suggestion"]
        else ""
    )
    machine, people = points(row["points"]), points(counted)
    cost = f"{machine} → {people}" if machine != people else machine
    return (
        f"<div class='finding'><span class='right'>{escape(cost)}</span>"
        f"<span class='label'>{escape(label)}</span>{veto}<b>{escape(title_of(row))}</b>"
        f"<div>{escape(row['why'])}</div>{_evidence(row['evidence'])}{say}"
        f"<div class='small'>{escape('　·　'.join(basis))}</div>"
        f"{_said(r for r in reviews if r.rule == row['rule'])}</div>"
    )


def _evidence(items: Sequence[Row]) -> str:
    sought = bool(items) and items[0]["sought"]
    head = f"<div class='small'>{escape(t('looked_at'))}</div>" if sought else ""
    return head + "".join(map(_quote, items))


def _quote(item: Row) -> str:
    time = "" if item["start"] is None else f"<time>{clock(item['start'])}</time>"
    return f"<div class='quote'>{time}{escape(item['quote'])}</div>"


def _said(reviews: Iterable[Review]) -> str:
    """Who decided what and when, oldest first."""
    return "".join(
        f"<div class='said'><b>{escape(named('decision', one.decision))}</b>　"
        f"{escape(one.reviewer)}　{escape(when(one.at, year=True))}　{escape(one.comment)}</div>"
        for one in reviews
    )


def _corrections(call: StoredCall) -> str:
    """What people heard in place of what was recognised."""
    starts = {row["segment"]: row["start"] for row in call.segments}
    return "".join(
        f"<div class='said'>{clock(starts[turn])}　{escape(one.heard)} → "
        f"<b>{escape(one.text or '')}</b>　"
        f"{escape(one.who)}　{escape(when(one.at, year=True))}</div>"
        for turn, one in in_force(call).items()
    )


def _items(sheet: Sheet) -> str:
    """The items that only people judge."""
    items = sheet.card.human_items if sheet.card else ()
    if not items:
        return ""
    by = {one.item: one for one in sheet.levels}
    heads = [
        (t("form_item"), ""), (t("form_level"), ""), (t("col_points"), "figure"), (t("form_by"), "")
    ]  # fmt: skip
    return _table(heads, [_item(item, by.get(item.item)) for item in items])


def _item(item: HumanItem, choice: LevelChoice | None) -> str:
    title = item.title_en if language() == "en" and item.title_en else item.title
    by = f"{choice.reviewer}　{when(choice.at, year=True)}" if choice else ""
    cells = _cells(
        (title, ""), (item.level or t("form_open"), ""),
        (points(item.points) if item.level else "—", "figure"), (by, ""),
    )  # fmt: skip
    return f"<tr>{cells}</tr>"


def _signatures() -> str:
    whose = ("inspector", "agent", "leader", "supervisor")
    cells = "".join(f"<td class='small'>{escape(t(f'form_sign_{name}'))}</td>" for name in whose)
    return f"<table class='signed'><tr>{cells}</tr></table>"
