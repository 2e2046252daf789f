"""The words of the monthly report in both languages; what comes from data stays in its own."""

from __future__ import annotations

from typing import Final

from pipeline.agents.words import WORDS as FORM_WORDS

WORDS: Final[dict[str, tuple[str, str]]] = {
    "report": ("服务质量分析报告", "Service quality report"),
    "subtitle": (
        "{month}（{first} 至 {last}）　{whose}　应于 {due} 前提交",
        "{month} ({first} to {last})　{whose}　due {due}",
    ),
    "everybody": ("全部班组", "all teams"),
    "made": ("生成日期 {day}", "made on {day}"),
    "overview_sheet": ("总览", "Overview"),
    "days_sheet": ("日周统计", "Days and weeks"),
    "points_sheet": ("失分", "Points lost"),
    "problems_sheet": ("共性问题", "Common problems"),
    "ranking_sheet": ("排名", "Ranking"),
    "rewards_sheet": ("奖惩", "Rewards"),
    "behind_sheet": ("奖惩依据", "What rewards rest on"),
    "vetoes_sheet": ("一票否决", "Vetoes"),
    "open_sheet": ("未结事项", "Open items"),
    "basis_sheet": ("依据", "Basis"),
    "results": ("总体结果", "Results"),
    "by_team": ("分班组", "By team"),
    "by_line": ("分业务条线", "By business line"),
    "by_week": ("每周", "By week"),
    "by_day": ("每日", "By day"),
    "failing_points": ("失分最多的控制点", "Control points that fail most"),
    "failing_rules": ("违反最多的规则", "Rules broken most"),
    "problems": ("本月共性问题", "Common problems of the month"),
    "ranking": ("坐席排名", "Ranking of agents"),
    "rewards": ("奖惩名单", "Rewards and penalties"),
    "rewards_sums": ("合计", "Sums"),
    "behind": ("奖惩所依据的判定", "What the list rests on"),
    "vetoes": ("一票否决项", "Vetoes"),
    "open_reviews": ("未完成的复核", "Reviews that are not done"),
    "open_urgent": ("最紧急的待复核通话", "Most urgent open reviews"),
    "open_appeals": ("未结申诉", "Open appeals"),
    "open_disputes": ("校准中未解决的分歧", "Unresolved disputes of calibration"),
    "basis": ("依据的规则包、模型和版本", "Packs, models and versions"),
    "readers": ("读取来电原因和情绪标记的模型", "Models that read reasons and flags"),
    "no_readers": ("没有模型读过这些通话。", "No model has read these calls."),
    "reads": ("读什么", "Reads"),
    "read_by": ("模型和版本", "Model and version"),
    "reads_reasons": ("来电原因", "Call reasons"),
    "reads_flags": ("投诉等情绪标记", "Complaint and other flags"),
    "forms": ("考评表", "Forms"),
    "who": ("班组 / 条线", "Team / line"),
    "mean_low": ("95% 下限", "95 % low"),
    "mean_high": ("95% 上限", "95 % high"),
    "mean_before": ("上月均分", "Mean before"),
    "mean_change": ("均分变化", "Change"),
    "beyond": ("超出偶然", "Beyond chance"),
    "passed": ("合格", "Passed"),
    "pass_rate": ("合格率", "Pass rate"),
    "pass_before": ("上月合格率", "Pass rate before"),
    "vetoed_before": ("上月否决", "Vetoed before"),
    "before": ("上月", "before:"),
    "calls_before": ("上月通话", "Calls before"),
    "calls": ("通话", "Calls"),
    "up": ("↑ 上升", "↑ up"),
    "down": ("↓ 下降", "↓ down"),
    "same": ("无显著变化", "no more than chance"),
    "key_point": ("关键", "Key"),
    "fail_rate": ("失分率", "Share"),
    "fail_before": ("上月失分率", "Share before"),
    "place": ("名次", "Place"),
    "few": ("通话太少，不排名", "too few calls, not ranked"),
    "stands_1": ("高于同条线", "above the same lines"),
    "stands_-1": ("低于同条线", "below the same lines"),
    "stands_0": ("相当", "alike"),
    "ranking_note": (
        "按与同条线均值差排序；差别没有超出偶然（99%）的坐席同组同名次，例如“1–7”；"
        "少于 {n} 通的不排名。得分为人工复核和申诉之后的结果。",
        "Ordered by the distance from the mean of the same lines. Agents whose difference chance"
        " explains (99 %) share a group and its places, such as 1–7; with fewer than {n} calls"
        " nobody is ranked. Scores are those after reviews and appeals.",
    ),
    "chance_note": (
        "变化只在 99% 水平上超出偶然波动时标出；区间为 95%。规则包版本变化也会影响得分，见“依据”。",
        "Changes are marked only where chance does not explain them at 99 %; intervals are 95 %."
        " Another version of a rule pack can change scores too, see the basis.",
    ),
    "reward_rule": ("奖惩规则", "Rule"),
    "kind": ("类别", "Kind"),
    "kind_reward": ("奖励", "reward"),
    "kind_penalty": ("处罚", "penalty"),
    "state": ("状态", "State"),
    "amount": ("金额 / 分值", "Amount"),
    "unit": ("单位", "Unit"),
    "lines": ("条数", "Lines"),
    "why": ("依据（数值与条件）", "Why (figures and conditions)"),
    "calls_behind": ("相关通话", "Calls behind"),
    "line_due": ("执行", "due"),
    "line_suspended": ("暂缓（申诉未结）", "suspended (open appeal)"),
    "line_pending": ("待定（否决未复核）", "pending (veto not reviewed)"),
    "rewards_note": (
        "处罚只依据人工确认的问题；机器发现而无人复核的问题不处罚任何人。"
        "有未结申诉的问题暂不计入。",
        "Penalties rest on what people confirmed; what a machine found and nobody reviewed fines"
        " nobody. What is under an open appeal does not count yet.",
    ),
    "no_rules": (
        "设置文件没有奖惩规则（rewards），本月不列名单。",
        "The settings hold no rules (rewards), so there is no list.",
    ),
    "nobody": ("没有符合条件的坐席", "Nobody meets a rule's conditions"),
    "at_least": ("≥ {n}", "at least {n}"),
    "at_most": ("≤ {n}", "at most {n}"),
    "figure_calls": ("通话 {n} 通", "{n} calls"),
    "figure_checked": ("人工听检 {n} 通", "{n} listened to"),
    "figure_mean": ("平均得分 {n}", "mean {n}"),
    "figure_checked_mean": ("听检平均得分 {n}", "mean of those listened to {n}"),
    "figure_pass_rate": ("合格率 {n}", "pass rate {n}"),
    "figure_stands": ("与同条线相比 {n}", "beside the same lines {n}"),
    "figure_confirmed": ("确认的问题 {n} 个", "{n} confirmed findings"),
    "figure_confirmed_critical": ("确认的重大问题 {n} 个", "{n} confirmed critical"),
    "figure_confirmed_major": ("确认的较重问题 {n} 个", "{n} confirmed major"),
    "figure_confirmed_minor": ("确认的轻微问题 {n} 个", "{n} confirmed minor"),
    "figure_confirmed_vetoes": ("确认的否决 {n} 次", "{n} confirmed vetoes"),
    "figure_confirmed_points": ("确认的扣分 {n} 分", "{n} confirmed points lost"),
    "veto_open": ("未复核", "not reviewed"),
    "veto_confirmed": ("已确认", "confirmed"),
    "veto_rejected": ("已驳回", "rejected"),
    "veto_appealed": ("申诉中", "under appeal"),
    "veto_upheld": ("申诉成立，撤销", "appeal upheld, withdrawn"),
    "veto_dismissed": ("申诉不成立，维持", "appeal dismissed, stands"),
    "holder": ("处理人", "Holder"),
    "unassigned": ("无人认领", "nobody"),
    "begun": ("已开始", "Begun"),
    "oldest": ("最早通话", "Oldest call"),
    "filed": ("提出时间", "Filed"),
    "waits_for": ("等待", "Waits for"),
    "leader_until": ("班长意见截止", "Leader until"),
    "wait_filed": ("班长意见", "the leader's opinion"),
    "wait_opinion": ("主管裁定", "the decision"),
    "round": ("校准轮次", "Round"),
    "closed": ("结束时间", "Closed"),
    "subject": ("项目", "Subject"),
    "version": ("版本", "Version"),
    "hash": ("哈希", "Hash"),
    "engine": ("识别引擎", "Engine"),
    "model": ("模型", "Model"),
    "revision": ("模型版本", "Revision"),
    "code": ("程序版本", "Code"),
    "problem": ("问题", "Problem"),
    "problem_kind": ("类型", "Kind"),
    "problem_rule": ("违规", "rule"),
    "problem_asked": ("咨询集中", "asked"),
    "problem_dissatisfied": ("不满", "dissatisfied"),
    "problem_repeated": ("反复询问", "asked again"),
    "problem_waited": ("提问后长时间静默", "long silence"),
    "trend": ("趋势", "Trend"),
    "trend_new": ("新出现", "new"),
    "trend_up": ("上升", "up"),
    "trend_down": ("下降", "down"),
    "trend_same": ("无显著变化", "no more than chance"),
    "trend_unknown": ("数据太少", "too little to tell"),
    "concerned": ("突出的班组", "Teams that stand out"),
    "problems_note": (
        "{first} 至 {last} 各周有该问题的通话；趋势为最后一周与之前各周相比，只在超出偶然时标出",
        "Calls with it in the weeks {first} to {last}; the trend is that of the last week against"
        " those before, where it is more than chance",
    ),
    "lead": (
        "本期共 {calls} 通，平均得分 {mean}{interval}，{change}；合格率 {rate}；"
        "一票否决 {vetoed} 通；人工听检 {heard} 通。",
        "{calls} calls, mean score {mean}{interval}, {change}; pass rate {rate}; {vetoed} vetoed;"
        " {heard} listened to.",
    ),
    "against": (
        "较上月 {difference}（{chance}）",
        "{difference} against the month before ({chance})",
    ),
    "no_before": ("没有上月数据", "nothing to compare with"),
    "interval": ("（95% 区间 {low}–{high}）", " (95 %: {low} to {high})"),
    "mean_by_week": ("每周平均得分", "Mean score by week"),
    "rate_by_week": ("每周合格率", "Pass rate by week"),
    "more_in_workbook": ("全部 {n} 行见 Excel。", "All {n} lines are in the workbook."),
}


class Words:
    """Words in one language, `zh` or `en`; those of the form too."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = 1 if language == "en" else 0

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key."""
        return (WORDS.get(key) or FORM_WORDS[key])[self._place].format(**values)

    def of(self, family: str, value: str) -> str:
        """The name of a value; one that nobody named as it is."""
        key = f"{family}_{value}"
        found = WORDS.get(key) or FORM_WORDS.get(key)
        return value if found is None else found[self._place]

    def title(self, chinese: str, english: str) -> str:
        """A title of a rule; in Chinese where its pack has no English one."""
        return (english if self._place else "") or chinese
