"""What `callqa alerts` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.alerts import ChannelState, Delivered, Sent, Shown, drift_line, kind_name
from pipeline.settings import Settings
from pipeline.terminal import make_console

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "none": "没有未确认的预警（--all 包括已确认的）",
        "alerts": ("编号", "类型", "时间", "内容", "通话", "班组", "确认"),
        "no_channels": "没有设置通道：预警只显示在页面上。设置见 docs/alerts.md",
        "channels": ("通道", "种类", "已发", "待发", "失败", "最近发出", "原因"),
        "gone": "已从设置中移除",
        "failed": ("失败的消息", "通道", "次数", "原因"),
        "sent": "已发 {sent} 条，稍后再试 {postponed} 条，放弃 {failed} 条",
        "in_all": "共有 {n} 条消息发送失败：排除原因后运行 callqa alerts resend",
        "tested": "{channel}：测试消息已被接收",
        "refused": "{channel}：没有发出：{reason}",
        "resent": "{n} 条消息将重新发送",
    },
    "en": {
        "none": "no open alerts (--all shows answered ones too)",
        "alerts": ("id", "kind", "when", "what", "call", "team", "noted by"),
        "no_channels": "no channel is set up: alerts are on the page only; docs/alerts.md",
        "channels": ("channel", "kind", "sent", "waiting", "failed", "last sent", "reason"),
        "gone": "not in the settings any more",
        "failed": ("failed message", "channel", "tries", "reason"),
        "sent": "{sent} sent, {postponed} to be tried again, {failed} given up",
        "in_all": "{n} messages failed: mend the cause, then run callqa alerts resend",
        "tested": "{channel}: the test message was taken",
        "refused": "{channel}: not sent: {reason}",
        "resent": "{n} messages wait to be sent again",
    },
}


def print_state(
    shown: Sequence[Shown],
    channels: Sequence[ChannelState],
    messages: Iterable[Sent],
    settings: Settings,
) -> None:
    """Alerts, channels, and messages that failed."""
    words, console = WORDS[settings.language], make_console()
    if shown:
        console.print(_table(words["alerts"], (_alert(one, settings) for one in shown)))
    else:
        console.print(words["none"])
    if channels:
        console.print(_table(words["channels"], (_channel(one, settings) for one in channels)))
    else:
        console.print(words["no_channels"])
    failed = [one for one in messages if one.state == "failed"]
    if failed:
        rows = ((one.id, one.channel, str(one.tries), one.reason) for one in failed)
        console.print(_table(words["failed"], rows))


def print_sent(done: Delivered, failed: int, language: str) -> None:
    """What a round of sending did, and how many messages failed in all."""
    words, console = WORDS[language], make_console()
    console.print(words["sent"].format(**asdict(done)))
    if failed:
        console.print(words["in_all"].format(n=failed))


def print_tested(channel: str, reason: str, language: str) -> None:
    """Whether a test message was taken (`reason` empty)."""
    key = "refused" if reason else "tested"
    make_console().print(WORDS[language][key].format(channel=channel, reason=reason))


def print_resent(done: int, language: str) -> None:
    """How many messages wait again."""
    make_console().print(WORDS[language]["resent"].format(n=done))


def state_json(
    shown: Iterable[Shown], channels: Iterable[ChannelState], messages: Iterable[Sent]
) -> dict[str, object]:
    """All of it for machines."""
    names = ("call_id", "started_at", "business_line", "team", "title", "control_point", "decision")
    return {
        "alerts": [
            {
                **asdict(one.alert),
                **({name: one.row[name] for name in names} if one.row else {}),
                "open": one.open,
                "noted": [asdict(note) for note in one.noted],
            }
            for one in shown
        ],
        "channels": [asdict(one) for one in channels],
        "failed": [asdict(one) for one in messages if one.state == "failed"],
    }


def _alert(one: Shown, settings: Settings) -> tuple[str, ...]:
    language, row, drift = settings.language, one.row, one.alert.drift
    english = language == "en" and row is not None and row["title_en"]
    what = drift_line(drift, language) if drift else str(english or (row and row["title"]))
    return (
        one.alert.id,
        kind_name(one.alert.kind, language),
        _when(one.alert.noticed, settings),
        what,
        str(row["call_id"]) if row else "",
        str((row["team"] if row else drift and drift.team) or ""),
        ", ".join(note.who for note in one.noted),
    )


def _channel(one: ChannelState, settings: Settings) -> tuple[str, ...]:
    kind = one.kind if one.set_up else str(WORDS[settings.language]["gone"])
    counts = (str(one.sent), str(one.waiting), str(one.failed))
    return (one.name, kind, *counts, _when(one.last, settings), one.reason)


def _when(moment: datetime | None, settings: Settings) -> str:
    return "" if moment is None else f"{moment.astimezone(settings.zone):%m-%d %H:%M}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
