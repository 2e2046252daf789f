"""Texts about what models read in a call: (zh, en)."""

from __future__ import annotations

LEARNED_TEXTS: dict[str, tuple[str, str]] = {
    "filter_reason": ("来电原因", "Reason"),
    "filter_flag": ("客户情绪标记", "Flag"),
    "call_reason": ("来电原因：{name}", "Reason: {name}"),
    "call_reason_help": (
        "模型判断，把握 {chance}（{model}）；不影响得分",
        "As a model reads it, {chance} sure ({model}); takes no points",
    ),
    "call_reason_unsure": ("来电原因：不确定", "Reason: unsure"),
    "call_reason_perhaps": (
        "最像“{name}”，把握只有 {chance}（{model}）",
        "Most like {name}, only {chance} sure ({model})",
    ),
    "call_flag_help": (
        "模型判断，把握 {chance}（{model}）；点击跳到这句话",
        "As a model reads it, {chance} sure ({model}); click for the moment",
    ),
    "flag_complaint": ("投诉", "Complaint"),
    "flag_dissatisfaction": ("不满", "Dissatisfied"),
    "flag_abuse": ("辱骂", "Abuse"),
    "flag_churn": ("流失风险", "May leave"),
}
