"""The text of a message, in the language of its channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from pipeline.domain import AlertKind, Drift, DriftKind

Facts = Mapping[str, Any]

_ZH = {
    "head": "【通话质检】{counts}",
    "test": "【通话质检】测试消息：通道 {channel} 可用",
    "and": "、",
    "veto": "一票否决 {n} 项",
    "complaint": "投诉风险 {n} 项",
    "drift": "指标异常 {n} 项",
    "veto_one": "一票否决",
    "complaint_one": "投诉风险",
    "drift_one": "指标异常",
    "again": "（再次提醒，尚无人确认）",
    "over": "（已恢复）",
    "call": "通话 {call_id}",
    "at": "第 {clock}",
    "agent": "坐席 {agent}",
    "quote": "“{quote}”",
    "more": "另有 {n} 项",
    "see": "，见 {link}",
    "rule": "规则“{name}”命中率 {now}，平时 {before}",
    "unsure": "规则“{name}”待判断的比例 {now}，平时 {before}",
    "confidence": "识别把握 {now}，平时 {before}（{name}）",
    "agent_stopped": "{name} 没有通话进入，平时每天 {before} 通",
    "somebody": "一名坐席",
    "team": "班组 {name} 只有 {now} 通通话，平时每天 {before} 通",
    "line": "业务线 {name} 只有 {now} 通通话，平时每天 {before} 通",
    "all": "全部只有 {now} 通通话，平时每天 {before} 通",
    "failed": "录音处理失败 {now}，平时 {before}",
    "since": "（自 {day} 起）",
    "chance": "偶然出现的概率 {chance}",
    "lines": {"bank": "银行", "wealth": "理财", "securities": "证券", "insurance": "保险",
              "collection": "催收", "general": "通用", "telesales": "电销"},
}  # fmt: skip
_EN = {
    "head": "[callqa] {counts}",
    "test": "[callqa] Test message: channel {channel} works",
    "and": ", ",
    "veto": "{n} veto",
    "complaint": "{n} threats to complain",
    "drift": "{n} unusual figures",
    "veto_one": "Veto",
    "complaint_one": "Threat to complain",
    "drift_one": "Unusual figure",
    "again": " (again: nobody has acknowledged it)",
    "over": " (over)",
    "call": "call {call_id}",
    "at": "at {clock}",
    "agent": "agent {agent}",
    "quote": "“{quote}”",
    "more": "{n} more",
    "see": ": {link}",
    "rule": "rule “{name}” hits {now}, usually {before}",
    "unsure": "rule “{name}” is unsure in {now}, usually {before}",
    "confidence": "recogniser's confidence {now}, usually {before} ({name})",
    "agent_stopped": "no calls of {name}, usually {before} a day",
    "somebody": "an agent",
    "team": "team {name}: {now} calls, usually {before} a day",
    "line": "line {name}: {now} calls, usually {before} a day",
    "all": "{now} calls in all, usually {before} a day",
    "failed": "failed recordings {now}, usually {before}",
    "since": " (since {day})",
    "chance": "by chance {chance}",
    "lines": {},
}
WORDS: Mapping[str, Mapping[str, Any]] = {"zh": _ZH, "en": _EN}
SHARES = ("rule", "unsure", "failed")


def subject(facts: Sequence[Facts], language: str) -> str:
    """One line: how many of what."""
    words = WORDS[language]
    counts = Counter(str(one["kind"]) for one in facts)
    said = [words[kind].format(n=counts[kind]) for kind in ("veto", "complaint", "drift")
            if counts[kind]]  # fmt: skip
    return str(words["head"]).format(counts=str(words["and"]).join(said))


def trial_line(channel: str, language: str) -> str:
    """What a test message says."""
    return str(WORDS[language]["test"]).format(channel=channel)


def text_of(
    facts: Sequence[Facts], shown: int, language: str, zone: tzinfo, overview: str | None
) -> str:
    """Counts, the first `shown`, how many more there are and where (`overview`: a link)."""
    words = WORDS[language]
    lines = [subject(facts, language)]
    for number, one in enumerate(facts[:shown], 1):
        lines += _lines(f"{number}. " if len(facts) > 1 else "", one, words, zone)
    if len(facts) > shown:
        more = str(words["more"]).format(n=len(facts) - shown)
        see = "" if overview is None else str(words["see"]).format(link=overview)
        lines.append(more + see)
    return "\n".join(lines)


def _lines(number: str, one: Facts, words: Mapping[str, Any], zone: tzinfo) -> list[str]:
    state = words.get(one["state"], "")
    if one["kind"] == "drift":
        chance = str(words["chance"]).format(chance=_chance(one["chance"]))
        lines = [f"{number}{one['day']} {_drift(one, words)}{state}", chance]
    else:
        lines = [
            f"{number}{words[one['kind'] + '_one']} {one['title']} {one['control_point']}{state}",
            " ".join(_where(one, words, zone)),
        ]
    if "quote" in one:
        lines.append(str(words["quote"]).format(quote=one["quote"]))
    if "link" in one:
        lines.append(one["link"])
    return [line for line in lines if line]


def _where(one: Facts, words: Mapping[str, Any], zone: tzinfo) -> list[str]:
    """When, which line and team, which call and second, as far as the channel may know."""
    parts = []
    if one["started_at"]:
        parts.append(f"{datetime.fromisoformat(one['started_at']).astimezone(zone):%m-%d %H:%M}")
    parts.append(words["lines"].get(one["business_line"], one["business_line"]))
    parts.append(one["team"] or "")
    if "call_id" in one:
        parts.append(words["call"].format(call_id=one["call_id"]))
        if one["start"] is not None:
            parts.append(words["at"].format(clock=_clock(one["start"])))
    if one.get("agent_id") or one.get("agent_name"):
        agent = " ".join(filter(None, (one["agent_name"], one["agent_id"])))
        parts.append(words["agent"].format(agent=agent))
    return [part for part in parts if part]


def drift_line(drift: Drift, language: str, *, agents: bool = True) -> str:
    """What left its usual range, with both figures; `agents`: an agent may be named."""
    named = agents or drift.kind is not DriftKind.AGENT
    return _drift(
        {
            "drift": drift.kind,
            "title": (language == "en" and drift.title_en) or drift.title,
            "subject": drift.subject if named else "",
            "now": drift.now,
            "before": drift.before,
            "team": drift.team,
            "day": drift.day.isoformat(),
            "since": drift.began.isoformat(),
        },
        WORDS[language],
    )


def kind_name(kind: AlertKind, language: str) -> str:
    """What an alert is called."""
    return str(WORDS[language][f"{kind}_one"])


def _drift(one: Facts, words: Mapping[str, Any]) -> str:
    kind = str(one["drift"])
    key = "agent_stopped" if kind == "agent" else kind
    name = one["title"] or one["subject"] or words["somebody"]
    if kind == "line":
        name = words["lines"].get(name, name)
    form = _percent if kind in SHARES else _two if kind == "confidence" else _count
    line = str(words[key]).format(name=name, now=form(one["now"]), before=form(one["before"]))
    if one["since"] != one["day"]:
        line += str(words["since"]).format(day=one["since"])
    return line if not one["team"] or kind == "team" else f"{line} ({one['team']})"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _two(value: float) -> str:
    return f"{value:.2f}"


def _count(value: float) -> str:
    return f"{value:.0f}"


def _chance(chance: float) -> str:
    return "< 0.0001" if chance < 0.0001 else f"{chance:.4f}"
