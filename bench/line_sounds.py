"""What is found of the line's own sounds, and what is falsely found in speech.

    python -m bench.line_sounds --data ../shared/data --music PACKAGES [--quick] [--model base]
    python -m bench.line_sounds --data ../shared/data [--quick]     # tones and keys alone

Tones and keys: made, each kind through every codec, at several levels and noises, alone and between
the turns of human speech. Music: made in seven styles, and recordings (`bench/line_sources.py`) of
the purposes `fit` and `test`, between human speech. Speech over music at several levels: how much
of it is called music. False alarms per hour of speech. `--model`: what the recogniser writes where
only the line sounds, with and without the detection.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from bench.line_signals import (
    BUSIES,
    CODECS,
    RINGBACKS,
    STYLES,
    Sound,
    at_level,
    cadence,
    keys_pressed,
    music,
)
from bench.line_sources import LEVEL, Source, mandarin, on_the_line, pieces, speech
from bench.rule_accuracy import wilson
from pipeline.audio import RATE
from pipeline.domain import SoundKind
from pipeline.linesounds import Heard, SoundTrack
from pipeline.linesounds.spectrum import decibels

LEVELS, NOISES = (-15.0, -25.0, -35.0), (-60.0, -45.0)
UNDER = (20.0, 10.0, 5.0, 0.0, -5.0)
QUIET = np.zeros(RATE, np.float32)
Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """How much of a sound was found as the right kind, and of which kinds besides."""

    found: float
    others: tuple[str, ...]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--music", type=Path, help="without it: tones and keys alone")
    parser.add_argument("--quick", action="store_true", help="a quarter of the conditions")
    parser.add_argument("--model", help="also what this speech model invents")
    options = parser.parse_args()
    around, step = mandarin(options.data, "test").sound, 4 if options.quick else 1
    tones(around, step)
    keys(around, step)
    if options.music is None:
        return
    voices = {use: list(speech(options.data, options.music, use)) for use in ("fit", "test")}
    false_alarms(voices)
    melodies = {use: list(pieces(options.music, use)) for use in ("fit", "test")}
    made = [Source(style, at_level(_made(style), LEVEL)) for style in STYLES]
    whole_pieces({"made": made, **melodies}, around, step)
    over_music(voices["test"], melodies["test"])
    if options.model:
        from bench.line_invented import invented

        invented(options.model, [*made, *melodies["test"]], around)


def _made(style: str) -> Sound:
    return music(style, 30.0, np.random.default_rng(len(style)))


def heard(sound: Sound) -> Heard:
    """What is found in a channel."""
    track = SoundTrack(0)
    track.add(sound)
    return track.heard()


def covered(stretches: Iterable[Stretch], start: float, end: float) -> float:
    """Share of [start, end) that lies in one of the stretches."""
    marks = np.zeros(int((end - start) * 100) + 1, np.bool_)
    for low, high in stretches:
        marks[max(int((low - start) * 100), 0) : max(int((high - start) * 100), 0)] = True
    return float(marks[:-1].mean()) if marks.size > 1 else 0.0


def share(hits: int, count: int) -> str:
    """As in the tables of bench/README.md."""
    low, high = wilson(hits, count)
    return (
        f"{hits} of {count}, {100 * hits / max(count, 1):.0f} % [{100 * low:.0f}, {100 * high:.0f}]"
    )


def _between(sound: Sound, around: Sound, seed: int) -> tuple[Sound, float]:
    """Speech, a pause, the sound, a pause, speech; and when the sound begins."""
    chance = np.random.default_rng(seed)
    size = 6 * RATE
    starts = chance.integers(0, around.size - size, 2)
    first, second = (around[start : start + size] for start in starts)
    return np.concatenate([first, QUIET, sound, QUIET, second]), 7.0


def _score(sound: Sound, start: float, end: float, kind: SoundKind) -> Score:
    found = heard(sound).sounds
    own = [(s.start, s.end) for s in found if s.kind is kind]
    others = tuple(str(s.kind) for s in found if s.kind is not kind)
    return Score(covered(own, start, end), others)


# ── speech ───────────────────────────────────────────────────────────────────────────────────────


def false_alarms(voices: dict[str, list[Source]]) -> None:
    """Sounds that are found in speech, per hour of it; silence does not count as speech."""
    print("| speech | hours | sounds found | by kind | seconds certain | CPU / audio |")
    print("| --- | ---: | ---: | --- | ---: | ---: |")
    for use, sources in voices.items():
        for title, chosen in _grouped(sources):
            hours, kinds, muted, cpu, length = 0.0, Counter[str](), 0.0, 0.0, 0.0
            for number, source in enumerate(chosen):
                line = on_the_line(source.sound, CODECS[number % 3], -60.0, number)
                clock = time.process_time()
                result = heard(line)
                cpu += time.process_time() - clock
                length += line.size / RATE
                hours += _spoken(line) / 3600
                kinds.update(str(sound.kind) for sound in result.sounds)
                muted += sum(high - low for low, high in (*result.nobody, *result.certain))
                for sound in result.sounds:
                    print(f"  {source.name} {sound.kind} {sound.start:.1f}-{sound.end:.1f}")
            print(
                f"| {use}: {title} | {hours:.2f} | {kinds.total()} | {dict(kinds)} | {muted:.1f} "
                f"| {cpu / length:.4f} |"
            )


def _grouped(sources: Sequence[Source]) -> Iterator[tuple[str, list[Source]]]:
    titles = {
        "prompts/": "recorded prompts, five languages",
        "mandarin": "human Mandarin clips",
        "c": "development calls",
        "": "English calls",
    }
    left = list(sources)
    for start, title in titles.items():
        chosen = [source for source in left if source.name.startswith(start)]
        if start == "c":
            chosen = [source for source in chosen if source.name[1:3].isdigit()]
        left = [source for source in left if source not in chosen]
        if chosen:
            yield title, chosen


def _spoken(sound: Sound) -> float:
    frames = sound[: sound.size // 1600 * 1600].reshape(-1, 1600)
    return 0.1 * int((decibels((frames**2).mean(axis=1)) > -45).sum())


# ── tones and keys ───────────────────────────────────────────────────────────────────────────────


def tones(around: Sound, step: int) -> None:
    """Signals of the network: found when half of the time between first and last burst is."""
    print("| tone | found | by codec, missed | other kinds |")
    print("| --- | --- | --- | --- |")
    for table, kind in ((RINGBACKS, SoundKind.RINGBACK), (BUSIES, SoundKind.BUSY)):
        for name, (hertz, pattern) in table.items():
            hits, missed, others = 0, Counter[str](), Counter[str]()
            conditions = list(product(CODECS, LEVELS, NOISES))[:: step if step > 1 else 1]
            for number, (codec, level, noise) in enumerate(conditions):
                tone = at_level(cadence(hertz, pattern, 11.0), level)
                sound, start = _between(tone, around, number)
                last = 11.0 - pattern[-1] * (kind is SoundKind.RINGBACK)
                line = on_the_line(sound, codec, noise, number)
                score = _score(line, start, start + last, kind)
                hits += score.found >= 0.5
                missed[f"{codec} {level:.0f}/{noise:.0f}"] += score.found < 0.5
                others.update(score.others)
            where = ", ".join(f"{key}" for key, count in missed.items() if count)
            found = share(hits, len(conditions))
            print(f"| {name} | {found} | {where} | {dict(others)} |", flush=True)


def keys(around: Sound, step: int) -> None:
    """Keys one by one: found when a key is heard while it sounds, and how they are counted."""
    print("| keys of | found | counted right | extra keys |")
    print("| --- | --- | --- | ---: |")
    for codec in CODECS:
        hits = pressed = right = rounds = extra = 0
        for number, (length, level, noise) in enumerate(
            list(product((0.05, 0.1, 0.2), LEVELS, NOISES))[::step]
        ):
            chance = np.random.default_rng(number)
            tune, times = keys_pressed(chance, 6, length)
            sound, start = _between(at_level(tune, level), around, number)
            result = heard(on_the_line(sound, codec, noise, number))
            found = [(low, high) for low, high in result.nobody if high - low < 2 * length + 0.1]
            own = [any(a < start + high and b > start + low for a, b in found)
                   for low, high in times]  # fmt: skip
            hits, pressed = hits + sum(own), pressed + len(own)
            counts = [s.detail for s in result.sounds if s.kind is SoundKind.KEYPAD]
            right, rounds = right + (counts == ["6"]), rounds + 1
            extra += sum(a > start + times[-1][1] + 0.1 or b < start - 0.1 for a, b in found)
        print(
            f"| {codec} | {share(hits, pressed)} | {share(right, rounds)} | {extra} |", flush=True
        )


# ── music ────────────────────────────────────────────────────────────────────────────────────────


def whole_pieces(sets: dict[str, list[Source]], around: Sound, step: int) -> None:
    """30 s of music between speech: found when half of its time is; and its time in all."""
    print("| music | pieces | found (half and more) | of its time | certain | missed |")
    print("| --- | ---: | --- | ---: | ---: | --- |")
    for use, sources in sets.items():
        for package in dict.fromkeys(source.name.split("/")[0] for source in sources):
            own = [s for s in sources if s.name.split("/")[0] == package]
            own = own[::step] if len(own) > 4 else own
            part, sure, missed = [], [], []
            for number, source in enumerate(own):
                level = LEVELS[number % 3]
                sound, start = _between(at_level(source.sound, level), around, number)
                codec = CODECS[number % len(CODECS)]
                result = heard(on_the_line(sound, codec, NOISES[number % 2], number))
                music_ = [(s.start, s.end) for s in result.sounds if s.kind is SoundKind.MUSIC]
                end = start + source.sound.size / RATE
                part.append(covered(music_, start, end))
                sure.append(covered(result.certain, start, end))
                if part[-1] < 0.5:
                    missed.append(source.name.split("/")[-1])
            hits = sum(found >= 0.5 for found in part)
            print(
                f"| {use}: {package} | {len(own)} | {share(hits, len(own))} "
                f"| {100 * np.mean(part):.0f} % | {100 * np.mean(sure):.0f} % "
                f"| {', '.join(missed)} |"
            )


def over_music(voices: Sequence[Source], melodies: Sequence[Source]) -> None:
    """Speech with music behind it: how much of the speech is called music, how much is muted."""
    print("| speech over music by | minutes | called music | called certain |")
    print("| ---: | ---: | ---: | ---: |")
    chance = np.random.default_rng(5)
    background = np.concatenate([source.sound for source in melodies])
    talk = np.concatenate([s.sound for s in voices if not s.name.startswith("c")])
    for under in UNDER:
        named = muted = spoken = 0.0
        for part in range(10):
            size = 30 * RATE
            a = int(chance.integers(0, talk.size - size))
            b = int(chance.integers(0, background.size - size))
            voice, behind = talk[a : a + size], background[b : b + size] * 10 ** (-under / 20)
            line = on_the_line((voice + behind).astype(np.float32), CODECS[part % 3], -60.0, part)
            frames = voice[: size // 1600 * 1600].reshape(-1, 1600)
            loud = decibels((frames**2).mean(axis=1)) > -45
            result = heard(line)
            called = [(s.start, s.end) for s in result.sounds if s.kind is SoundKind.MUSIC]
            spoken += 0.1 * loud.sum()
            named += 0.1 * (loud & _marked(called, loud.size)).sum()
            muted += 0.1 * (loud & _marked(result.certain, loud.size)).sum()
        print(
            f"| {under:.0f} dB | {spoken / 60:.1f} | {100 * named / spoken:.1f} % "
            f"| {100 * muted / spoken:.1f} % |"
        )


def _marked(stretches: Iterable[Stretch], count: int) -> np.ndarray:
    marks = np.zeros(count, np.bool_)
    for low, high in stretches:
        marks[int(low * 10) : int(high * 10)] = True
    return marks


if __name__ == "__main__":
    main()
