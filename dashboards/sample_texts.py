"""Texts of the page of sampling plans: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

SAMPLE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_sampling": ("抽检", "Sampling"),
    "month": ("月份", "Month"),
    "sample_none": (
        "{month} 还没有抽检计划。抽取之后，这里列出每位坐席要听的通话。",
        "There is no sampling plan for {month} yet. Once one is drawn, the calls to listen to stand"
        " here.",
    ),
    "tile_sampled": ("已听 / 已抽", "Heard / drawn"),
    "note_sampled": ("{n} 通还没有听", "{n} still to hear"),
    "tile_quota": ("达标坐席", "Agents with their quota"),
    "note_quota": ("每人每月 {n} 通", "{n} calls a month each"),
    "note_short": ("{n} 名坐席通话不足", "{n} with too few calls"),
    "tile_missed": ("未命中通话的违规率", "Violations in unflagged calls"),
    "note_missed": ("95% 区间 {low}–{high}，已听 {heard} 通", "95 %: {low}–{high}, {heard} heard"),
    "note_missed_none": ("听过未命中的通话后才能估计", "Known once unflagged calls were heard"),
    "missed_means": (
        "规则未命中的 {calls} 通里随机抽取 {heard} 通听过，{violations} 通实有违规。",
        "Of {calls} calls in which the rules found nothing, {heard} drawn at random were heard;"
        " {violations} held a violation.",
    ),
    "sample_calls": ("要听的通话", "Calls to listen to"),
    "sample_calls_note": (
        "未听的在前；点击打开，听完后在通话页完成复核",
        "Unheard first; finish the review on the call's page",
    ),
    "sample_whose": ("质检员", "Inspector"),
    "sample_everybody": ("全部质检员", "All inspectors"),
    "sample_open_only": ("只看未听", "Unheard only"),
    "sample_gone": ("已删除", "removed"),
    "col_heard": ("状态", "State"),
    "col_drawn_as": ("抽取方式", "Drawn"),
    "col_inspector": ("质检员", "Inspector"),
    "heard_yes": ("已听", "heard"),
    "heard_no": ("未听", "to hear"),
    "heard_violation": ("已听，有违规", "heard, violation"),
    "sample_agents": ("坐席进度", "Agents"),
    "sample_agents_note": ("没听够的在前", "Those with the most left first"),
    "sample_inspectors": ("质检员进度", "Inspectors"),
    "sample_plans": ("抽取记录", "Draws"),
    "sample_plans_note": (
        "种子保存在案，任何人都可核对：callqa sample verify 编号",
        "The seed is kept, anybody can check: callqa sample verify NUMBER",
    ),
    "col_month_calls": ("本月通话", "Calls"),
    "col_heard_of": ("已听 / 应听", "Heard / quota"),
    "col_plan": ("编号", "No."),
    "col_days": ("日期", "Days"),
    "col_drawn_by": ("抽取人", "By"),
    "col_seed": ("种子", "Seed"),
    "col_population": ("可抽 / 未命中", "Calls / unflagged"),
    "col_drawn": ("已抽", "Drawn"),
    "draw_more": ("抽取新的一批", "Draw more"),
    "draw_days": ("从 {since} 到 {until} 的通话中抽取", "From the calls of {since} to {until}"),
    "draw_per_agent": ("每名坐席（本月合计）", "Per agent (in the month)"),
    "draw_unflagged": ("随机抽取未命中通话", "Unflagged calls at random"),
    "draw_inspectors": ("质检员（用空格或逗号分开）", "Inspectors (spaces or commas between)"),
    "draw_seed": ("种子（留空则自动生成）", "Seed (made up when empty)"),
    "draw": ("抽取", "Draw"),
    "drawn": ("已抽取计划 {id}", "Plan {id} is drawn"),
    "not_drawn": ("没有抽取：{message}", "Nothing was drawn: {message}"),
}
