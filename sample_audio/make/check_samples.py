"""Check files, times and private numbers of the sample calls against ``truth.yaml``.

Each recording must open with PyAV, have the duration and channels it claims, not clip, stay quiet
outside the scripted turns and carry speech inside every one, on the right side. ID and card
numbers must have correct check digits. Prints one line per file and every problem; exit 1 if there
is one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import yaml

FOLDER = Path(__file__).resolve().parent.parent
LIMIT_BYTES = 10_000_000
DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"幺": "1", "，": ""}
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def decode(path: Path) -> tuple[np.ndarray, int]:
    """All samples (samples x channels, full scale 1) and the rate, as PyAV gives them."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        rate, channels = stream.rate, stream.codec_context.channels
        layout = "stereo" if channels == 2 else "mono"
        resampler = av.AudioResampler("flt", layout, rate)
        frames = [out for frame in container.decode(stream) for out in resampler.resample(frame)]
    joined = np.concatenate([frame.to_ndarray().reshape(-1, channels) for frame in frames])
    return joined, rate


def rms_db(samples: np.ndarray) -> float:
    """RMS level in dB of full scale."""
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def valid_id(number: str) -> bool:
    """GB 11643 check digit."""
    total = sum(int(d) * w for d, w in zip(number[:17], ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def valid_card(number: str) -> bool:
    """Luhn check digit."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def check_private(entry: dict[str, Any]) -> list[str]:
    """Problems of the private data of one call."""
    problems = []
    for item in entry["private"]:
        text = entry["segments"][item["segment"]]["text"]
        kind, value = item["kind"], item["value"]
        if text[item["start_char"] : item["end_char"]] != item["text"]:
            problems.append(f"span of {value} is off")
        valid = {"id_card": valid_id, "bank_card": valid_card}.get(kind)
        if valid and not valid(value):
            problems.append(f"{value} has a wrong check digit")
        if kind == "phone" and not (len(value) == 11 and value.startswith("1")):
            problems.append(f"{value} is no phone number")
        spoken = "".join(DIGITS.get(c, c) for c in item["text"])
        if kind in ("id_card", "bank_card", "phone", "otp") and spoken != value:
            problems.append(f"{value} is spoken as {spoken}")
    return problems


def check_turns(entry: dict[str, Any], samples: np.ndarray, rate: int) -> list[str]:
    """Problems of times and levels of one recording."""
    problems, quiet = [], np.ones(samples.shape, dtype=bool)
    for number, turn in enumerate(entry["segments"]):
        channel = 0
        if samples.shape[1] == 2:
            agent = entry["agent_channel"]
            channel = agent if turn["role"] == "agent" else 1 - agent
        first, last = int(turn["start"] * rate), int(turn["end"] * rate)
        margin = int(0.12 * rate)
        quiet[max(0, first - margin) : last + margin, channel] = False
        for name, part in (
            ("whole", samples[first:last, channel]),
            ("first 0.25 s", samples[first : first + rate // 4, channel]),
            ("last 0.25 s", samples[last - rate // 4 : last, channel]),
        ):
            if rms_db(part) < (-30 if name == "whole" else -48):
                problems.append(f"turn {number} ({name}) has only {rms_db(part):.1f} dB")
    level = rms_db(samples[quiet])
    if level > -48:
        problems.append(f"between the turns there are {level:.1f} dB")
    return problems


def check_recording(entry: dict[str, Any]) -> list[str]:
    """Problems of one recording; prints a line about it."""
    samples, rate = decode(FOLDER / entry["file"])
    seconds, peak = len(samples) / rate, float(np.abs(samples).max())
    quietest = min(rms_db(samples[i : i + rate // 4]) for i in range(0, len(samples), rate // 4))
    print(
        f"{entry['file']}: {seconds:.2f} s, {rate} Hz, {samples.shape[1]} ch, "
        f"peak {20 * np.log10(peak):.1f} dB, noise {quietest:.1f} dB, {entry['expected']}"
    )
    problems = check_turns(entry, samples, rate)
    if abs(seconds - entry["duration"]) > 0.1:
        problems.append(f"lasts {seconds:.2f} s, not {entry['duration']} s")
    if peak > 0.95:
        problems.append(f"peak {peak:.3f}")
    if (samples.shape[1] == 2) != (entry["agent_channel"] is not None):
        problems.append("agent_channel does not fit the channels")
    return problems


def main() -> int:
    """Check everything."""
    truth = yaml.safe_load((FOLDER / "truth.yaml").read_text(encoding="utf-8"))
    problems: list[str] = []
    for entry in truth["calls"]:
        found = check_private(entry)
        if entry["channel"] == "voice":
            found += check_recording(entry)
        if set(entry["expected"]) & set(entry["passes"]):
            found.append("a check is in both lists")
        problems += [f"{entry['file']}: {text}" for text in found]
    total = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    print(f"{total / 1e6:.2f} MB in all")
    if total > LIMIT_BYTES:
        problems.append("the folder is too large")
    print("\n".join(problems) or "no problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
