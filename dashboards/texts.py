"""Every text of the dashboard: key → (Simplified Chinese, English). Pages hold none themselves.

What comes out of a rule pack (titles, reasons, 标准话术) is data and stays in its own language.
The texts of the call page stand in `call_texts.py`, those of signing in in `access_texts.py`,
those of sampling in `sample_texts.py`, of the desk in `desk_texts.py`, of the search in
`search_texts.py`, of appeals in `appeal_texts.py`, of the rules' page in `rule_texts.py`, of
calibration in `calibration_texts.py`, of agents in `agent_texts.py`, of cases in `case_texts.py`,
of the briefing in `briefing_texts.py`, of corrections in `correction_texts.py`, of a call's form
in `form_texts.py`, of common problems in `problem_texts.py`, of what models read in
`learned_texts.py` and of what people say of that in `label_texts.py`. What goes wrong is said by
`faults.py` out of `error_texts.py`, `fault_texts.py` and `file_texts.py`.
A key that names a value, such as `verdict_fail`, is `<family>_<value>`: see `named`.
"""

from __future__ import annotations

from typing import Final

from dashboards.access_texts import ACCESS_TEXTS
from dashboards.agent_texts import AGENT_TEXTS
from dashboards.alert_texts import ALERT_TEXTS
from dashboards.appeal_texts import APPEAL_TEXTS
from dashboards.briefing_texts import BRIEFING_TEXTS
from dashboards.calibration_texts import CALIBRATION_TEXTS
from dashboards.call_texts import CALL_TEXTS
from dashboards.case_texts import CASE_TEXTS
from dashboards.correction_texts import CORRECTION_TEXTS
from dashboards.desk_texts import DESK_TEXTS
from dashboards.form_texts import FORM_TEXTS
from dashboards.label_texts import LABEL_TEXTS
from dashboards.learned_texts import LEARNED_TEXTS
from dashboards.problem_texts import PROBLEM_TEXTS
from dashboards.rule_texts import RULE_TEXTS
from dashboards.sample_texts import SAMPLE_TEXTS
from dashboards.search_texts import SEARCH_TEXTS

