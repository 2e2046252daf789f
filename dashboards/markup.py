"""Pieces of HTML for `st.html`; everything that comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from dashboards.language import (
    SEVERITY_TONE,
    VERDICT_TONE,
    agent_of,
    clock,
    named,
    percent,
    points,
    score,
    t,
    title_of,
    when,
)
from pipeline.calibration import Question
from pipeline.domain import QuotedTurn
from pipeline.store import Review

Row = Mapping[str, Any]
SHOWN_EVIDENCE = 3
LOW_SCORE = 60


def chip(text: str, tone: str = "quiet") -> str:
    """A small label; tones are the classes of style.css."""
    return f'<span class="cq-chip cq-{tone}">{escape(text)}</span>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of names and values."""
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    return f'<dl class="cq cq-facts">{lines}</dl>'


def call_header(call: Row) -> str:
    """Who, when, how long and how good, in one line."""
    low = " cq-low" if call["vetoed"] or call["score"] < LOW_SCORE else ""
    parts = [
        f'<span class="cq-score{low}">{escape(t("score_of", score=score(call["score"])))}</span>',
        chip(named("grade", call["grade"]), "critical" if low else "info"),
        chip(t("veto_badge"), "critical") if call["vetoed"] else "",
        *_which(call),
    ]
    return f'<div class="cq cq-top">{"".join(parts)}</div>'


def blind_header(call: Row, place: str) -> str:
    """The same of a call that is to be scored: which one it is, and nothing of how good."""
    parts = [chip(place, "info"), *_which(call)]
    return f'<div class="cq cq-top">{"".join(parts)}</div>'


def _which(call: Row) -> list[str]:
    known = [
        named("line", call["business_line"]),
        named("channel", call["channel"]),
        named("direction", call["direction"]) if call["direction"] else "",
        when(call["started_at"], year=True),
        agent_of(call),
        call["team"] or "",
        clock(call["duration"]) if call["duration"] is not None else "",
    ]
    return [
        f'<span class="cq-id">{escape(call["call_id"])}</span>',
        f"<span>{escape('　'.join(item for item in known if item and item != '—'))}</span>",
    ]


ANSWER_TONE = {"pass": "ok", "fail": "major", "unsure": "warn", "not_applicable": "quiet"}


def answer_of(question: Question, answer: str) -> tuple[str, str]:
    """An answer of a calibration round by name, and its tone."""
    if question.rules:
        return named("answer", answer), ANSWER_TONE[answer]
    return answer, "ok" if answer == question.choices[0] else "info"


def answer_lines(lines: Iterable[tuple[str, str, str, str]]) -> str:
    """What was answered: subject, answer and its tone, comment."""
    body = "".join(
        f'<div class="cq-line">{escape(subject)}　{chip(answer, tone)}'
        f'　<span class="cq-muted">{escape(comment)}</span></div>'
        for subject, answer, tone, comment in lines
    )
    return f'<div class="cq">{body}</div>'


def turns(quote: Iterable[QuotedTurn], note: str = "") -> str:
    """Who said what, one line each."""
    lines = "".join(
        f'<div class="cq-line"><b>{escape(named("role", turn.role))}</b>　{escape(turn.text)}</div>'
        for turn in quote
    )
    below = f'<div class="cq-small">{escape(note)}</div>' if note else ""
    return f'<div class="cq cq-quote">{lines}{below}</div>'


