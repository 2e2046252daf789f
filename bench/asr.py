"""callqa's recogniser beside what a user would pick instead, same calls, same model, one run.

    python -m bench.asr ../shared/data/calls [--calls 12] [--only callqa] [--json FILE]

The folder holds stereo calls with their truth beside them: the development calls, or what
`bench.speak_cases` made.

Peers: faster-whisper's `transcribe()` with its defaults and with its voice detector, and its
`BatchedInferencePipeline`, each channel by itself, with all cores as threads; callqa with one
worker per core, as it ships and with one setting changed at a time. Each in a process of its own,
one after the other, so that peak memory is its own; the model is loaded before the clock starts.

Printed: character error rate with its errors and 95 % interval over calls, wall and CPU seconds,
times real time, the wall time as a multiple of callqa's, peak memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import modelfiles
from pipeline.asr import ChannelAudio, Engine, EngineOptions, make_engine
from pipeline.audio import Decoder
from pipeline.crosstalk import Crosstalk
from pipeline.evaluation.cer import Errors, errors
from pipeline.evaluation.intervals import interval_of
from pipeline.listening import engine_options
from pipeline.settings import Settings

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

Texts = dict[str, list[str]]  # of each call its two channels
CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Result:
    """What one recogniser made of all calls. `wall`, `cpu` in seconds, `peak` in MiB."""

    name: str
    wall: float
    cpu: float
    peak: float
    texts: Texts


def main() -> None:
    """Run each recogniser in a process of its own, print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, help="only the first so many")
    parser.add_argument("--only", choices=sorted(RECOGNISERS), action="append")
    parser.add_argument("--json", type=Path, help="texts and figures")
    parser.add_argument("--child", choices=sorted(RECOGNISERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    files = calls_of(options.folder)[: options.calls]
    if options.child:
        print(json.dumps(asdict(measured(options.child, files))))
        return
    results = [_in_child(name, options) for name in options.only or RECOGNISERS]
    show(results, files)
    if options.json:
        rows = [asdict(result) for result in results]
        options.json.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def calls_of(folder: Path) -> list[Path]:
    """The stereo calls of a folder."""
    return sorted([*folder.glob("*.tel.stereo.flac"), *folder.glob("*.wav")])


def _in_child(name: str, options: argparse.Namespace) -> Result:
    print(f"{name} …", file=sys.stderr)
    command = [sys.executable, "-m", "bench.asr", str(options.folder), "--child", name]
    command += ["--calls", str(options.calls)] if options.calls else []
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def measured(name: str, files: list[Path]) -> Result:
    """One recogniser over all calls, in this process."""
    transcribe = RECOGNISERS[name]()
    wall, cpu = time.perf_counter(), time.process_time()
    texts = transcribe(files)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Result(name, wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, texts)


# ── the peers ────────────────────────────────────────────────────────────────────────────────────

Transcribe = Callable[[list[Path]], Texts]


def _model() -> WhisperModel:
    from faster_whisper import WhisperModel

    folder, _ = modelfiles.locate("base", Settings().models_dir)
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=CORES)


def _peer(transcribe: Callable[..., Any], files: list[Path]) -> Texts:
    from faster_whisper import decode_audio

    texts: Texts = {}
    for path in files:
        for samples in decode_audio(str(path), split_stereo=True):
            segments, _ = transcribe(samples, language="zh")
            texts.setdefault(path.name, []).append("".join(segment.text for segment in segments))
    return texts


def _plain(**settings: object) -> Transcribe:
    return partial(_peer, partial(_model().transcribe, **settings))


def _batched() -> Transcribe:
    from faster_whisper import BatchedInferencePipeline

    return partial(_peer, BatchedInferencePipeline(_model()).transcribe)


# ── callqa ───────────────────────────────────────────────────────────────────────────────────────


def recognised(
    files: list[Path],
    engine: Engine,
    workers: int,
    hotwords: str | None = None,
) -> Texts:
    """Both channels of each call, by as many threads as there are workers."""

    def channels(mine: list[Path]) -> Iterator[ChannelAudio]:
        for path in mine:
            crosstalk = Crosstalk()
            for block in Decoder(path).blocks():
                echoes = crosstalk.hear(block.samples, block.start)
                for side, samples in enumerate(block.samples):
                    nobody = echoes.get(side, ())
                    yield ChannelAudio(
                        path.name, side, samples, block.start, hotwords, nobody=nobody
                    )

    texts: Texts = {path.name: ["", ""] for path in files}
    with ThreadPoolExecutor(workers) as pool:
        shares = [files[n::workers] for n in range(workers)]
        for found in pool.map(lambda mine: list(engine.transcribe(channels(mine))), shares):
            for text in found:
                texts[text.key][text.channel] += "".join(word.text for word in text.words)
    return texts


def _callqa(**changed: int) -> Transcribe:
    options: EngineOptions = replace(engine_options(Settings()), **changed)
    engine = make_engine(Settings().asr.engine, options)
    return partial(recognised, engine=engine, workers=options.workers)


RECOGNISERS: dict[str, Callable[[], Transcribe]] = {
    "faster-whisper transcribe()": _plain,
    "faster-whisper transcribe(vad_filter)": partial(_plain, vad_filter=True),
    "faster-whisper BatchedInferencePipeline": _batched,
    "callqa": _callqa,
    "callqa, 1 worker x all threads": partial(_callqa, workers=1, threads=CORES),
    "callqa, beam 1": partial(_callqa, beam_size=1),
    "callqa, batch 1": partial(_callqa, batch_size=1),
    "callqa, batch 16": partial(_callqa, batch_size=16),
}


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def show(results: list[Result], files: list[Path]) -> None:
    """Print the table."""
    truths = [truth_of(path) for path in files]
    seconds = sum(truth["duration"] for truth in truths)
    ours = next((result.wall for result in results if result.name == "callqa"), None)
    print(f"{len(files)} stereo calls, {seconds:.0f} s, {CORES} cores, model base, int8\n")
    print("| recogniser | CER % | sub | del | ins | wall s | CPU s | x real time "
          "| wall / callqa | peak MiB |")  # fmt: skip
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for result in results:
        found = [
            _errors(result.texts[path.name], truth)
            for path, truth in zip(files, truths, strict=True)
        ]
        total = sum(found, Errors(0, 0, 0, 0))
        between = interval_of([(each.count, each.length) for each in found])
        span = f" [{100 * between.low:.1f}, {100 * between.high:.1f}]" if between else ""
        print(f"| {result.name} | {100 * total.rate:.1f}{span} | {total.substitutions} "
              f"| {total.deletions} | {total.insertions} | {result.wall:.1f} | {result.cpu:.1f} "
              f"| {seconds / result.wall:.1f} | {f'{result.wall / ours:.2f}' if ours else '-'} "
              f"| {result.peak:.0f} |")  # fmt: skip


def truth_of(sound: Path) -> dict[str, Any]:
    """The JSON beside a call."""
    path = sound.with_name(sound.name.split(".")[0] + ".json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def said_on(truth: dict[str, Any]) -> list[str]:
    """What is said on each of both channels."""
    roles = ("agent", "customer") if truth["agent_channel"] == 0 else ("customer", "agent")
    return ["".join(s["text"] for s in truth["segments"] if s["role"] == role) for role in roles]


def _errors(texts: list[str], truth: dict[str, Any]) -> Errors:
    found = map(errors, said_on(truth), texts)
    return sum(found, Errors(0, 0, 0, 0))


if __name__ == "__main__":
    main()
