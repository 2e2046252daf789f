"""Texts of what people say of what models read in a call: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

LABEL_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "label_reason_chip": ("来电原因　人工：{name}", "Reason, by a person: {name}"),
    "label_machine_chip": ("机器：{name}", "Machine: {name}"),
    "label_flag_chip": (
        "{flag}　人工：{person}　机器：{machine}",
        "{flag}: {person} (person), {machine} (machine)",
    ),
    "label_who": ("{who}　{when}", "{who}, {when}"),
    "label_yes": ("有", "yes"),
    "label_no": ("没有", "no"),
    "label_unread": ("未判断", "not read"),
    "label_right": ("原因正确", "Reason is right"),
    "label_form": ("核对机器判断", "Correct the machine"),
    "label_help": (
        "您的判断优先于机器，并用于训练；不影响得分。再点一次已选的项即撤回。",
        "What you say counts before the machine's and trains it; no points are taken. Click your"
        " choice again to take it back.",
    ),
    "label_reason": ("客户为什么来电", "Why the customer called"),
    "label_reason_help": (
        "“其他”：打错、问网点或营业时间等；“以上都不是”：列表里没有的原因",
        "“Other”: wrong number, branches, opening hours; “None of these”: the list has no name for"
        " it",
    ),
    "label_by_machine": ("{name}（机器）", "{name} (machine)"),
    "label_flag": ("{flag}（机器：{machine}）", "{flag} (machine: {machine})"),
    "label_turn": ("{flag}：客户的哪一句", "{flag}: which of the customer's turns"),
    "label_turn_hint": ("不选也算，选了模型学得更准", "Optional; models learn more with it"),
    "label_line": ("{subject}：{value}", "{subject}: {value}"),
    "label_back_line": ("{subject}：撤回人工判断", "{subject}: taken back"),
    "label_subject_reason": ("来电原因", "Reason"),
}
