"""How likely people will confirm a finding, with what that rests on; only for those who decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards import data, reviews
from dashboards.language import number, percent, t

Row = Mapping[str, Any]


def said(call: Row, finding: Row) -> str:
    """Of a finding of the machine that nobody decided on yet; else empty."""
    if finding["verdict"] not in ("fail", "unsure") or reviews.decided(call, finding["rule"]):
        return ""
    found = data.chances().of(finding, call)
    counts = {"decided": number(found.record.decided), "confirmed": number(found.record.confirmed)}
    if found.chance is None:
        return t("chance_record", **counts) if found.record.decided else ""
    key = "chance_said" if found.record.decided else "chance_new"
    return t(key, chance=percent(found.chance), **counts)


def order_note() -> str:
    """What the priority of the queue is made of now."""
    learned = data.chances()
    if learned.table is None:
        return t("priority_means")
    return t("priority_learned", n=number(learned.decisions))
