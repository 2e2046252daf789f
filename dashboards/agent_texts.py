"""Texts of the page of agents: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

AGENT_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_agents": ("坐席", "Agents"),
    "series_own": ("本人", "Own"),
    "series_team": ("班组中位数", "Middle of the team"),
    "agents_none": ("{month} 没有通话", "No calls in {month}"),
    "agents_back": ("返回坐席列表", "All agents"),
    "agents_note": (
        "按“与同条线均值差”排名；点击查看该坐席",
        "Ranked by the distance from the mean of the same lines; a click shows the agent",
    ),
    "view_agents": ("坐席", "Agents"),
    "view_month": ("月度报告", "Monthly report"),
    "month_docx": ("Word", "Word"),
    "month_xlsx": ("Excel", "Excel"),
    "month_html": ("网页", "HTML"),
    "agents_method": (
        "得分以人工复核和申诉后的结果为准，方括号内为平均得分的 95% 区间。"
        "“与同条线均值差”把每通通话与同一业务条线全部坐席的平均分相比，"
        "难易不同的条线因此可以并列。"
        "箭头只标出 99% 水平上、偶然波动解释不了的差别；"
        "少于 {n} 通的坐席列在最后，不排名、不比较。",
        "Scores are those that count after reviews and appeals; in brackets the 95 % interval of"
        " the mean. “Against same lines” compares every call with the mean of all agents in its"
        " business line, so that hard and easy lines can stand side by side. Arrows mark only what"
        " chance does not explain at 99 %; agents with fewer than {n} calls come last, neither"
        " ranked nor compared.",
    ),
    "tile_agents": ("坐席", "Agents"),
    "note_agents": ("其中 {n} 人参与排名", "{n} of them ranked"),
    "tile_month_calls": ("本月通话", "Calls of the month"),
    "note_month_calls": ("在质检队列中查看", "shown in the queue"),
    "tile_mean": ("平均得分", "Mean score"),
    "agent_interval": ("95% 区间 {low}–{high}", "95 %: {low}–{high}"),
    "note_few": ("通话太少，没有区间", "too few calls for an interval"),
    "tile_heard": ("人工听检", "Listened to"),
    "note_heard": ("复核完成的通话", "reviews that are done"),
    "tile_vetoed": ("一票否决", "Vetoed"),
    "note_vetoed": ("复核和申诉之后", "after reviews and appeals"),
    "tile_lost": ("扣分项", "Deductions"),
    "note_lost": ("共 {n} 分", "{n} points in all"),
    "tile_agent_appeals": ("申诉", "Appeals"),
    "note_appeals": ("成立 {upheld}，未结 {open}", "{upheld} upheld, {open} open"),
    "col_rank": ("排名", "Rank"),
    "col_heard_calls": ("听检", "Heard"),
    "col_interval": ("平均得分 [95%]", "Mean [95 %]"),
    "col_ahead": ("与同条线均值差", "Against same lines"),
    "col_change": ("较上月", "Month before"),
    "col_lost_most": ("最常失分的控制点", "Most often lost"),
    "few_calls": ("通话太少", "too few"),
    "in_calls": ("{n} 通", "{n} calls"),
    "part_result": ("成绩", "Results"),
    "part_lost": ("扣分与申诉", "Deductions and appeals"),
    "part_calls": ("通话", "Calls"),
    "part_form": ("考评表", "Monthly form"),
    "agent_trend": ("趋势", "Trend"),
    "trend_beside": (
        "中位数取自班组各坐席的平均分，至少 5 人才显示",
        "The middle of the means of the team's agents; shown from five agents on",
    ),
    "grain_week": ("按周", "By week"),
    "grain_month": ("按月", "By month"),
    "lost_points": ("最常失分", "Most often lost"),
    "lost_points_note": ("点击查看这些通话", "A click shows these calls"),
    "strengths": ("强项", "Strengths"),
    "strengths_note": (
        "失分率低于班组其他人，且不是偶然",
        "Lost less often than by the rest of the team, beyond chance",
    ),
    "no_strengths": (
        "没有明显好于班组其他人的控制点（或通话太少）",
        "No control point stands out from the rest of the team (or there are too few calls)",
    ),
    "nothing_lost": ("没有失分", "Nothing was lost"),
    "col_lost_calls": ("失分 / 适用", "Lost / applies"),
    "col_lost_share": ("失分率", "Share"),
    "col_team_share": ("班组其他人", "Rest of the team"),
    "deductions_title": ("扣分明细", "What cost points"),
    "deductions_note": (
        "点击到通话的那一刻，在那里听取、申诉",
        "A click leads to the moment in the call, where it is heard and appealed against",
    ),
    "deductions_cut": (
        "共 {n} 条，显示最近 {shown} 条",
        "{n} in all, the latest {shown} are shown",
    ),
    "deductions_none": ("没有扣分", "Nothing cost points"),
    "col_outcome": ("结论", "Outcome"),
    "col_deducted": ("扣分", "Points"),
    "outcome_machine": ("机器判定", "machine"),
    "human_judged": ("人工评定", "judged"),
    "appeal_open_until": ("可申诉至 {when}", "appeal until {when}"),
    "calls_title": ("通话", "Calls"),
    "show_all": ("全部", "All"),
    "show_heard": ("人工听检", "Listened to"),
    "show_vetoed": ("一票否决", "Vetoed"),
    "show_lost": ("有扣分", "With deductions"),
    "point_chosen": ("控制点 {point} 失分的通话", "Calls that lost control point {point}"),
    "calls_cut": ("共 {n} 通，显示最近 {shown} 通", "{n} in all, the latest {shown} are shown"),
    "col_machine": ("机检", "Machine"),
    "col_counts_score": ("计分", "Counts"),
    "col_reviewer": ("复核人", "Reviewed by"),
    "month_form_title": ("服务质量综合考评表", "Service quality form"),
    "month_form_note": (
        "机检、复核和申诉的结果已填好；出勤、态度、意见和签名在 Excel 或打印件上填写，"
        "综合得分自动重算",
        "Filled in from checks, reviews and appeals; attendance, attitude, comments and signatures"
        " are added in Excel or on paper, the overall score follows",
    ),
    "form_excel": ("下载 Excel", "Download Excel"),
    "forms_excel": ("下载考评表（{n} 人）", "Download forms ({n} agents)"),
    "forms_many": (
        "超过 {most} 人：请先选择班组，或用 callqa forms 导出",
        "More than {most} agents: choose a team first, or use callqa forms",
    ),
    "form_weeks": ("每周统计", "By week"),
    "col_week": ("周", "Week"),
    "form_points": ("控制点", "Control points"),
    "form_heard": ("人工听检的通话", "Calls listened to"),
    "form_grades": ("等级", "Grade"),
    "form_grade_said": ("按平均得分：{grade}（{counts}）", "By the mean score: {grade} ({counts})"),
    "form_none_heard": ("本月还没有人工听检", "Nobody has listened to a call yet"),
}
