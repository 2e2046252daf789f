"""The words of a briefing in both languages; what comes from rule packs stays in its own."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("服务质量周报", "Weekly service quality briefing"),
    "all_teams": ("全部班组", "all teams"),
    "subtitle": (
        "{week}（{first:%m}月{first:%d}日至{last:%m}月{last:%d}日） · {team}",
        "{week} ({first:%Y-%m-%d} to {last:%Y-%m-%d}) · {team}",
    ),
    # headline
    "calls": ("通话", "Calls"),
    "heard": ("人工复核", "Reviewed"),
    "pass_rate": ("合格率", "Pass rate"),
    "mean": ("平均得分", "Mean score"),
    "vetoed": ("一票否决", "Vetoed"),
    "complaints": ("投诉预警", "Complaint threats"),
    "last_week": ("上周 {value}", "last week {value}"),
    "no_last": ("上周无通话", "no calls last week"),
    "up": ("上升", "up"),
    "down": ("下降", "down"),
    "chance": ("属偶然波动", "within chance"),
    "lead": (
        "本周检查通话 {calls} 通（上周 {before} 通），其中人工复核 {heard} 通。",
        "{calls} calls were checked this week ({before} last week), people reviewed {heard}.",
    ),
    "lead_equal": ("合格率 {now}，与上周相同。", "The pass rate is {now}, as last week."),
    "lead_same": (
        "合格率 {now}，与上周 {before} 的差别属偶然波动。",
        "The pass rate is {now}; the difference from {before} is within chance.",
    ),
    "lead_moved": (
        "合格率 {now}，上周 {before}，{change}超出偶然波动。",
        "The pass rate is {now}, last week {before}: {change}, beyond chance.",
    ),
    "lead_first": ("合格率 {now}。", "The pass rate is {now}."),
    "lead_mean_same": (
        "平均得分 {now}，与上周 {before} 的差别属偶然波动。",
        "The mean score is {now}; the difference from {before} is within chance.",
    ),
    "lead_mean_equal": ("平均得分 {now}，与上周相同。", "The mean score is {now}, as last week."),
    "lead_mean_moved": (
        "平均得分 {now}，上周 {before}，{change}超出偶然波动。",
        "The mean score is {now}, last week {before}: {change}, beyond chance.",
    ),
    "lead_veto": ("一票否决 {n} 通。", "{n} calls are vetoed."),
    "flagged": ("模型读出投诉意向的通话", "Calls in which a model reads a complaint"),
    "flagged_line": (
        "{of}（{share}），{last}。模型判断，人工核对过的以人工为准；不影响得分。",
        "{of} ({share}), {last}. A model's reading, a person's where one looked; no points lost.",
    ),
    "flagged_no_last": ("上周的通话模型未读", "no model read last week's calls"),
    "flagged_short": ("模型读出投诉", "Complaints read"),
    "weeks_chart": ("各周合格率", "Pass rate by week"),
    "weeks_alt": ("{first} 至 {last} 各周的合格率", "Pass rate of the weeks {first} to {last}"),
    # problems
    "problems": ("本周共性问题", "Common problems of the week"),
    "none": ("本周没有达到条数的共性问题。", "No problem is common enough this week."),
    "gone_title": ("本周消失的问题", "Gone this week"),
    "gone_line": (
        "{name}：{week} 还有 {calls}/{of} 通，本周 0 通，{said}",
        "{name}: {calls} of {of} calls in {week}, none this week, {said}",
    ),
    "gone_sure": ("超出偶然波动", "beyond chance"),
    "gone_maybe": ("可能只是偶然", "which may be chance"),
    "gone_few": ("通话太少，不能判断", "too few calls to tell"),
    "gone_named": ("{names}（超出偶然波动）", "{names} (beyond chance)"),
    "gone_others": ("另有 {n} 个可能只是偶然", "{n} more that may be chance"),
    "gone_unsure": ("{n} 个，可能只是偶然", "{n}, which may be chance"),
    "rank": ("序", "#"),
    "problem": ("问题", "Problem"),
    "in_calls": ("通话数", "Calls"),
    "share": ("占比", "Share"),
    "trend": ("趋势", "Trend"),
    "train": ("建议培训", "Training"),
    "trend_new": ("新问题", "new"),
    "trend_up": ("上升", "up"),
    "trend_down": ("下降", "down"),
    "trend_same": ("持平", "no change"),
    "trend_unknown": ("样本太少", "too few to tell"),
    "trend_chance": ("（{p}）", " ({p})"),
    "kind_rule": ("违反规则", "rule broken"),
    "kind_asked": ("客户常问", "often asked"),
    "kind_dissatisfied": ("客户不满", "customers discontent"),
    "kind_repeated": ("重复询问", "asked again"),
    "kind_waited": ("问后久等", "long wait after"),
    "numbers": (
        "{calls} 通（占本周 {share}，上周 {before}），{trend}。",
        "In {calls} calls ({share} of the week's, last week {before}), {trend}.",
    ),
    "numbers_first": (
        "{calls} 通（占本周 {share}），{trend}。",
        "In {calls} calls ({share} of the week's), {trend}.",
    ),
    "why": ("为什么重要", "Why it matters"),
    "why_point": ("控制点 {number} {title}", "control point {number} {title}"),
    "why_veto": ("一票否决项", "a veto"),
    "why_lost": ("本周共扣 {points} 分", "{points} points lost this week"),
    "why_law": ("依据：{law}", "Behind it: {law}"),
    "why_asked": (
        "问的人多，说明这件事客户自己找不到答案；各人答法不一就会引起误解和投诉，需要统一口径。",
        "Many ask: customers do not find the answer themselves. Answers that differ lead to "
        "misunderstandings and complaints, so there must be one.",
    ),
    "why_dissatisfied": (
        "客户在这件事上表示不满，处理不好会升级为投诉。",
        "Customers are discontent here; handled badly it becomes a complaint.",
    ),
    "why_repeated": (
        "客户同一件事问了两遍以上：第一次没有听明白或没有答到点上。",
        "Customers had to ask twice: the first answer was unclear or beside the point.",
    ),
    "why_waited": (
        "客户问完要等很久：坐席查找时间长，或不熟悉这项业务。",
        "Customers wait long after asking: agents search, or do not know the matter.",
    ),
    "hints": (
        "可能的原因（出现这一问题的通话与其他通话相比）",
        "Signs of a cause (calls with it against the others)",
    ),
    "hint": (
        "{what}“{value}”：{share}，其他通话 {elsewhere}",
        "{what} “{value}”: {share}, elsewhere {elsewhere}",
    ),
    "hint_team": ("班组", "team"),
    "hint_product": ("产品", "product"),
    "hint_hour": ("时段", "hour"),
    "hint_reason": ("来电原因", "call reason"),
    "hint_read_reason": ("来电原因（模型判断）", "call reason (as a model reads it)"),
    "hint_hold": ("等待", "on hold"),
    "hint_rule": ("同时违反", "also broken"),
    "hint_line": ("业务条线", "line"),
    "hint_channel": ("渠道", "channel"),
    "hint_direction": ("呼叫方向", "direction"),
    "line_bank": ("银行", "bank"),
    "line_wealth": ("理财", "wealth"),
    "line_securities": ("证券", "securities"),
    "line_insurance": ("保险", "insurance"),
    "line_collection": ("催收", "collection"),
    "line_general": ("通用", "general"),
    "channel_voice": ("电话", "voice"),
    "channel_chat": ("文字", "chat"),
    "direction_inbound": ("呼入", "inbound"),
    "direction_outbound": ("呼出", "outbound"),
    "agreed": ("统一答复口径", "Agreed answer"),
    "agreed_rule": ("案例库第 {case} 号，同一规则", "case {case}, same rule"),
    "agreed_point": ("案例库第 {case} 号，同一控制点", "case {case}, same control point"),
    "agreed_words": ("案例库第 {case} 号，按用词匹配，请核对", "case {case}, by its words: check"),
    "agreed_none": (
        "案例库中还没有这一问题的统一口径，请培训师确定。",
        "The case library has no agreed answer to this yet: the trainer decides.",
    ),
    "training": ("培训建议", "Training"),
    "all": ("全员", "everybody"),
    "team": ("班组 {who}", "team {who}"),
    "single": ("单独 {n} 人", "{n} single agents"),
    "single_one": ("单独 1 人", "1 single agent"),
    "named": ("单独：{who}", "single: {who}"),
    "watch": ("先观察", "watch"),
    "reason_all": (
        "{calls}/{of} 通，各人都有，不集中在少数人",
        "{calls} of {of} calls, spread over agents",
    ),
    "reason_asked": (
        "{calls}/{of} 通客户问到，任何人都可能接到",
        "{calls} of {of} calls: anybody may be asked",
    ),
    "reason_group": (
        "{calls}/{of} 通（{share}），其他人 {rest}，超出偶然",
        "{calls} of {of} calls ({share}), the others {rest}: beyond chance",
    ),
    "reason_few": (
        "只有 {calls} 通，不足以判断是谁的问题",
        "only {calls} calls: too few to say whose",
    ),
    "reason_watch": ("{calls}/{of} 通，没有明显集中", "{calls} of {of} calls, with no clear focus"),
    "see_annex": ("（名单见附录，不当众点名）", " (names in the annex, not to be read aloud)"),
    # actions
    "outcomes": ("上周行动的结果", "What became of last week's actions"),
    "outcome": (
        "{name}（{whom}：{what}）：{before} → {now}，{said}。",
        "{name} ({whom}: {what}): {before} → {now}, {said}.",
    ),
    "of": ("{calls}/{of} 通", "{calls} of {of} calls"),
    "unknown": ("没有数据", "no figure"),
    "gone": ("不再是共性问题", "no common problem any more"),
    "better": ("下降，超出偶然波动", "down, beyond chance"),
    "worse": ("上升，超出偶然波动", "up, beyond chance"),
    "alike": ("差别属偶然波动，还不能说有效", "within chance: no effect can be claimed yet"),
    "no_figure": ("无法比较", "cannot be compared"),
    "outcome_note": (
        "有下降不等于培训见效：来电内容、人员排班也会变。",
        "A fall is no proof that training worked: calls and shifts change too.",
    ),
    "actions": ("本周行动", "Actions of this week"),
    "actions_none": (
        "培训师尚未确定本周行动；建议见各问题。",
        "The trainer has decided no actions yet; suggestions stand with each problem.",
    ),
    "action": ("{name}（{whom}）：{what}", "{name} ({whom}): {what}"),
    # good ones
    "good": ("做得好的", "Done well"),
    "good_none": ("本周没有经人工确认的好例子。", "No example was confirmed by people this week."),
    "good_call": (
        "{rule}：通话得 {score} 分，经 {who} 复核",
        "{rule}: {score} points, reviewed by {who}",
    ),
    "good_by": ("坐席 {agent}", "agent {agent}"),
    # quotes
    "role_agent": ("坐席", "Agent"),
    "role_customer": ("客户", "Customer"),
    "role_unknown": ("未知", "Unknown"),
    "quote": ("原话（已脱敏）", "Quote (masked)"),
    "source": ("通话 {call} {at}", "call {call} {at}"),
    "clip": ("录音片段 {clip}", "clip {clip}"),
    "no_clips_file": ("clips/缺少的录音片段.txt", "clips/missing.txt"),
    "no_clips": (
        "以下引文没有录音片段，请在看板中打开通话：",
        "No clip of these quotes; open the calls:",
    ),
    "no_clip": ("通话 {call} 第 {turn} 句", "call {call}, turn {turn}"),
    # annex
    "annex": ("附录：培训师参考，不当众宣读", "Annex: for the trainer, not to be read aloud"),
    "annex_weeks": ("各周数据", "By week"),
    "week": ("周", "Week"),
    "chart": ("各周占比", "Share by week"),
    "chart_alt": ("“{name}”在各周通话中的占比", "Share of “{name}” in the calls of each week"),
    "who": ("涉及坐席（本周）", "Agents concerned (this week)"),
    "agent": ("坐席", "Agent"),
    "own_calls": ("有问题的通话", "With it"),
    "of_calls": ("其通话", "Own calls"),
    "beyond": ("超出偶然", "Beyond chance"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "who_note": (
        "只列通话达到 {of} 通的坐席；“否”表示与他人的差别可能是偶然，不能据此评价个人。",
        "Only agents with {of} calls or more; “no”: it may be chance, judge nobody by it.",
    ),
    "note": ("培训师说明", "The trainer's note"),
    "basis": ("数据依据", "What this stands on"),
    "basis_calls": (
        "{calls} 通通话，人工复核 {heard} 通；结果以人工复核和申诉结论为准。",
        "{calls} calls, {heard} reviewed; results as people decided them, appeals included.",
    ),
    "basis_pass": (
        "合格：得分不低于 {score} 且没有一票否决。",
        "Passed: a score of at least {score} and no veto.",
    ),
    "basis_test": (
        "“超出偶然”：99% 水平的检验；问题的趋势已按比较次数校正。",
        "“Beyond chance”: tested at 99 %; trends of problems are corrected for how many "
        "were looked at.",
    ),
    "packs": ("规则包", "Rule packs"),
    "models": ("识别模型", "Speech models"),
    "readers": ("读话模型", "Models that read calls"),
    "reader_reasons": ("来电原因 {model}", "call reasons {model}"),
    "reader_flags": ("投诉等标记 {model}", "complaint and other flags {model}"),
    "no_model": ("文字渠道或外部转写", "text, or transcribed elsewhere"),
    "code": ("软件版本", "Version"),
    "code_now": ("callqa {version}（结果：{results}）", "callqa {version} (results: {results})"),
    "edited": ("{who} 于 {at:%Y-%m-%d} 编辑。", "Edited by {who} on {at:%Y-%m-%d}."),
    "not_edited": (
        "未经人工编辑，内容为系统建议。",
        "Not edited by anybody: suggestions of the system.",
    ),
    "severity_critical": ("重大", "critical"),
    "severity_major": ("较重", "major"),
    "severity_minor": ("轻微", "minor"),
}


class Words:
    """Words in one language, `zh` or `en`."""

    def __init__(self, language: str) -> None:
        self.language = "en" if language == "en" else "zh"
        self._place = 1 if language == "en" else 0

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key."""
        return WORDS[key][self._place].format(**values)

    def of(self, family: str, value: object) -> str:
        """The name of a value; one that nobody named as it is."""
        found = WORDS.get(f"{family}_{value}")
        return str(value) if found is None else found[self._place]

    def either(self, chinese: str, english: str) -> str:
        """In this language, where there is one."""
        return (english if self._place else "") or chinese