LANGUAGES: Final = {"zh": "中文", "en": "English"}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # ── frame ──
    "product": ("通话质检", "Call quality inspection"),
    "page_overview": ("概览", "Overview"),
    "page_queue": ("质检队列", "Queue"),
    "page_call": ("通话", "Call"),
    "language": ("语言", "Language"),
    "reviewer": ("复核人", "Reviewer"),
    "reviewer_hint": ("姓名，记入每次复核", "Your name, kept with every review"),
    "last_run": ("上次运行", "Last run"),
    "last_run_line": (
        "{when}：处理 {processed}，失败 {failed}",
        "{when}: {processed} processed, {failed} failed",
    ),
    "run_unfinished": (
        "{when} 开始的运行尚未结束，结果陆续载入",
        "The run begun at {when} has not ended; results arrive as it goes",
    ),
    "no_run": ("尚无运行记录", "No run yet"),
    "newer": ("有新的质检结果", "New results are ready"),
    "load_newer": ("载入新结果", "Load them"),
    "results_of": ("结果版本 {version}", "Results {version}"),
    "all": ("全部", "All"),
    "none": ("无", "None"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    # ── nothing to show ──
    "nothing_published": ("还没有可看的质检结果", "There are no results to show yet"),
    "nothing_published_help": (
        "请运营人员先运行一次质检，本页会自动读取结果：",
        "Ask the operator to run the inspection once; this page then finds the results:",
    ),
    "cannot_open": (
        "现在无法读取结果：{message}",
        "The results cannot be read now: {message}",
    ),
    "no_calls": ("数据库中还没有通话", "There are no calls in the database yet"),
    "no_calls_help": (
        "上次运行没有处理成功任何录音。失败的文件和原因列在下面；没有列出时，请检查录音文件夹。",
        "The last run processed no recording. Failed files and reasons are listed below; when none"
        " are, check the folder of recordings.",
    ),
    "no_data": ("所选范围内没有数据", "Nothing in this range"),
    # ── overview ──
    "period": ("时间范围", "Period"),
    "period_all": ("全部", "All"),
    "period_30": ("最近 30 天", "Last 30 days"),
    "period_7": ("最近 7 天", "Last 7 days"),
    "tile_calls": ("通话", "Calls"),
    "tile_hours": ("录音时长", "Audio"),
    "tile_score": ("平均得分", "Mean score"),
    "tile_pass": ("合格率", "Pass rate"),
    "tile_veto": ("一票否决", "Vetoed"),
    "tile_review": ("待复核", "To review"),
    "tile_unsure": ("待人工判断", "Machine unsure"),
    "tile_reviewed": ("人工复核率", "Reviewed by people"),
    "note_reviewed": ("已复核完 {n} 通", "{n} reviewed to the end"),
    "tile_appeals": ("申诉待处理", "Appeals open"),
    "working": ("正在统计…", "Counting…"),
    "hours": ("{n} 小时", "{n} h"),
    "note_flagged": ("{n} 通有扣分", "{n} with failed rules"),
    "note_longest": ("最长的排在前面", "Longest first"),
    "note_lowest": ("低分排在前面", "Lowest first"),
    "note_pass": ("60 分以上且未被否决", "60 or more, not vetoed"),
    "note_veto": ("重大违规，得分为 0", "Grave breach, score 0"),
    "note_review": ("有问题且无人复核", "Flagged, nobody looked yet"),
    "note_unsure": ("机器无法确定，不扣分", "Costs no points until decided"),
    "trend": ("每日趋势", "Trend by day"),
    "trend_help": ("点击某一天查看当天通话", "Click a day to see its calls"),
    "day": ("日期", "Day"),
    "calls": ("通话数", "Calls"),
    "mean_score": ("平均得分", "Mean score"),
    "worst_points": ("问题最多的控制点", "Control points that fail most"),
    "worst_rules": ("问题最多的规则", "Rules that fail most"),
    "teams": ("班组", "Teams"),
    "business_lines": ("业务条线", "Business lines"),
    "agents": ("坐席（均分最低）", "Agents with the lowest mean"),
    "failed_files": ("未能处理的文件", "Files that could not be processed"),
    "no_failures": ("没有失败的文件", "No file failed"),
    "undated": (
        "{n} 通没有通话时间，不在趋势图中",
        "{n} calls have no start time and are not drawn",
    ),
    # ── columns ──
    "col_point": ("控制点", "Control point"),
    "col_rule": ("规则", "Rule"),
    "col_severity": ("程度", "Severity"),
    "col_rate": ("不合格率", "Failure rate"),
    "col_fails": ("不合格", "Failed"),
    "col_unsure": ("待判断", "Unsure"),
    "col_points": ("加减分", "Points"),
    "col_team": ("班组", "Team"),
    "col_line": ("业务条线", "Business line"),
    "col_agent": ("坐席", "Agent"),
    "col_calls": ("通话数", "Calls"),
    "col_mean": ("均分", "Mean"),
    "col_pass": ("合格率", "Pass rate"),
    "col_veto": ("否决", "Vetoed"),
    "col_file": ("文件", "File"),
    "col_stage": ("环节", "Stage"),
    "col_advice": ("怎么办、原因", "What to do, reason"),
    "col_attempts": ("次数", "Attempts"),
    "col_when": ("时间", "When"),
    "col_call": ("通话", "Call"),
    "col_duration": ("时长", "Length"),
    "col_score": ("得分", "Score"),
    "col_grade": ("等级", "Grade"),
    "col_problem": ("最主要的问题", "Main problem"),
    "col_counts": ("不合格 / 待判断", "Failed / unsure"),
    "col_review": ("复核", "Review"),
    # ── queue ──
    "filter_days": ("起止日期", "From – to"),
    "filter_team": ("班组", "Team"),
    "filter_agent": ("坐席", "Agent"),
    "filter_business_line": ("业务条线", "Business line"),
    "filter_rule": ("规则", "Rule"),
    "filter_severity": ("程度", "Severity"),
    "filter_grade": ("等级", "Grade"),
    "filter_review": ("复核状态", "Review"),
    "filter_text": ("通话编号或文字", "Call id or words"),
    "filter_pack": ("规则包", "Rule pack"),
    "filter_control_point": ("控制点", "Control point"),
    "filter_passed": ("是否合格", "Pass"),
    "passed_true": ("合格", "Passed"),
    "passed_false": ("不合格", "Not passed"),
    "filter_able": ("可检查", "Can carry"),
    "unable": ("无：{what}", "Without: {what}"),
    "filter_vetoed": ("一票否决", "Vetoed"),
    "filter_scope": ("范围", "Scope"),
    "filter_sort": ("排序", "Order"),
    "filter_size": ("每页", "Per page"),
    "clear_filters": ("清除筛选", "Clear filters"),
    "ignored_filters": (
        "地址中有无法识别的筛选，已忽略：{names}",
        "Not understood, ignored: {names}",
    ),
    "count": ("共 {n} 通，显示第 {first}–{last} 通", "Calls {first}–{last} of {n}"),
    "count_none": ("共 0 通", "0 calls"),
    "no_match": (
        "没有符合条件的通话。可放宽日期或清除筛选；范围选“全部通话”可包括无问题的通话。",
        "No call matches. Widen the dates or clear the filters; scope “all calls” includes calls"
        " without problems.",
    ),
    "previous_page": ("上一页", "Previous"),
    "next_page": ("下一页", "Next"),
    "scope_flagged": ("有问题或待判断", "Flagged"),
    "scope_all": ("全部通话", "All calls"),
    "sort_worst": ("最严重在前", "Most serious first"),
    "sort_score": ("得分从低到高", "Lowest score first"),
    "sort_best": ("得分从高到低", "Highest score first"),
    "sort_newest": ("最新在前", "Newest first"),
    "sort_oldest": ("最早在前", "Oldest first"),
    "sort_longest": ("最长在前", "Longest first"),
    "sort_unsure": ("待判断最多在前", "Most unsure first"),
    "review_open": ("未复核", "Open"),
    "review_partly": ("部分复核", "Partly"),
    "review_reviewed": ("已复核", "Reviewed"),
    **CALL_TEXTS,
    **ACCESS_TEXTS,
    **AGENT_TEXTS,
    **ALERT_TEXTS,
    **APPEAL_TEXTS,
    **CALIBRATION_TEXTS,
    **BRIEFING_TEXTS,
    **CASE_TEXTS,
    **CORRECTION_TEXTS,
    **FORM_TEXTS,
    **LABEL_TEXTS,
    **LEARNED_TEXTS,
    **DESK_TEXTS,
    **PROBLEM_TEXTS,
    **RULE_TEXTS,
    **SAMPLE_TEXTS,
    **SEARCH_TEXTS,
}
