"""Make the synthetic sample calls of ``sample_audio/`` from ``scripts.yaml``.

Recipe: every turn is spoken by Kokoro-82M (see ``voice.py``: packages, checksums, licences) with
one voice per agent and another one per customer, levelled, laid out on one track per side with
pauses, long silences and overlaps as scripted, band-limited to 300-3400 Hz at 8 kHz, given faint
line noise (about -60 dB) and, where scripted, crosstalk, then encoded. Beside the recordings it
writes ``calls.csv`` (metadata), ``truth.yaml`` (what was said when, what is wrong) and the chat
log.

Usage, in a virtual environment of its own (npm is needed too)::

    pip install -r requirements.txt
    python make_samples.py --cache DIR [--out DIR]
    python check_samples.py

It is deterministic: fixed seeds, one thread. Another processor or another version of the encoders
may still change bits. Spoken turns are cached, so a second run takes seconds. Making the samples
is no part of callqa's demo or tests.

Licences: Kokoro-82M and misaki are Apache-2.0, the ONNX export is MIT. The texts and the recordings
are released with callqa under Apache-2.0. Every institution, person and number is invented.
"""

from __future__ import annotations

import argparse
import csv
import json
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile as sf
import yaml
from scipy.signal import butter, resample_poly, sosfilt

from voice import VOICE_RATE, Speaker

HERE = Path(__file__).resolve().parent
ROLES = {"a": "agent", "c": "customer"}
LEVEL_DB = {"agent": -22.0, "customer": -23.5}  # RMS of a turn, dB of full scale
NOISE_DB = -60.0
PEAK_DB = -2.0
LEAD_S, TAIL_S = 0.7, 0.9
CROSSTALK_DELAY_S = 0.012
COLUMNS = [
    "file",
    "call_id",
    "business_line",
    "direction",
    "started_at",
    "agent_id",
    "agent_name",
    "team",
    "customer_id",
    "agent_channel",
    "product",
    "queue",
    "customer_age",
    "customer_risk_level",
    "product_risk_level",
    "callee_relation",
]
TRUTH_HEADER = """\
# Ground truth of the sample calls; written by make/make_samples.py, don't edit.
# segments: what was said when (seconds). expected: compliance checks (A1 ... F4) that a listener
# finds violated (for the alerts B16 and E1: that must fire). passes: checks that are clearly kept;
# all others are not applicable or open to judgement. private: full private data, `text` as spoken
# and `start_char`/`end_char` in the segment's text. Agents' own names, surnames with a title and
# the last four digits of a number are not listed.
"""


@dataclass
class Turn:
    """One turn as spoken: its samples at 24 kHz and its place in the call."""

    role: str
    text: str
    start: float
    audio: np.ndarray
    private: list[list[str]]

    @property
    def end(self) -> float:
        """Second in which the turn ends."""
        return self.start + len(self.audio) / VOICE_RATE


def decibel(value: float) -> float:
    """Turn a level in dB into a factor."""
    return float(10 ** (value / 20))


def level(audio: np.ndarray, rms_db: float) -> np.ndarray:
    """Scale a turn to an RMS level measured where it is not silent."""
    active = audio[np.abs(audio) > 0.02 * np.abs(audio).max()]
    levelled: np.ndarray = audio * (decibel(rms_db) / np.sqrt(np.mean(active**2)))
    return levelled


def speak(call: dict[str, Any], agent: dict[str, Any], speaker: Speaker) -> list[Turn]:
    """Speak all turns of a call and place them one after another."""
    rng = np.random.default_rng(zlib.crc32(call["file"].encode()))
    sides = {"agent": agent, "customer": call["customer"]}
    turns: list[Turn] = []
    clock = LEAD_S
    for line in call["turns"]:
        key = "a" if "a" in line else "c"
        role = ROLES[key]
        speed = line.get("speed", sides[role]["speed"])
        audio = speaker.say(line[key], sides[role]["voice"], speed)
        audio = level(audio, LEVEL_DB[role] + line.get("gain", 0.0))
        pause = float(rng.uniform(0.3, 0.65))  # drawn always, so that a gap moves nothing else
        start = clock + line.get("gap", pause) if turns else clock
        turns.append(Turn(role, line[key], round(start, 3), audio, line.get("private", [])))
        clock = turns[-1].end
    return turns