def finding_card(finding: Row, point_title: str, chance: str = "") -> str:
    """One finding: what, why, the evidence to click on, the basis and the wording to use.

    `chance`: that people will confirm it, in words.
    """
    failed = finding["verdict"] == "fail"
    tone = SEVERITY_TONE[finding["severity"]] if failed else VERDICT_TONE[finding["verdict"]]
    label = (
        named("severity", finding["severity"]) if failed else named("verdict", finding["verdict"])
    )
    counted = t("points", n=points(finding["points"])) if finding["points"] else ""
    say = (
        f'<div class="cq-say"><b>{escape(t("suggestion"))}</b>　{escape(text)}</div>'
        if (text := finding["suggestion"])
        else ""
    )
    likely = f'<div class="cq-small">{escape(chance)}</div>' if chance else ""
    return (
        f'<div class="cq" data-finding="{escape(finding["rule"])}">'
        f'<div class="cq-head">{chip(label, tone)}'
        f"{chip(t('veto_badge'), 'critical') if finding['veto'] and failed else ''}"
        f"<b>{escape(title_of(finding))}</b>"
        f'<span class="cq-points">{escape(counted)}</span></div>'
        f'<div class="cq-why">{escape(finding["why"])}</div>'
        f"{evidence(finding['evidence'])}{say}"
        f'<div class="cq-small">{_basis(finding, point_title)}</div>'
        f"{likely}</div>"
    )


def evidence(items: Sequence[Row]) -> str:
    """Quotes as buttons; the transcript component hears their clicks (`data-jump`).

    Where something is missing they show where it was looked for, and say so.
    """
    if not items:
        return ""
    shown = "".join(_quote(item) for item in items[:SHOWN_EVIDENCE])
    if items[0]["sought"]:
        shown = f'<span class="cq-small">{escape(t("looked_at"))}</span>{shown}'
    rest = items[SHOWN_EVIDENCE:]
    if rest:
        summary = escape(t("more_evidence", n=len(rest)))
        inner = "".join(_quote(item) for item in rest)
        shown += f'<details><summary class="cq-small">{summary}</summary>{inner}</details>'
    return f'<div class="cq-ev">{shown}</div>'


def _quote(item: Row) -> str:
    start = "" if item["start"] is None else f"{item['start']:.3f}"
    time = f"<time>{clock(item['start'])}</time>" if start else ""
    return (
        f'<button type="button" data-jump="{start}" data-segment="{int(item["segment"])}">'
        f"{time}<span>{escape(item['quote'])}</span></button>"
    )


def _basis(finding: Row, point_title: str) -> str:
    point = f"{finding['control_point']} {point_title}".strip()
    kind = t("key_point") if finding["key_point"] else t("control_point")
    parts = [f"{kind} {point}"]
    if finding["reference"]:
        parts.append(f"{t('reference')} {finding['reference']}")
    parts.append(f"{t('confidence')} {percent(finding['confidence'])}")
    if finding["checks"]:
        parts.append(f"{t('checks')} {', '.join(finding['checks'])}")
    return escape("　·　".join(parts))


def brief_findings(findings: Sequence[Row]) -> str:
    """One line each, for rules that passed or do not apply."""
    lines = (
        f'<div class="cq-line" data-finding="{escape(finding["rule"])}">'
        f"<b>{escape(title_of(finding))}</b>　{_bonus(finding)}"
        f'<span class="cq-muted">{escape(finding["why"])}</span>'
        f"{evidence(finding['evidence'])}</div>"
        for finding in findings
    )
    return f'<div class="cq">{"".join(lines)}</div>'


def _bonus(finding: Row) -> str:
    if finding["points"] <= 0:
        return ""
    return f"{chip(t('points', n=points(finding['points'])), 'ok')} "


def review_lines(reviews: Sequence[Review], titles: Mapping[str, str] | None = None) -> str:
    """Who decided what and when, latest first."""
    return f'<div class="cq">{"".join(_review(r, titles) for r in reversed(reviews))}</div>'


def _review(review: Review, titles: Mapping[str, str] | None) -> str:
    tone = {"confirm": "ok", "reject": "warn", "add": "major"}.get(review.decision, "quiet")
    subject = ""
    if titles is not None:
        title = t("whole_call") if review.rule is None else titles.get(review.rule, review.rule)
        subject = f" <b>{escape(title)}</b>"
    comment = f"　{escape(review.comment)}" if review.comment else ""
    return (
        f'<div class="cq-line">{chip(named("decision", review.decision), tone)}{subject} '
        f'{escape(review.reviewer)} <span class="cq-muted">{when(review.at)}</span>{comment}</div>'
    )
