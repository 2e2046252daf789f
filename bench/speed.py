"""callqa's recogniser beside what a user would pick instead, same calls, same model, one run.

    python -m bench.speed --data ../shared/data [--calls 5]

Peers: faster-whisper's `transcribe()` with its defaults, and its `BatchedInferencePipeline`, each
channel by itself, with all cores as threads; callqa with one worker per core. Prints wall and CPU
seconds, times real time, character error rate, and the ratio of wall times to callqa's.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import modelfiles
from pipeline.asr import ChannelAudio, make_engine
from pipeline.audio import Decoder, gate_crosstalk
from pipeline.evaluation.cer import Errors, errors
from pipeline.listening import engine_options, worker_count
from pipeline.settings import Settings

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

Texts = dict[tuple[str, int], str]


def main() -> None:
    """Run the peers and callqa in turn, print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--calls", type=int, default=5)
    options = parser.parse_args()
    files = sorted((options.data / "calls").glob("*.tel.stereo.flac"))[: options.calls]
    truths = {path: json.loads(_truth(path).read_text(encoding="utf-8")) for path in files}
    seconds = sum(truth["duration"] for truth in truths.values())
    rows = []
    peers = {
        "faster-whisper transcribe()": _plain,
        "BatchedInferencePipeline": _batched,
        "callqa": _callqa,
    }
    for name, run in peers.items():
        wall, cpu = time.perf_counter(), time.process_time()
        texts = run(files)
        rows.append((name, time.perf_counter() - wall, time.process_time() - cpu, texts))
    ours = rows[-1][1]
    print(f"{len(files)} stereo calls, {seconds:.0f} s, {os.cpu_count()} cores, model base, int8\n")
    print("| recogniser | wall s | CPU s | x real time | CER % | wall / callqa |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, wall, cpu, texts in rows:
        rate = 100 * _errors(texts, truths).rate
        print(f"| {name} | {wall:.1f} | {cpu:.1f} | {seconds / wall:.1f} | {rate:.1f} "
              f"| {wall / ours:.2f} |")  # fmt: skip


def _truth(path: Path) -> Path:
    return path.with_name(path.name.split(".")[0] + ".json")


def _errors(texts: Texts, truths: dict[Path, Any]) -> Errors:
    total = Errors(0, 0, 0, 0)
    for path, truth in truths.items():
        sides = {"agent": truth["agent_channel"], "customer": 1 - truth["agent_channel"]}
        for role, side in sides.items():
            said = "".join(s["text"] for s in truth["segments"] if s["role"] == role)
            total += errors(said, texts.get((path.name, side), ""))
    return total


def _model() -> WhisperModel:
    from faster_whisper import WhisperModel

    folder, _ = modelfiles.locate("base", Settings().models_dir)
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=os.cpu_count())


def _sides(files: list[Path]) -> Iterator[tuple[str, int, Any]]:
    from faster_whisper import decode_audio

    for path in files:
        for side, samples in enumerate(decode_audio(str(path), split_stereo=True)):
            yield path.name, side, samples


def _peer(transcribe: Callable[..., Any], files: list[Path]) -> Texts:
    texts = {}
    for name, side, samples in _sides(files):
        segments, _ = transcribe(samples, language="zh")
        texts[name, side] = "".join(segment.text for segment in segments)
    return texts


def _plain(files: list[Path]) -> Texts:
    return _peer(_model().transcribe, files)


def _batched(files: list[Path]) -> Texts:
    from faster_whisper import BatchedInferencePipeline

    return _peer(BatchedInferencePipeline(_model()).transcribe, files)


def _callqa(files: list[Path]) -> Texts:
    settings = Settings()
    engine = make_engine(settings.asr.engine, engine_options(settings))
    workers = worker_count(settings)

    def channels(mine: list[Path]) -> Iterator[ChannelAudio]:
        for path in mine:
            for block in Decoder(path).blocks():
                for side, samples in enumerate(gate_crosstalk(block.samples)):
                    yield ChannelAudio(path.name, side, samples, block.start)

    texts: Texts = {}
    with ThreadPoolExecutor(workers) as pool:
        shares = [files[n::workers] for n in range(workers)]
        for found in pool.map(lambda mine: list(engine.transcribe(channels(mine))), shares):
            for text in found:
                key = text.key, text.channel
                texts[key] = texts.get(key, "") + "".join(word.text for word in text.words)
    return texts


if __name__ == "__main__":
    main()
