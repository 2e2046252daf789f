"""Fit the music model of `pipeline/linesounds/music.py` and print its constants.

    python -m bench.line_fit --data ../shared/data --music PACKAGES

Music alone is what shall be found. What shall not: speech, speech with music 0 to 15 dB under it
(weight 3), line noise and hum (6), many voices at once (3). Only sources of the purpose `fit` are
used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.line_signals import CODECS, STYLES, Sound, at_level, music
from bench.line_sources import LEVEL, Source, on_the_line, pieces, speech
from pipeline.audio import RATE
from pipeline.linesounds.music import AROUND, CELL, MEASURES, measures
from pipeline.linesounds.spectrum import HOP, decibels, powers

Rows = NDArray[np.float32]
NOISES = (-60.0, -60.0, -45.0, -35.0)
UNDER = (15.0, 10.0, 5.0, 0.0)  # dB of music under speech
AUDIBLE = 20.0  # dB under the loudest second: less is a pause between pieces or words


def main() -> None:
    """Gather, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--music", type=Path, required=True)
    options = parser.parse_args()
    music_pieces = list(pieces(options.music, "fit", 25.0))
    voices = list(speech(options.data, options.music, "fit", 120))
    yes = np.concatenate(list(_music(music_pieces)))
    no = list(_no_music(voices, music_pieces))
    report(yes, no)


def _music(pieces_: list[Source]) -> Iterator[Rows]:
    chance = np.random.default_rng(1)
    made = [Source(style, at_level(music(style, 25.0, chance), LEVEL)) for style in STYLES]
    for number, source in enumerate([*pieces_, *made]):
        for turn in (0, 1):
            yield _measured(source.sound, number + turn * 3)


def _no_music(voices: list[Source], pieces_: list[Source]) -> Iterator[tuple[float, Rows]]:
    for number, source in enumerate(voices):
        yield 1.0, _measured(source.sound, number)
        yield 1.0, _measured(source.sound, number + 3)
    chance = np.random.default_rng(2)
    background = np.concatenate([source.sound for source in pieces_])
    talk = np.concatenate([_dense(source.sound) for source in voices[:3]])
    for number, under in enumerate(UNDER):
        size = 200 * RATE
        first = int(chance.integers(0, talk.size - size))
        other = int(chance.integers(0, background.size - size))
        mixed = talk[first : first + size] + background[other : other + size] * 10 ** (-under / 20)
        yield 3.0, _measured(at_level(mixed.astype(np.float32), LEVEL), number)
    for kind, weight in (("white", 6.0), ("hum", 6.0), ("babble", 3.0)):
        yield weight, _measured(at_level(_other(kind, talk, chance), -30.0), 0)


def _dense(sound: Sound) -> Sound:
    """Without pauses of more than a moment."""
    frames = sound[: sound.size // 1600 * 1600].reshape(-1, 1600)
    return frames[decibels((frames**2).mean(axis=1)) > -45].ravel()


def _other(kind: str, talk: Sound, chance: np.random.Generator) -> Sound:
    size = 60 * RATE
    if kind == "white":
        return chance.normal(0, 0.1, size).astype(np.float32)
    if kind == "hum":
        time = np.arange(size) / RATE
        tones = sum(np.sin(2 * np.pi * 50 * h * time) / h for h in range(1, 31))
        return (tones + chance.normal(0, 0.3, size)).astype(np.float32)
    starts = chance.integers(0, talk.size - size, 6)
    return np.sum([talk[start : start + size] for start in starts], axis=0).astype(np.float32)


def _measured(sound: Sound, number: int) -> Rows:
    """Measures of every half second that is no pause, on one of the lines."""
    codec, noise = CODECS[number % len(CODECS)], NOISES[number % len(NOISES)]
    power = powers(on_the_line(sound, codec, noise, number))
    count = power.shape[0] // CELL
    level = decibels(power[: count * CELL].sum(axis=1).reshape(count, CELL).mean(axis=1))
    window = np.lib.stride_tricks.sliding_window_view(level, 2 * AROUND + 1)
    heard = window.max(axis=1) > level.max() - AUDIBLE
    return measures(power)[heard]


def report(yes: Rows, others: list[tuple[float, Rows]]) -> None:
    """Logistic regression with a little shrinkage, both sides of equal weight."""
    no = np.concatenate([rows for _, rows in others])
    shares = np.concatenate([np.full(len(rows), weight) for weight, rows in others])
    rows = np.concatenate([yes, no]).astype(np.float64)
    label = np.concatenate([np.ones(len(yes)), np.zeros(len(no))])
    weight = np.concatenate([np.full(len(yes), 0.5 / len(yes)), 0.5 * shares / shares.sum()])
    weight *= len(rows)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    scaled = np.column_stack([(rows - mean) / deviation, np.ones(len(rows))])
    found = np.zeros(scaled.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-scaled @ found))
        curve = weight * (likely * (1 - likely) + 1e-6)
        slope = scaled.T @ (weight * (label - likely)) - found
        found += np.linalg.solve((scaled * curve[:, None]).T @ scaled + np.eye(len(found)), slope)
    likely = 1 / (1 + np.exp(-scaled @ found))
    print("cells:", len(yes), "music,", len(no), "other;", HOP * CELL / RATE, "s each")
    for limit in (0.5, 0.8, 0.9, 0.95, 0.98):
        hit, alarm = (likely[: len(yes)] > limit).mean(), (likely[len(yes) :] > limit).mean()
        print(f"over {limit}: {hit:.3f} of music, {alarm:.4f} of the rest")
    print(MEASURES)
    for name, values in (("MEANS", mean), ("DEVIATIONS", deviation), ("WEIGHTS", found[:-1])):
        print(f"{name} = np.array([{', '.join(f'{v:.4g}' for v in values)}], np.float32)")
    print(f"CONSTANT = {found[-1]:.4g}")


if __name__ == "__main__":
    main()