def track(turns: list[Turn], role: str, rate: int, seconds: float) -> np.ndarray:
    """Lay out one side at the target rate, through the telephone's band at 8 kHz."""
    audio = np.zeros(int(seconds * VOICE_RATE))
    for turn in turns:
        if turn.role == role:
            first = int(turn.start * VOICE_RATE)
            audio[first : first + len(turn.audio)] += turn.audio
    audio = resample_poly(audio, rate, VOICE_RATE)
    band = (300, 3400) if rate == 8000 else (80, 7000)
    filtered: np.ndarray = sosfilt(butter(4, band, "bandpass", fs=rate, output="sos"), audio)
    return filtered


def mix(call: dict[str, Any], turns: list[Turn], spec: dict[str, Any]) -> np.ndarray:
    """Both sides as samples x channels, with noise, crosstalk and without clipping."""
    seconds = max(turn.end for turn in turns) + TAIL_S
    rate = spec["rate"]
    sides = [track(turns, role, rate, seconds) for role in ("agent", "customer")]
    if "crosstalk_db" in call:
        leak, delay = decibel(call["crosstalk_db"]), int(CROSSTALK_DELAY_S * rate)
        echoes = [np.concatenate([np.zeros(delay), side[:-delay]]) * leak for side in sides]
        sides = [sides[0] + echoes[1], sides[1] + echoes[0]]
    if spec["layout"] == "mono":
        channels = np.stack([sides[0] + sides[1]], axis=1)
    else:
        order = sides if call["meta"]["agent_channel"] == 0 else sides[::-1]
        channels = np.stack(order, axis=1)
    rng = np.random.default_rng(zlib.crc32(call["meta"]["call_id"].encode()))
    channels = channels + rng.normal(0, decibel(spec.get("noise_db", NOISE_DB)), channels.shape)
    loudest = np.abs(channels).max()
    scaled: np.ndarray = channels * min(1.0, decibel(PEAK_DB) / loudest)
    return scaled


def encode_mp3(path: Path, samples: np.ndarray, rate: int) -> None:
    """Write an MP3 with 48 kbit/s."""
    pcm = np.round(samples * 32767).astype(np.int16)
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="stereo", bit_rate=48_000)
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = rate
        resampler = av.AudioResampler("s16p", "stereo", rate, frame_size=stream.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))


def encode(path: Path, samples: np.ndarray, spec: dict[str, Any]) -> None:
    """Write the recording in the scripted format."""
    if spec["codec"] == "mp3":
        encode_mp3(path, samples, spec["rate"])
        return
    kind, subtype = {
        "pcm": ("WAV", "PCM_16"),
        "alaw": ("WAV", "ALAW"),
        "flac": ("FLAC", "PCM_16"),
    }[spec["codec"]]
    squeeze = 1.0 if kind == "FLAC" else None
    sf.write(path, samples, spec["rate"], subtype, format=kind, compression_level=squeeze)


def events(turns: list[Turn]) -> list[dict[str, Any]]:
    """Silences of 8 s and more and places where one side talks over the other."""
    found: list[dict[str, Any]] = []
    for before, after in pairwise(turns):
        gap = after.start - before.end
        if gap >= 8:
            found.append({"type": "silence", "start": round(before.end, 2), "end": after.start})
        if gap < 0:
            end = round(min(before.end, after.end), 2)
            item = {"type": "overlap", "start": after.start, "end": end, "by": after.role}
            found.append(item)
    return found


def private_items(texts: list[tuple[str, list[list[str]]]]) -> list[dict[str, Any]]:
    """Private data of all turns with their place in the turn's text."""
    found: list[dict[str, Any]] = []
    for number, (text, items) in enumerate(texts):
        for kind, value, part in items:
            first = text.index(part)
            item = {"segment": number, "kind": kind, "value": value, "text": part}
            found.append({**item, "start_char": first, "end_char": first + len(part)})
    return found


