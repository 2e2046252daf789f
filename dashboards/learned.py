"""What models read in a call, as a line under its head and as filters of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from dashboards.language import language, percent, t
from dashboards.links import call_link
from pipeline.domain import Flag
from pipeline.learning import UNSURE, reason_name, reasons
from pipeline.store import StoredCall

TONES = {Flag.COMPLAINT: "major", Flag.DISSATISFACTION: "warn", Flag.ABUSE: "critical",
         Flag.CHURN: "warn"}  # fmt: skip


def line(call: StoredCall) -> str:
    """Reason and flags as chips; a flag leads to the words that raise it. Empty: nobody looked."""
    found = call.learned
    if found is None:
        return ""
    name = reason_name(found["likely"], language())
    words = {"name": name, "chance": percent(found["chance"] or 0), "model": found["reasons_model"]}
    if found["reason"] is not None:
        chips = [_chip(t("call_reason", name=name), "info", t("call_reason_help", **words))]
    else:
        why = t("call_reason_perhaps", **words) if found["likely"] else ""
        chips = [_chip(t("call_reason_unsure"), "quiet", why)]
    for moment in found["moments"]:
        flag, chance = Flag(moment["flag"]), percent(moment["chance"])
        why = t("call_flag_help", chance=chance, model=found["flags_model"])
        href = call_link(call.call["call_id"], moment["segment"]).href
        chip = _chip(t(f"flag_{flag}"), TONES[flag], why)
        chips.append(f'<a href="{escape(href)}" target="_self">{chip}</a>')
    return f'<div class="cq cq-top">{"".join(chips)}</div>'


def reason_options(there: Sequence[str] | None) -> Mapping[str, str]:
    """Reasons that calls have, in the order of the list."""
    order = [*reasons(), UNSURE]
    known = sorted(there or (), key=lambda key: order.index(key) if key in order else len(order))
    return {key: reason_name(key, language()) for key in known}


def flag_options() -> Mapping[str, str]:
    """All flags."""
    return {flag.value: t(f"flag_{flag}") for flag in Flag}


def _chip(text: str, tone: str, why: str) -> str:
    return f'<span class="cq-chip cq-{tone}" title="{escape(why)}">{escape(text)}</span>'
