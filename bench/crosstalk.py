"""Words of the other side on a channel: echo added to calls whose truth is known, then recognised.

    python -m bench.crosstalk ../shared/data/calls [--calls c02,c05] [--gates none,old,new]
        [--lines=-12/0/plain,-20/120/amr] [--jsonl FILE]

Each channel gets the other one, so many dB below and so many ms later, and both are A-law coded
after that. The path `plain` is a delay; `room` is 300-2,500 Hz with a tail of 40 ms; `amr` is
`room` through a mobile coder (AMR), whose echo is no linear copy. `clean` is the call as it is
(echo of -40 dB, 20 ms late). Printed for each: characters written on a side outside of its own
turns (by the truth's times, 0.3 s around), and the character error rate with its interval.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import av
import numpy as np

from bench.asr import calls_of, said_on, truth_of
from pipeline.asr import ChannelAudio, Engine, make_engine
from pipeline.audio import FRAME, RATE, Decoder, Samples, frame_db
from pipeline.crosstalk import Crosstalk
from pipeline.evaluation.cer import Errors, errors
from pipeline.evaluation.intervals import interval_of
from pipeline.listening import engine_options
from pipeline.settings import Settings

LINES = ",".join(
    f"{level}/{delay}/plain" for level in (-12, -20, -30, -40) for delay in (0, 30, 120, 250)
)
AROUND = 0.3  # seconds around a side's own turns in which a word is its own


Words = list[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """How a call is spoilt; `level` None: not at all."""

    level: float | None = None
    delay: int = 0  # ms
    path: str = "plain"

    @classmethod
    def read(cls, text: str) -> Line:
        """`-20/120/room`: dB, ms, path."""
        level, delay, path = text.split("/")
        return cls(float(level), int(delay), path)

    def __str__(self) -> str:
        return (
            "clean" if self.level is None else f"{self.level:.0f} dB, {self.delay} ms, {self.path}"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A call on a line through a gate; of each channel the words as (text, start, end)."""

    call: str
    line: Line
    gate: str
    words: tuple[Words, Words]


# ── how the echo gets there ──────────────────────────────────────────────────────────────────────


def spoilt(samples: Samples, line: Line) -> Samples:
    """The call (2, n) with the other side on each channel, A-law coded."""
    if line.level is None:
        return samples
    late, gain = line.delay * RATE // 1000, 10 ** (line.level / 20)
    mixed = samples.copy()
    for side in (0, 1):
        echo = PATHS[line.path](samples[1 - side])
        mixed[side, late:] += gain * echo[: echo.size - late]
    return np.stack([coded(side, "pcm_alaw", "wav") for side in mixed])


def _room(sound: Samples) -> Samples:
    """300-2,500 Hz and a tail of 40 ms that falls by 30 dB; as loud as before."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 2500)] = 0
    time = np.arange(RATE // 25)
    tail = np.random.default_rng(3).normal(size=time.size) * 10 ** (-1.5 * time / time.size)
    tail[0] = 10.0
    spectrum *= np.fft.rfft(tail, sound.size)
    heard = np.fft.irfft(spectrum, sound.size)
    return (heard * np.sqrt(np.mean(sound**2) / np.mean(heard**2))).astype(np.float32)


def coded(sound: Samples, codec: str, form: str) -> Samples:
    """The sound (n,) after a telephone coder at 8 kHz, the same length."""
    file = io.BytesIO()
    with av.open(file, "w", format=form) as out:
        stream = out.add_stream(codec, rate=8000, layout="mono")
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=8000,
                                      frame_size=stream.codec_context.frame_size or 0)  # fmt: skip
        frame = av.AudioFrame.from_ndarray(sound[None].clip(-1, 1), format="fltp", layout="mono")
        frame.sample_rate = RATE
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            piece.pts = None
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    file.seek(0)
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    with av.open(file, format=form) as heard:
        pieces = [piece.to_ndarray()[0] for frame in [*heard.decode(audio=0), None]
                  for piece in resampler.resample(frame)]  # fmt: skip
    whole = np.concatenate([*pieces, np.zeros(sound.size, np.float32)])[: sound.size]
    return whole.astype(np.float32)


PATHS: dict[str, Callable[[Samples], Samples]] = {
    "plain": lambda sound: sound,
    "room": _room,
    "amr": lambda sound: coded(_room(sound), "libopencore_amrnb", "amr"),
}


# ── gates ────────────────────────────────────────────────────────────────────────────────────────


def fixed_gate(samples: Samples) -> Samples:
    """The gate that callqa had until 2026-11-29: 15 dB under the other side and under oneself."""
    levels = [np.convolve(frame_db(channel), np.ones(5) / 5, "same") for channel in samples]
    gated = samples.copy()
    for this, other in ((0, 1), (1, 0)):
        usual = np.percentile(levels[this], 95)
        kept = (levels[other] - levels[this] <= 15) | (levels[this] >= usual - 15)
        mute = np.repeat(np.convolve(kept, np.ones(11), "same") < 0.5, FRAME)
        gated[this, : mute.size][mute] = 0.0
    return gated


Echoes = dict[int, tuple[tuple[float, float], ...]]
GATES: dict[str, Callable[[Samples], tuple[Samples, Echoes]]] = {
    "none": lambda samples: (samples, {}),
    "old": lambda samples: (fixed_gate(samples), {}),
    "new": lambda samples: (samples, Crosstalk().hear(samples)),
}


# ── recognition ──────────────────────────────────────────────────────────────────────────────────


def recognised(
    files: list[Path], lines: list[Line], gates: list[str], engine: Engine
) -> Iterator[Row]:
    """Every call on every line through every gate; the same samples are recognised once."""
    heard: dict[str, Words] = {}
    waiting: deque[tuple[str, Line, str, tuple[str, ...]]] = deque()

    def channels() -> Iterator[ChannelAudio]:
        asked: set[str] = set()
        for path, line in product(files, lines):
            whole = np.concatenate([block.samples for block in Decoder(path).blocks()], axis=1)
            call = spoilt(whole, line)
            for gate in gates:
                sides, echoes = GATES[gate](call)
                keys = tuple(_key(sides[n], echoes.get(n, ())) for n in (0, 1))
                waiting.append((path.name, line, gate, keys))
                for side, key in enumerate(keys):
                    if key not in asked:
                        asked.add(key)
                        nobody = echoes.get(side, ())
                        yield ChannelAudio(key, 0, sides[side], nobody=nobody)

    for text in engine.transcribe(channels()):
        heard[text.key] = [(word.text, word.start, word.end) for word in text.words]
        while waiting and all(key in heard for key in waiting[0][3]):
            call, line, gate, keys = waiting.popleft()
            yield Row(call, line, gate, (heard[keys[0]], heard[keys[1]]))


def _key(samples: Samples, nobody: object) -> str:
    return hashlib.sha256(samples.tobytes() + repr(nobody).encode()).hexdigest()


# ── figures ──────────────────────────────────────────────────────────────────────────────────────


def foreign(words: Words, turns: list[tuple[float, float]]) -> int:
    """Characters of words whose middle lies outside of the side's own turns."""
    return sum(
        sum(character.isalnum() for character in text)
        for text, start, end in words
        if not any(a - AROUND <= (start + end) / 2 <= b + AROUND for a, b in turns)
    )


