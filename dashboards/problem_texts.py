"""Texts of the page of common problems: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

PROBLEM_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_problems": ("共性问题", "Common problems"),
    "problems_note": (
        "{week}，{n} 个问题；按影响排序，点击查看原话",
        "{week}, {n} problems; the heaviest first, click to see what was said",
    ),
    "problems_none": (
        "{week} 没有发现共性问题（一周至少 3 通通话出现才算）。",
        "No common problem was found in {week} (it takes 3 calls of a week).",
    ),
    "problems_method": (
        "趋势：本周与前三周之和比较（Fisher 精确检验，已按检验的问题数校正，5%）。"
        "涉及：明显多于其他的坐席、班组和产品（至少 10 通）。影响 = 通话数 × 轻重"
        "（违规按严重程度，不满 3、反复追问和久等 2、咨询 1），上升和新出现的乘 1.5。",
        "Trend: this week against the three before together (Fisher's exact test, corrected for the"
        " number of problems tested, 5 %). Concerns: agents, teams and products clearly above the"
        " others (10 calls or more). Weight: calls × gravity (rules by severity, resented 3, asked"
        " again and left waiting 2, asked 1); times 1.5 when new or rising.",
    ),
    "problems_gone": ("本周消失的问题", "Gone this week"),
    "problems_gone_note": (
        "前几周出现过，本周一通也没有；不参与排序",
        "Heard in the weeks before, in no call of this one; never ranked",
    ),
    "col_problem_last": ("最近一次", "Last heard"),
    "problem_last": ("{of} 通中 {calls} 通", "{calls} of {of} calls"),
    "col_problem_fell": ("是否偶然", "Chance?"),
    "problem_fell_sure": ("不是偶然", "more than chance"),
    "problem_fell_maybe": ("可能只是偶然", "may be chance"),
    "problem_fell_few": ("通话太少，不能判断", "too few to tell"),
    "problem_charts": ("走势", "Week by week"),
    "problem_charts_note": (
        "影响最大的几个；柱高为占当周通话的比例，数字为通话数，深色为本周",
        "The heaviest; height: share of the week's calls, number: calls, darker: this week",
    ),
    "problem_chart_note": (
        "柱高为占当周通话的比例，竖线为 95% 区间，数字为通话数，深色为本周",
        "Height: share of the week's calls with its 95 % interval; number: calls; darker: now",
    ),
    "problem_week_said": ("{week}：{of} 通中 {calls} 通", "{week}: {calls} of {of} calls"),
    "col_problem_share": ("占比", "Share"),
    "col_problem_of": ("当周通话", "Of all"),
    "problem_week": ("周", "Week"),
    "problem_unknown": ("{week} 没有这个问题", "There is no such problem in {week}"),
    "problems_back": ("返回列表", "Back to the list"),
    "problem_kind_rule": ("违规", "rule broken"),
    "problem_kind_asked": ("咨询", "asked"),
    "problem_kind_dissatisfied": ("不满", "resented"),
    "problem_kind_repeated": ("反复追问", "asked again"),
    "problem_kind_waited": ("提问后久等", "left waiting"),
    "problem_trend_new": ("新出现", "new"),
    "problem_trend_up": ("上升", "up"),
    "problem_trend_down": ("下降", "down"),
    "problem_trend_same": ("持平", "same"),
    "problem_trend_unknown": ("数据不足", "too few"),
    "col_problem_quote": ("原话", "Said"),
    "col_problem_name": ("问题", "Problem"),
    "col_problem_kind": ("类别", "Kind"),
    "col_problem_calls": ("通话", "Calls"),
    "col_problem_weeks": ("近四周", "Four weeks"),
    "col_problem_trend": ("趋势", "Trend"),
    "col_problem_concerns": ("涉及", "Concerns"),
    "col_problem_signs": ("线索", "Signs"),
    "problem_share": (
        "本周 {of} 通中 {calls} 通（{share}），"
        "前几周 {before_of} 通中 {before} 通（{before_share}）。",
        "In {calls} of this week's {of} calls ({share}), before in {before} of {before_of}"
        " ({before_share}).",
    ),
    "problem_share_first": (
        "本周 {of} 通中 {calls} 通（{share}），没有更早的数据。",
        "In {calls} of this week's {of} calls ({share}); nothing is known of before.",
    ),
    "problem_more_than_chance": (
        "变化不是偶然（校正后 p={p}）。",
        "This is more than chance (corrected p={p}).",
    ),
    "problem_maybe_chance": (
        "这样的差别偶然也会出现（校正后 p={p}）。",
        "Chance alone may differ so much (corrected p={p}).",
    ),
    "problem_first": ("首次出现 {week}", "first heard {week}"),
    "problem_words": ("共有的词", "Shared words"),
    "problem_moments": ("典型原话", "What was said"),
    "problem_moments_note": (
        "不同坐席、不同日期；点击从该处播放",
        "Different agents and days; click to open the call there",
    ),
    "problem_whole_call": ("（整通通话）", "(the whole call)"),
    "problem_concerned": ("涉及谁", "Whom it concerns"),
    "problem_concerned_note": (
        "本周有此问题的通话 / 其全部通话；标出的明显多于其他",
        "Calls with it / all of theirs this week; marked ones are clearly above the others",
    ),
    "problem_agents": ("坐席", "Agent"),
    "problem_teams": ("班组", "Team"),
    "problem_products": ("产品", "Product"),
    "problem_excess": ("偏多", "more"),
    "problem_hints": ("原因线索", "Signs of a cause"),
    "problem_hints_none": (
        "没有明显的共同点。",
        "Its calls have nothing else clearly in common.",
    ),
    "problem_hint": (
        "{sign}：有此问题的通话中 {share}，其他通话 {elsewhere}",
        "{sign}: {share} of the calls with it, {elsewhere} of the others",
    ),
    "problem_sign_team": ("班组 {value}", "team {value}"),
    "problem_sign_product": ("产品 {value}", "product {value}"),
    "problem_sign_line": ("业务 {value}", "line {value}"),
    "problem_sign_channel": ("渠道 {value}", "channel {value}"),
    "problem_sign_direction": ("呼叫方向 {value}", "direction {value}"),
    "problem_sign_hour": ("时段 {value}", "hours {value}"),
    "problem_sign_hold": ("让客户等待过", "the customer was put on hold"),
    "problem_sign_reason": ("来电原因 {value}", "reason {value}"),
    "problem_sign_read_reason": (
        "来电原因（模型判断）{value}",
        "reason {value} (as a model reads it)",
    ),
    "problem_sign_rule": ("同时违反 {value}", "also breaks {value}"),
    "problem_edit": ("整理", "Put in order"),
    "problem_rename": ("改名", "Rename"),
    "problem_new_name": ("名称（所有周生效，同题的各类别一起改）", "Name (in all weeks and kinds)"),
    "problem_merge": ("并入", "Merge into"),
    "problem_into": ("并入哪个问题", "Into which problem"),
    "problem_split": ("拆分", "Split off"),
    "problem_split_word": ("含有这个词的另成一题", "What holds this word becomes its own"),
    "problem_split_name": ("新问题名称", "Name of the new one"),
    "problem_hide": ("不再显示", "Hide"),
    "problem_done": ("已保存，以后各周同样生效", "Saved; it holds in later weeks too"),
    "problem_choose": ("先选择或填写", "Choose or write something first"),
    "problem_acts": ("整理记录（{n}）", "What was changed ({n})"),
    "problem_undo": ("撤销", "Undo"),
    "problem_act_rename": ("{who} 改名为「{value}」", "{who} renamed it “{value}”"),
    "problem_act_merge": (
        "{who} 把「{name}」并入「{value}」",
        "{who} merged “{name}” into “{value}”",
    ),
    "problem_act_split": (
        "{who} 从「{name}」拆出「{value}」",
        "{who} split “{value}” off “{name}”",
    ),
    "problem_act_hide": ("{who} 不再显示「{value}」", "{who} hid “{value}”"),
    "problem_act_undone": ("已撤销", "undone"),
}
