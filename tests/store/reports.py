"""A builder of finished calls, so that a test shows only what matters to it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.domain import (
    Agent,
    AudioFormat,
    CallHold,
    CallInfo,
    CallMetrics,
    CallReport,
    ControlPointScore,
    DataClass,
    EngineInfo,
    Evidence,
    Finding,
    LineSound,
    MaskedTranscript,
    Medium,
    Overlap,
    PrivateSpan,
    Provenance,
    Removed,
    Role,
    Scorecard,
    Segment,
    Severity,
    SideVoice,
    Silence,
    SoundKind,
    Tone,
    ToneMark,
    Verdict,
    Voice,
    Word,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TURNS = ("您好,这里是某某银行,本次通话会被录音。", "我的卡号是6222****1234。")


def a_hash(content: str) -> str:
    """The content hash that `a_report(content)` has."""
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class PackStub:
    """A rule pack as the store sees one."""

    version: str
    sha256: str

    def content(self) -> dict[str, Any]:
        """A pack with one rule."""
        return {
            "pack": "bank",
            "version": self.version,
            "effective": {"from": "2026-01-01", "to": None},
            "rules": [{"id": "greeting", "title": "问候"}],
        }


def a_pack(version: str = "1", sha256: str = "p" * 64) -> PackStub:
    """The pack that `a_report` was scored with."""
    return PackStub(version, sha256)


def a_finding(rule: str = "no_full_card_number", **changes: Any) -> Finding:
    """A failed major finding with one piece of evidence."""
    values: dict[str, Any] = {
        "rule": rule,
        "title": f"规则 {rule}",
        "checks": ("B6", "B7"),
        "control_point": "2.1",
        "verdict": Verdict.FAIL,
        "severity": Severity.MAJOR,
        "points": -10.0,
        "why": "坐席复述了完整卡号",
        "confidence": 0.97,
        "evidence": (Evidence(1, 4.0, 6.5, "卡号是6222****1234"),),
        "reference": "手册 3.2",
        "suggestion": "只核对后四位",
        "title_en": f"Rule {rule}",
    }
    return Finding(**{**values, **changes})


def a_report(content: str = "one", **changes: Any) -> CallReport:
    """A finished call about `content`; `changes` go to the field of that name, wherever it lies.

    `turns`: texts, spoken in turn by agent and customer. `score`, `grade`, `vetoed`, `team`,
    `agent`, `call_id`, `business_line`, `started_at`, `medium`, `findings`, `sources`, … as in the
    domain.
    """
    chat = changes.get("medium") == Medium.CHAT
    segments = tuple(_segment(i, text, chat) for i, text in enumerate(changes.pop("turns", TURNS)))
    info, card = _info(content, changes), _card(changes)
    values: dict[str, Any] = {
        "transcript": MaskedTranscript(info, segments),
        "sources": (f"/recordings/{content}.wav",),
        "metrics": _metrics(chat),
        "private_spans": (
            PrivateSpan("bank_card", 1, 5, 15, Role.CUSTOMER, DataClass.C2, True, 0.99, "luhn", 1),
        ),
        "findings": (
            a_finding(),
            a_finding("greeting", verdict=Verdict.PASS, points=0.0, evidence=()),
        ),
        "scorecard": card,
        "provenance": _provenance(content, changes.pop("code_version", "0.1.0"), chat),
        "duration": None if chat else 8.0,
        "audio": None if chat else AudioFormat("wav", "pcm_s16le", 8000, 2, 8.0),
        "engine": None if chat else EngineInfo("faster-whisper", "base", "r1", "cpu"),
        "capabilities": frozenset({"roles"} if chat else {"roles", "times", "words"}),
        "removed": () if chat else (Removed("repetition", 1.0, 2.0, 0, 12),),
        "notes": ("按通道区分角色",),
        "sounds": () if chat else (LineSound(SoundKind.KEYPAD, 5.0, 6.5, 1, 0.98, "6"),),
    }
    return CallReport(**{**values, **changes})


def _info(content: str, changes: dict[str, Any]) -> CallInfo:
    agent_id = changes.pop("agent", "A1024")
    return CallInfo(
        call_id=changes.pop("call_id", f"c-{content}"),
        medium=changes.pop("medium", Medium.VOICE),
        business_line=changes.pop("business_line", "bank"),
        direction="inbound",
        started_at=changes.pop("started_at", datetime(2026, 11, 20, 10, 3, tzinfo=SHANGHAI)),
        agent=Agent(agent_id, f"坐席{agent_id}", changes.pop("team", "一组")),
        customer_id=changes.pop("customer", "U88"),
        attributes={"customer_age": 67, "rate": 1.0, "vip": True, "product": "大额存单"},
        missing=("queue",),
    )


def _card(changes: dict[str, Any]) -> Scorecard:
    return Scorecard(
        pack="bank",
        pack_version=changes.pop("pack_version", "1"),
        pack_hash="p" * 64,
        score=changes.pop("score", 82.0),
        grade=changes.pop("grade", "良"),
        vetoed=changes.pop("vetoed", False),
        items=(
            ControlPointScore("1", "开场", 0.0, Verdict.PASS, False, ("greeting",)),
            ControlPointScore(
                "2.1", "信息保护", -10.0, Verdict.FAIL, True, ("no_full_card_number",)
            ),
        ),
    )


def _segment(index: int, text: str, chat: bool) -> Segment:
    role = (Role.AGENT, Role.CUSTOMER)[index % 2]
    if chat:
        return Segment(role, text)
    start = index * 4.0 + 0.5
    half = len(text) // 2
    words = (Word(text[:half], start, start + 1, 0.9), Word(text[half:], start + 1, start + 3, 0.8))
    voice = Voice(-23.1, 0.002, 211.0, 7.5, 2.6, 1, 0.4, -0.3)
    return Segment(role, text, start, start + 3.0, 0.85, words, index % 2, -22.5, voice)


def _metrics(chat: bool) -> CallMetrics:
    if chat:
        return CallMetrics(2, 40)
    return CallMetrics(
        2,
        40,
        8.0,
        240.0,
        200.5,
        0.6,
        1.5,
        1.5,
        0.5,
        (Silence(3.5, 4.5, 0, Role.CUSTOMER),),
        (Overlap(4, 4.2, 1, 0, backchannel=False, yields=1),),
        agent=SideVoice(3.0, 265.0, 1, 0.4, -23.1, 0.002, 211.0, 7.5, 0.8, 2.5, 1.0, 1, 0, 6, 1, 1),
        customer=SideVoice(talk=3.0),
        holds=(CallHold(5.0, 11.5, announced=True, thanked=False),),
        tones=(ToneMark(0, Tone.AGITATED, 7.1, 3.2, None, 1.0),),
    )


def _provenance(content: str, code_version: str, chat: bool) -> Provenance:
    engine = ("", "", "") if chat else ("faster-whisper", "base", "r1")
    return Provenance(a_hash(content), *engine, "p" * 64, "s" * 64, code_version)
