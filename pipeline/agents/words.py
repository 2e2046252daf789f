"""The words of the form in both languages; what comes from rule packs stays in its own."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("服务质量综合考评表", "Service quality form"),
    "overview": ("汇总", "Overview"),
    "team_title": ("{month} 服务质量综合考评汇总", "Service quality, {month}"),
    "page": ("第 &P 页，共 &N 页", "Page &P of &N"),
    "agent": ("坐席", "Agent"),
    "agent_id": ("工号", "Number"),
    "team": ("班组", "Team"),
    "no_team": ("未分组", "no team"),
    "month": ("月份", "Month"),
    "calls": ("通话数（机检）", "Calls (machine)"),
    "heard": ("人工听检", "Listened to"),
    "vetoed": ("一票否决", "Vetoed"),
    "mean": ("平均得分", "Mean score"),
    "heard_mean": ("听检平均得分", "Mean, listened to"),
    "deducted": ("扣分合计", "Points lost"),
    "appeals": ("申诉", "Appeals"),
    "appeals_said": (
        "{all} 件：成立 {upheld}，不成立 {dismissed}，未结 {open}",
        "{all}: {upheld} upheld, {dismissed} dismissed, {open} open",
    ),
    "grade": ("等级", "Grade"),
    "weeks": ("一、每周统计", "1. By week"),
    "week_from": ("自", "From"),
    "week_to": ("至", "To"),
    "total": ("合计", "Total"),
    "points": ("二、控制点", "2. Control points"),
    "line": ("业务条线", "Business line"),
    "pack": ("规则包", "Rule pack"),
    "number": ("编号", "No."),
    "point": ("控制点", "Control point"),
    "applies": ("适用通话", "Applies to"),
    "failed": ("失分通话", "Lost in"),
    "rate": ("失分率", "Share"),
    "lost": ("扣分", "Points"),
    "each": ("每通扣分", "Per call"),
    "listened": ("三、人工听检的通话", "3. Calls listened to"),
    "when": ("时间", "When"),
    "call": ("通话编号", "Call"),
    "reviewer": ("复核人", "Reviewed by"),
    "machine_score": ("机检得分", "Machine"),
    "score": ("计分", "Counts"),
    "none": ("（无）", "(none)"),
    "yes": ("是", "yes"),
    "people": ("四、人工考评（黄色处填写）", "4. Filled in by people (yellow)"),
    "item": ("项目", "Item"),
    "weight": ("权重", "Weight"),
    "points_got": ("得分（0–100）", "Score (0-100)"),
    "remark": ("说明", "Remark"),
    "quality": ("质检", "Quality"),
    "quality_note": (
        "本月全部通话的平均计分（已含人工复核和申诉结果）",
        "Mean of all calls of the month, with reviews and appeals",
    ),
    "attendance": ("出勤", "Attendance"),
    "attitude": ("工作态度", "Attitude"),
    "overall": ("综合得分", "Overall"),
    "overall_note": (
        "按权重平均；没有填写得分或权重的项目不计",
        "By weight; items without a score or a weight do not count",
    ),
    "scale": ("等级标准", "Grades"),
    "scale_from": ("起点分", "From"),
    "scale_calls": ("通话数", "Calls"),
    "comments": ("五、意见与签名", "5. Comments and signatures"),
    "said_agent": ("坐席意见", "Agent"),
    "said_leader": ("班长意见", "Shift leader"),
    "said_qa": ("质检意见", "Quality inspector"),
    "sign": ("签名 / 日期", "Signature / date"),
    "deductions": ("六、扣分明细", "6. What cost points"),
    "rule": ("规则", "Rule"),
    "severity": ("程度", "Severity"),
    "quote": ("原话（已脱敏）", "Quote (masked)"),
    "outcome": ("结论", "Outcome"),
    "rank": ("排名", "Rank"),
    "ahead": ("与同条线均值差", "Against same lines"),
    "rank_note": (
        "排名按“与同条线均值差”，通话少于 {n} 通的坐席不排名；数字引自各坐席的表，改动后自动重算。",
        "Ranked by the distance from the mean of the same business lines; agents with fewer than "
        "{n} calls are not ranked. Figures refer to the agents' sheets and follow their changes.",
    ),
    "machine": ("机器判定", "machine"),
    "confirm": ("人工确认", "confirmed"),
    "add": ("人工补充", "added by a person"),
    "reject": ("人工驳回", "rejected"),
    "not_applicable": ("人工认定不适用", "not applicable"),
    "filed": ("申诉待班长意见", "appealed, waits for the leader"),
    "opinion": ("申诉待裁定", "appealed, waits for a decision"),
    "upheld": ("申诉成立，不扣分", "appeal upheld, costs nothing"),
    "dismissed": ("申诉不成立", "appeal dismissed"),
    "withdrawn": ("申诉已撤回", "appeal withdrawn"),
    "judged": ("人工评定", "judged"),
    "severity_critical": ("重大", "Critical"),
    "severity_major": ("较重", "Major"),
    "severity_minor": ("轻微", "Minor"),
    "line_bank": ("银行", "Bank"),
    "line_wealth": ("理财", "Wealth"),
    "line_securities": ("证券", "Securities"),
    "line_insurance": ("保险", "Insurance"),
    "line_collection": ("催收", "Collection"),
    "line_general": ("通用", "General"),
    "score_wrong": ("请填写 0 到 100 的数", "A number from 0 to 100"),
}


class Words:
    """Words in one language, `zh` or `en`."""

    def __init__(self, language: str) -> None:
        self._place = 1 if language == "en" else 0

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key."""
        return WORDS[key][self._place].format(**values)

    def of(self, family: str, value: str) -> str:
        """The name of a value; one that nobody named as it is."""
        found = WORDS.get(f"{family}_{value}")
        return value if found is None else found[self._place]

    def title(self, chinese: str, english: str) -> str:
        """A title of a rule; in Chinese where its pack has no English one."""
        return (english if self._place else "") or chinese