def counted(row: Row, truth: dict[str, Any]) -> tuple[int, list[Errors]]:
    """Foreign characters on both sides, and the errors of each."""
    agent = truth["agent_channel"]
    turns: list[list[tuple[float, float]]] = [[], []]
    for turn in truth["segments"]:
        side = agent if turn["role"] == "agent" else 1 - agent
        turns[side].append((turn["start"], turn["end"]))
    texts = ["".join(text for text, _, _ in words) for words in row.words]
    return (
        sum(map(foreign, row.words, turns)),
        [errors(said, text) for said, text in zip(said_on(truth), texts, strict=True)],
    )


def show(rows: list[Row], truths: dict[str, dict[str, Any]]) -> None:
    """Print the table: for every line and gate the foreign characters, the errors, the CER."""
    print("| line | gate | of the other side | sub | del | ins | CER % | CER % left, right |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (line, gate), group in grouped(rows):
        found = [counted(row, truths[row.call]) for row in group]
        both = [sum(sides, Errors(0, 0, 0, 0)) for _, sides in found]
        total = sum(both, Errors(0, 0, 0, 0))
        sides = [sum((sides[n] for _, sides in found), Errors(0, 0, 0, 0)) for n in (0, 1)]
        between = interval_of([(each.count, each.length) for each in both])
        span = f" [{100 * between.low:.1f}, {100 * between.high:.1f}]" if between else ""
        print(f"| {line} | {gate} | {sum(count for count, _ in found)} | {total.substitutions} "
              f"| {total.deletions} | {total.insertions} | {100 * total.rate:.1f}{span} "
              f"| {100 * sides[0].rate:.1f}, {100 * sides[1].rate:.1f} |")  # fmt: skip


def grouped(rows: list[Row]) -> list[tuple[tuple[Line, str], list[Row]]]:
    """The rows of each line and gate, in order of their first one."""
    groups: dict[tuple[Line, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.line, row.gate), []).append(row)
    return list(groups.items())


def main() -> None:
    """Spoil, gate, recognise, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", help="begin of their names, with commas; default: all")
    parser.add_argument("--lines", default=LINES, help="dB/ms/path, with commas")
    parser.add_argument("--gates", default=",".join(GATES))
    parser.add_argument("--jsonl", type=Path, help="all words, a line per call, line and gate")
    options = parser.parse_args()
    chosen = tuple(options.calls.split(",")) if options.calls else ("",)
    files = [path for path in calls_of(options.folder) if path.name.startswith(chosen)]
    lines = [Line(), *(Line.read(text) for text in options.lines.split(","))]
    engine = make_engine(Settings().asr.engine, replace(engine_options(Settings()), workers=1))
    rows = []
    for row in recognised(files, lines, options.gates.split(","), engine):
        rows.append(row)
        print(f"{row.call} | {row.line} | {row.gate}", file=sys.stderr)
        if options.jsonl:
            with options.jsonl.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    show(rows, {path.name: truth_of(path) for path in files})


if __name__ == "__main__":
    main()
