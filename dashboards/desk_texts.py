"""Texts of the inspector's desk: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

DESK_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "take_next": ("领下一通", "Take the next call"),
    "take_next_help": (
        "先取分派给您或您已领取的，再按当前列表的顺序领取无人处理的通话（Alt+N）",
        "Your own first, then the first of this list that nobody has (Alt+N)",
    ),
    "none_left": (
        "当前列表里没有可领的通话了：都已复核或有人在处理。可放宽筛选条件。",
        "No call of this list is left: all are reviewed or somebody has them. Widen the filters.",
    ),
    "held_by_nobody": ("无人处理", "Nobody works on this call"),
    "held_by_me": ("由您处理", "You work on this call"),
    "held_until": ("领取有效至 {when}", "yours until {when}"),
    "held_assigned": ("主管分派", "assigned to you"),
    "held_by_other": (
        "{who} 从 {when} 起在处理这通通话，请勿重复复核。",
        "{who} has worked on this call since {when}; do not review it too.",
    ),
    "held_hours": ("{who}（{n} 小时）", "{who} ({n} h)"),
    "desk_claim": ("领取", "Take it"),
    "desk_give_back": ("退回", "Give it back"),
    "desk_take_over": ("接手", "Take it over"),
    "assign": ("分派", "Assign"),
    "assign_help": (
        "把当前列表最前面的若干通无人处理的通话，依次分给所选人员；已有人处理的不动。",
        "Gives the first calls of this list that nobody has to these people in turn; calls that"
        " somebody has stay theirs.",
    ),
    "assign_to": ("分给谁", "To whom"),
    "assign_count": ("通话数", "Calls"),
    "assigned": ("已分派 {n} 通给 {who}", "{n} calls assigned to {who}"),
    "finish_next": ("完成并下一通", "Finish, take the next"),
    "result_machine": ("机器", "Machine"),
    "result_human": ("人工", "People"),
    "human_items": ("只能由人判断的项目", "What only a person can judge"),
    "filter_holder": ("处理人", "Who works on it"),
    "holder_free": ("无人处理", "nobody"),
    "holder_me": ("我的", "mine"),
    "col_priority": ("优先", "Priority"),
    "sort_priority": ("优先级最高", "Most urgent first"),
    "priority_means": (
        "优先级 = 严重程度（否决 100、重大 60、较重 30、轻微 10）× 置信度（机器不确定记 0.5）"
        "× 该规则过去被确认的比例 + 等待天数 × 2（最多 30）；已判定的问题不计。",
        "Priority = severity (veto 100, critical 60, major 30, minor 10) × confidence (0.5 where"
        " the machine is unsure) × how often people confirmed this rule + 2 a day of waiting (30 at"
        " most); decided findings do not count.",
    ),
    "priority_learned": (
        "优先级 = 严重程度（否决 100、重大 60、较重 30、轻微 10）× 被确认的可能性"
        "（由 {n} 条人工判定学得，不看是哪位坐席）+ 等待天数 × 2（最多 30）；已判定的问题不计。",
        "Priority = severity (veto 100, critical 60, major 30, minor 10) × the chance of being"
        " confirmed (learned from {n} decisions; it does not know the agent) + 2 a day of waiting"
        " (30 at most); decided findings do not count.",
    ),
    "chance_said": (
        "被确认的可能性约 {chance}：本规则已判定的 {decided} 条中确认 {confirmed} 条，"
        "并计入识别把握、条线和班组",
        "Chance of being confirmed about {chance}: of {decided} decided hits of this rule"
        " {confirmed} were confirmed; how well it was heard, line and team count too",
    ),
    "chance_new": (
        "被确认的可能性约 {chance}：本规则还没有人工判定，按其他规则估计",
        "Chance of being confirmed about {chance}: nobody has decided on this rule yet, so it is"
        " taken to be as others are",
    ),
    "chance_record": (
        "本规则已判定的 {decided} 条中确认 {confirmed} 条",
        "Of {decided} decided hits of this rule {confirmed} were confirmed",
    ),
}
