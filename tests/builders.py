"""Builders, so that a test shows only what matters to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.domain import CallInfo, Medium, Role, Segment, Transcript

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROLES = {
    "客服": Role.AGENT,
    "坐席": Role.AGENT,
    "agent": Role.AGENT,
    "客户": Role.CUSTOMER,
    "customer": Role.CUSTOMER,
    "未知": Role.UNKNOWN,
}
SECONDS_PER_CHARACTER = 0.2


def a_dialogue(*turns: str, gap: float = 0.4, **info: Any) -> Transcript:
    """A transcript from lines such as `"客服: 您好"`, spoken at 5 characters a second.

    A line may begin with `+8 ` to leave 8 seconds of silence before it (or `-2 ` to overlap by 2).
    """
    info.setdefault("call_id", "c-test")
    info.setdefault("started_at", datetime(2026, 11, 20, 10, 3, tzinfo=SHANGHAI))
    chat = info.get("medium") == Medium.CHAT
    segments, clock = [], 0.5
    for line in turns:
        pause, turn = line.split(" ", 1) if line[0] in "+-" else ("", line)
        clock += float(pause) - gap if pause else 0.0
        who, text = turn.split(":", 1)
        text = text.strip()
        end = clock + max(len(text), 1) * SECONDS_PER_CHARACTER
        times = (None, None) if chat else (round(clock, 3), round(end, 3))
        segments.append(Segment(ROLES[who.strip()], text, *times))
        clock = end + gap
    capabilities = {"roles"} if chat else {"roles", "times", "stereo", "overlap"}
    duration = None if chat else round(clock, 3)
    return Transcript(
        CallInfo(**info), tuple(segments), duration, capabilities=frozenset(capabilities)
    )