def voice_truth(
    call: dict[str, Any], turns: list[Turn], spec: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """Build the entry of truth.yaml for a recording."""
    segments = [
        {"role": t.role, "start": round(t.start, 2), "end": round(t.end, 2), "text": t.text}
        for t in turns
    ]
    meta = call["meta"]
    return {
        "file": call["file"],
        "call_id": meta["call_id"],
        "channel": "voice",
        "business_line": meta["business_line"],
        "about": call["about"],
        "format": spec["label"],
        "duration": round(seconds, 2),
        "agent_channel": meta.get("agent_channel"),
        "segments": segments,
        "events": events(turns),
        "expected": call["expected"],
        "passes": call["passes"],
        "private": private_items([(t.text, t.private) for t in turns]),
    }


def chat_lines(chat: dict[str, Any]) -> list[tuple[str, str, list[list[str]]]]:
    """Role, text and private data of each turn of a chat."""
    return [
        (ROLES[key], line[key], line.get("private", []))
        for line in chat["turns"]
        for key in ("a", "c")
        if key in line
    ]


def write_chat(out: Path, chat: dict[str, Any], agent: dict[str, Any]) -> dict[str, Any]:
    """Write a chat log in the transcript format; return its entry of truth.yaml."""
    meta = dict(chat["meta"])
    agent_id = meta.pop("agent_id")
    segments = [
        {"role": role, "start": None, "end": None, "text": text}
        for role, text, _ in chat_lines(chat)
    ]
    fixed = ("call_id", "business_line", "direction", "started_at")
    log = {
        "call_id": meta["call_id"],
        "channel": "chat",
        **{key: meta[key] for key in fixed[1:]},
        "agent": {"id": agent_id, "name": agent["name"], "team": agent["team"]},
        "customer": {"id": meta.pop("customer_id")},
        "attributes": {key: value for key, value in meta.items() if key not in fixed},
        "segments": segments,
    }
    text = json.dumps(log, ensure_ascii=False, indent=1)
    (out / chat["file"]).write_text(text + "\n", encoding="utf-8")
    head = {"file": chat["file"], "call_id": meta["call_id"], "channel": "chat"}
    return {
        **head,
        "business_line": meta["business_line"],
        "about": chat["about"],
        "segments": segments,
        "expected": chat["expected"],
        "passes": chat["passes"],
        "private": private_items([(text, items) for _, text, items in chat_lines(chat)]),
    }


def make_call(
    call: dict[str, Any], scripts: dict[str, Any], speaker: Speaker, out: Path
) -> dict[str, Any]:
    """Speak, mix and encode one call; return its entry of truth.yaml."""
    spec = scripts["formats"][call["format"]]
    turns = speak(call, scripts["agents"][call["meta"]["agent_id"]], speaker)
    samples = mix(call, turns, spec)
    encode(out / call["file"], samples, spec)
    return voice_truth(call, turns, spec, len(samples) / spec["rate"])


def write_calls_csv(out: Path, scripts: dict[str, Any]) -> None:
    """Write the metadata of the recordings (the chat log holds its own)."""
    with (out / "calls.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for call in scripts["calls"]:
            agent = scripts["agents"][call["meta"]["agent_id"]]
            names = {"agent_name": agent["name"], "team": agent["team"]}
            writer.writerow({"file": call["file"], **call["meta"], **names})


def write_truth(out: Path, entries: list[dict[str, Any]]) -> None:
    """Write truth.yaml."""
    body = yaml.safe_dump({"calls": entries}, allow_unicode=True, sort_keys=False, width=1000)
    (out / "truth.yaml").write_text(TRUTH_HEADER + body, encoding="utf-8")


def main() -> None:
    """Make everything."""
    parser = argparse.ArgumentParser(description="Make the synthetic sample calls.")
    parser.add_argument("--cache", type=Path, required=True, help="folder for packages and turns")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="where the samples go")
    options = parser.parse_args()
    scripts = yaml.safe_load((HERE / "scripts.yaml").read_text(encoding="utf-8"))
    options.cache.mkdir(parents=True, exist_ok=True)
    speaker = Speaker(options.cache.resolve(), scripts["pronounce"])
    entries = []
    for call in scripts["calls"]:
        entries.append(make_call(call, scripts, speaker, options.out))
        print(f"{call['file']}: {entries[-1]['duration']:.1f} s", flush=True)
    for chat in scripts["chats"]:
        agent = scripts["agents"][chat["meta"]["agent_id"]]
        entries.append(write_chat(options.out, chat, agent))
    write_calls_csv(options.out, scripts)
    write_truth(options.out, entries)


if __name__ == "__main__":
    main()
