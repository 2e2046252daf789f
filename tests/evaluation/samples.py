"""Sound that tiny models understand, and manifests about it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from pipeline.audio import RATE, Decoder, Samples
from tests.asr.tiny_models import whistled
from tests.conftest import ROOT
from tests.sounds import encode

RULE = {
    "id": "a_rule", "title": "规则", "title_en": "A rule", "why": "重要。", "checks": [],
    "control_point": "1", "reference": {"text": "内部规范", "status": "house"},
    "severity": "minor", "points": -3, "suggestion": "好。",
    "examples": {"hit": [["客服: 再见"]] * 3, "no_hit": [["客服: 好"]] * 3},
}  # fmt: skip
CONDITIONS = {
    "notice": {"operator": "keyword", "label": "录音告知", "role": "agent",
               "phrases": ["本次通话将被录音", "工号"]},
    "farewell": {"operator": "regex", "label": "道别", "role": "agent",
                 "patterns": ["您好|再见|感谢(您的)?来电|录[音因]"]},
    "asks": {"operator": "regex", "label": "索要密码", "role": "agent",
             "patterns": ["密码.{0,4}告诉我"]},
    "states": {"operator": "slots", "label": "来意", "role": "customer",
               "slots": {"用途": {"phrases": ["挂失"]}}},
}  # fmt: skip
Notes = Sequence[tuple[float, int]]


def a_side(channel: int) -> Samples:
    """8 s of one side of a sample call; shape (n,)."""
    clip = ROOT / "sample_audio" / "wealth_suitability.flac"
    return next(iter(Decoder(clip).blocks())).samples[channel, : 8 * RATE]


def a_recording(path: Path, *sides: Notes) -> Path:
    """A sound file in which every side whistles its notes over speech: 1 is 您, 2 is 好."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = np.stack([whistled(a_side(0), notes) for notes in sides])
    if len(sides) > 1:  # two people never make the same sound
        sound[1] = whistled(0.7 * a_side(0)[::-1], sides[1])
    return encode(path, sound, "pcm_s16le", rate=RATE)


def a_csv(path: Path, rows: Sequence[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """A manifest as a spreadsheet program writes it."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def a_transcript(path: Path, *turns: tuple[str, str], **more: Any) -> Path:
    """A reference in the transcript format: (role, text) one after the other."""
    segments = [
        {"role": role, "text": text, "start": 2.0 * n, "end": 2.0 * n + 1}
        for n, (role, text) in enumerate(turns)
    ]
    call = {"call_id": path.stem, "channel": "voice", "segments": segments} | more
    path.write_text(json.dumps(call, ensure_ascii=False), encoding="utf-8")
    return path


def a_pack(path: Path) -> Path:
    """A rule pack that looks for a few phrases, in the file of its name."""
    rule = {**RULE, "conditions": CONDITIONS, "forbid": " or ".join(CONDITIONS)}
    content = {
        "pack": path.stem, "title": "我们的", "version": "1",
        "control_points": [{"number": "1", "title": "一"}], "rules": [rule],
    }  # fmt: skip
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path
