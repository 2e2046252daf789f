"""What models read in a call, as people corrected it: chips under its head, filters of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dashboards.language import language, percent, t, when
from dashboards.links import call_link
from pipeline.domain import NO, NONE_OF_THE_LIST, REASON, YES, Flag, Label
from pipeline.learning import UNSURE, reason_name, reasons
from pipeline.store import StoredCall

Row = Mapping[str, Any]
NOTHING: Mapping[str, Label] = {}
TONES = {Flag.COMPLAINT: "major", Flag.DISSATISFACTION: "warn", Flag.ABUSE: "critical",
         Flag.CHURN: "warn"}  # fmt: skip


def line(call: StoredCall, said: Mapping[str, Label] = NOTHING) -> str:
    """Reason and flags as chips; a flag leads to the words that raise it. Empty: nobody looked.

    What people `said` stands before what the machine did.
    """
    chips = [*_reason(call.learned, said), *(_flag(call, said, flag) for flag in Flag)]
    shown = "".join(chips)
    return f'<div class="cq cq-top">{shown}</div>' if shown else ""


def value_of(said: Mapping[str, Label], subject: str) -> str | None:
    """What a person said of a subject; None when nobody did, or it was taken back."""
    return said[subject].value if subject in said else None


def told(value: str | None) -> str:
    """Whether a flag is there, in words; None: no model has looked."""
    return t({YES: "label_yes", NO: "label_no"}.get(str(value), "label_unread"))


def moment_of(call: StoredCall, subject: str) -> int | None:
    """The turn with which the machine raises a flag; None: it does not, or this is none."""
    moments = call.learned["moments"] if call.learned else ()
    return next((one["segment"] for one in moments if one["flag"] == subject), None)


def turn_of(call: StoredCall, label: Label) -> int | None:
    """The turn that a person named, where the call still has it."""
    rows = {row["segment"]: row["text"] for row in call.heard or call.segments}
    same = label.segment is not None and rows.get(label.segment) == label.quote
    return label.segment if same else None


def _reason(found: Row | None, said: Mapping[str, Label]) -> list[str]:
    chosen, chips = value_of(said, REASON), []
    if chosen is not None:
        name = reason_name(chosen, language())
        chips.append(_chip(t("label_reason_chip", name=name), "ok", _who(said[REASON])))
    if found is None:
        return chips
    name = reason_name(found["likely"], language())
    words = {"name": name, "chance": percent(found["chance"] or 0), "model": found["reasons_model"]}
    sure = found["reason"] is not None
    why = t("call_reason_help", **words) if sure else ""
    if not sure and found["likely"]:
        why = t("call_reason_perhaps", **words)
    if chosen is not None:
        text = t("label_machine_chip", name=reason_name(found["reason"], language()))
        return [*chips, _chip(text, "quiet", why)]
    text = t("call_reason", name=name) if sure else t("call_reason_unsure")
    return [_chip(text, "info" if sure else "quiet", why)]


def _flag(call: StoredCall, said: Mapping[str, Label], flag: Flag) -> str:
    moment = _moment(call.learned, flag)
    chosen, title = value_of(said, flag), t(f"flag_{flag}")
    if chosen is None and moment is None:
        return ""
    why, segment = "", None
    if moment is not None:
        chance = percent(moment["chance"])
        why, segment = t("call_flag_help", chance=chance, model=moment["model"]), moment["segment"]
    tone = TONES[flag] if chosen != NO else "quiet"
    if chosen is not None:
        read = None if call.learned is None else YES if moment else NO
        title = t("label_flag_chip", flag=title, person=told(chosen), machine=told(read))
        why = _who(said[flag])
        if chosen == YES:
            segment = turn_of(call, said[flag])
    chip = _chip(title, tone, why)
    if segment is None:
        return chip
    href = call_link(call.call["call_id"], segment).href
    return f'<a href="{escape(href)}" target="_self">{chip}</a>'


def _moment(found: Row | None, flag: Flag) -> Row | None:
    """Where the machine raises a flag, with the model that does."""
    moments = found["moments"] if found else ()
    own = next((one for one in moments if one["flag"] == flag), None)
    return None if found is None or own is None else {**own, "model": found["flags_model"]}


def _who(label: Label) -> str:
    return t("label_who", who=label.who, when=when(label.at))


def reason_options(there: Sequence[str] | None) -> Mapping[str, str]:
    """Reasons that calls have, in the order of the list."""
    order = [*reasons(), NONE_OF_THE_LIST, UNSURE]
    known = sorted(there or (), key=lambda key: order.index(key) if key in order else len(order))
    return {key: reason_name(key, language()) for key in known}


def flag_options() -> Mapping[str, str]:
    """All flags."""
    return {flag.value: t(f"flag_{flag}") for flag in Flag}


def _chip(text: str, tone: str, why: str) -> str:
    return f'<span class="cq-chip cq-{tone}" title="{escape(why)}">{escape(text)}</span>'
