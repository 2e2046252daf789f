"""Speak written calls of the rules' cases as stereo telephone recordings nobody tuned on.

    python -m bench.speak_cases VOICE SOUNDS bench/cases/heldout [--most 60]

VOICE and its environment: see `bench.speak_dialogues`, whose voices these are; PyYAML besides. One
voice a side, agent and customer never the same; the agent is on channel 0 and on channel 1 in turn,
each side 40 dB quieter on the other one, levels differ by up to 6 dB, noise at -60 dBFS,
300-3400 Hz, 8 kHz, A-law; one answer in ten begins before the turn before it has ended. Calls are
taken evenly from all files of cases; those with Latin letters are left out. SOUNDS/<id>.wav and
<id>.json, the truth in the form of the development calls. The same call is spoken in every run.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import yaml
from scipy.signal import butter, resample_poly, sosfilt

from bench.speak_dialogues import PHONE, RATE, TWO, Voice

LEAK, NOISE = 0.01, 0.001
ROLES = {"客服": "agent", "客户": "customer"}
Piece = tuple[str, str, float, np.ndarray]  # role, text, start in seconds, sound


def chosen(folder: Path, most: int) -> list[dict[str, Any]]:
    """Cases in which both sides and nobody else speak, spread evenly over all of them."""
    cases = [
        case
        for file in sorted(folder.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
        if {str(line).split(":", 1)[0] for line in case["lines"]} == set(ROLES)
        and not re.search("[A-Za-z]", "".join(str(line) for line in case["lines"]))
    ]
    order = np.argsort([n * 0.6180339887 % 1 for n in range(len(cases))])  # evenly at any number
    return [cases[n] for n in order[:most]]


def spoken(case: dict[str, Any], voice: Voice) -> list[Piece]:
    """Every turn with its start and its sound at 24 kHz."""
    rng = random.Random(case["id"])
    sides = dict(zip(ROLES.values(), rng.choice(TWO), strict=True))
    gains = {role: 10 ** (rng.uniform(-6, 0) / 20) for role in sides}
    clock, before, pieces = 0.5, "", []
    for line in case["lines"]:
        who, text = str(line).split(":", 1)
        role = ROLES[who]
        sound = voice.say(text.strip(), sides[role])
        sound = sound * (0.4 * gains[role] / np.abs(sound).max())
        early = role != before and pieces and rng.random() < 0.1
        clock = max(clock + (-rng.uniform(0.2, 0.8) if early else rng.uniform(0.15, 0.9)), 0.2)
        pieces.append((role, text.strip(), clock, sound))
        clock, before = clock + len(sound) / RATE, role
    return pieces


def line_of(pieces: list[Piece], agent: int, seed: str) -> np.ndarray:
    """Both channels as a recorder has them, shape (samples, 2) at 8 kHz."""
    end = max(start + len(sound) / RATE for _, _, start, sound in pieces)
    sides = np.zeros((2, round((end + 0.5) * RATE)), np.float32)
    for role, _, start, sound in pieces:
        at = round(start * RATE)
        sides[agent if role == "agent" else 1 - agent, at : at + len(sound)] += sound
    band = butter(4, (300, 3400), "bandpass", fs=PHONE, output="sos")
    line = sosfilt(band, resample_poly(sides + LEAK * sides[::-1], 1, RATE // PHONE, axis=1))
    line += np.random.default_rng(list(seed.encode())).normal(0, NOISE, line.shape)
    return np.asarray(line.clip(-1, 1).T)


def main() -> None:
    """Speak what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voice", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--most", type=int, default=60)
    options = parser.parse_args()
    options.sounds.mkdir(parents=True, exist_ok=True)
    voice = Voice(options.voice)
    for number, case in enumerate(chosen(options.cases, options.most)):
        target = options.sounds / f"{case['id']}.json"
        if target.exists():
            continue
        pieces, agent = spoken(case, voice), number % 2
        line = line_of(pieces, agent, case["id"])
        soundfile.write(options.sounds / f"{case['id']}.wav", line, PHONE, subtype="ALAW")
        truth = {
            "call_id": case["id"],
            "business_line": case["business_line"],
            "duration": round(len(line) / PHONE, 3),
            "agent_channel": agent,
            "segments": [
                {"role": role, "start": round(at, 3), "end": round(at + len(sound) / RATE, 3),
                 "text": text}
                for role, text, at, sound in pieces
            ],
        }  # fmt: skip
        target.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
