"""Who speaks when in one channel, against the truth: errors, the number of people, and the cost.

    python -m bench.diarization --data ../shared/data [--sounds SOUNDS] [--words]

Development data: the 12 mono calls and two English telephone recordings. Not used for any choice:
the samples of the repository, both sides mixed, and SOUNDS, calls that `bench.speak_dialogues`
made. With `--words` they are recognised too, and every word is looked up in the truth: given to the
right person, and in turns that hold words of one person only.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, permutations
from pathlib import Path

import numpy as np
import yaml

from bench.der import Der, Turn, der, read_rttm
from pipeline.asr import ChannelAudio, Engine, make_engine
from pipeline.audio import RATE, Decoder, Samples
from pipeline.diarization import SpeakerModel, SpeakerTrack, SpokenBy, Voices
from pipeline.domain import Word
from pipeline.listening import engine_options
from pipeline.settings import Settings

SAMPLES = Path(__file__).resolve().parent.parent / "sample_audio"
COLLAR = 0.25
EDGE = 0.1  # a word that reaches so far into another person's turn is not judged
SURE = 0.5
Case = tuple[str, Path, list[Turn]]


@dataclass(frozen=True, slots=True)
class Row:
    """What was found in one recording. `told` is with the true number of people given."""

    name: str
    people: int
    voices: Voices
    lenient: Der
    strict: Der
    told: Der
    seconds: float
    cpu: float
    words: tuple[tuple[bool, float], ...] = ()
    mixed: tuple[int, int] = (0, 0)


def development(data: Path) -> Iterator[Case]:
    """The mono calls, and two English telephone calls with RTTM."""
    for path in sorted((data / "calls").glob("*.json")):
        yield path.stem[:3], path.with_name(f"{path.stem}.tel.mono.flac"), _truth(path)
    for folder, sound, rttm in (
        ("en_aws_lca_call40", "call40_mono_mix.flac", "call40.rttm"),
        ("en_pyannote_sample", "sample.wav", "sample.rttm"),
    ):
        (turns,) = read_rttm(data / folder / rttm).values()
        yield folder, data / folder / sound, turns


def samples(folder: Path) -> Iterator[Case]:
    """The sample calls of the repository."""
    for call in yaml.safe_load((folder / "truth.yaml").read_text(encoding="utf-8"))["calls"]:
        if call["channel"] == "voice":
            turns = [Turn(s["start"], s["end"], s["role"]) for s in call["segments"]]
            yield Path(call["file"]).stem, folder / call["file"], turns


def unseen(sounds: Path) -> Iterator[Case]:
    """The calls of `bench.speak_dialogues`."""
    for path in sorted(sounds.glob("*.json")):
        yield path.stem, path.with_suffix(".wav"), _truth(path)


def _truth(path: Path) -> list[Turn]:
    segments = json.loads(path.read_text(encoding="utf-8"))["segments"]
    return [Turn(turn["start"], turn["end"], turn["role"]) for turn in segments]


def measure(case: Case, model: SpeakerModel, engine: Engine | None) -> Row:
    """Listen to one recording."""
    name, path, truth = case
    sound = np.concatenate([block.samples.mean(axis=0) for block in Decoder(path).blocks()])
    began = time.process_time()
    track = SpeakerTrack(model)
    track.add(sound)
    voices = track.finish()
    cpu = time.process_time() - began
    people = len({turn.speaker for turn in truth})
    heard, told = _turns(voices), _turns(track.finish(people))
    words = recognised(engine, sound) if engine else []
    given = voices.of_words(words)
    judged, mixed = attributed(words, given, truth)
    return Row(
        name, people, voices,
        der(truth, heard, collar=COLLAR), der(truth, heard), der(truth, told, collar=COLLAR),
        sound.size / RATE, cpu, tuple(judged), mixed,
    )  # fmt: skip


def _turns(voices: Voices) -> list[Turn]:
    return [Turn(span.start, span.end, str(span.speaker)) for span in voices.spans()]


def recognised(engine: Engine, samples: Samples) -> list[Word]:
    """The words of one channel."""
    (text,) = engine.transcribe([ChannelAudio("bench", 0, samples)])
    return list(text.words)


def attributed(
    words: Sequence[Word], given: Sequence[SpokenBy], truth: Sequence[Turn]
) -> tuple[list[tuple[bool, float]], tuple[int, int]]:
    """Each word that one person alone can have said: right or not, and how sure; mixed turns.

    A turn is a run of words given to one voice; it is mixed when people truly changed in it.
    """
    people = sorted({turn.speaker for turn in truth})
    kept = [
        (said, by) for word, by in zip(words, given, strict=True) if (said := _said(word, truth))
    ]
    if not kept:
        return [], (0, 0)
    voices = range(max(max(by.speaker for _, by in kept) + 1, len(people)))
    names: dict[int, str] = {}
    best = -1
    for way in permutations(voices, len(people)):
        mapped = dict(zip(way, people, strict=True))
        right = sum(mapped.get(by.speaker) == said for said, by in kept)
        if right > best:
            names, best = mapped, right
    judged = [(names.get(by.speaker) == said, by.confidence) for said, by in kept]
    runs = [[said for said, _ in run] for _, run in groupby(kept, lambda pair: pair[1].speaker)]
    return judged, (sum(len(set(run)) > 1 for run in runs), len(runs))


def _said(word: Word, truth: Sequence[Turn]) -> str | None:
    """Who said a word, None when two may have or nobody did."""
    inside: Counter[str] = Counter()
    for turn in truth:
        shared = min(turn.end, word.end) - max(turn.start, word.start)
        if shared > 0:
            inside[turn.speaker] += shared
    if not inside or (len(inside) > 1 and min(inside.values()) > EDGE):
        return None
    return inside.most_common(1)[0][0]


def table(title: str, rows: Sequence[Row]) -> None:
    """One group of recordings."""
    print(f"\n{title}\n")
    print(
        "| recording | people | found | sure | DER | no collar | miss | false | confused | told |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for row in rows:
        found = f"| {row.name} | {row.people} | {row.voices.count} | {row.voices.confidence:.2f} "
        print(f"{found}| {_rates(row.lenient, row.strict, row.told)} |")
    sums = [sum(parts, Der(0, 0, 0, 0)) for parts in zip(*map(_ders, rows), strict=True)]
    right = sum(row.people == row.voices.count for row in rows)
    print(f"| **all** ({len(rows)}) | | {right} right | | {_rates(*sums)} |")
    low, high = interval([row.lenient for row in rows])
    minutes = sum(row.seconds for row in rows) / 60
    cpu = sum(row.cpu for row in rows) / minutes
    print(
        f"\nDER {100 * sums[0].rate:.1f} % [{100 * low:.1f}, {100 * high:.1f}] over {minutes:.1f} ",
        end="",
    )
    print(f"minutes; {cpu:.2f} CPU seconds per minute ({cpu / 60:.3f} of real time)")
    told_of(rows)


def _ders(row: Row) -> tuple[Der, Der, Der]:
    return row.lenient, row.strict, row.told


def _rates(lenient: Der, strict: Der, told: Der) -> str:
    parts = (strict.miss, strict.false_alarm, strict.confusion)
    shares = [lenient.rate, strict.rate, *(part / strict.speech for part in parts), told.rate]
    return " | ".join(f"{100 * share:.1f}" for share in shares)


def told_of(rows: Sequence[Row]) -> None:
    """How many words went to the right person, by how sure it was said to be."""
    sure = [row for row in rows if row.people > 1 and row.voices.confidence >= SURE]
    wrong = sum(row.lenient.confusion for row in sure) / max(sum(r.lenient.speech for r in sure), 1)
    print(
        f"sure ({SURE} and more) of {len(sure)} with several people: {100 * wrong:.1f} % confused"
    )
    words = [word for row in rows for word in row.words]
    if not words:
        return
    for least in (0.0, 0.25, SURE, 0.9):
        kept = [right for right, confidence in words if confidence >= least]
        share = 100 * sum(kept) / max(len(kept), 1)
        print(f"words with confidence from {least}: {len(kept)}, of these right {share:.1f} %")
    mixed, runs = (sum(row.mixed[n] for row in rows) for n in (0, 1))
    print(f"turns that mix two people: {mixed} of {runs}")


def interval(parts: Sequence[Der], seed: int = 1, rounds: int = 2000) -> tuple[float, float]:
    """95 % bootstrap interval of the pooled rate, resampling whole calls."""
    generator = random.Random(seed)
    draws = (generator.choices(parts, k=len(parts)) for _ in range(rounds))
    rates = sorted(sum(draw, Der(0, 0, 0, 0)).rate for draw in draws)
    return rates[int(0.025 * rounds)], rates[int(0.975 * rounds)]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--words", action="store_true")
    options = parser.parse_args()
    settings = Settings()
    model = SpeakerModel(settings.models_dir)
    engine = make_engine(settings.asr.engine, engine_options(settings)) if options.words else None
    if options.data:
        rows = [measure(case, model, engine) for case in development(options.data)]
        table("development: 12 synthetic mono calls", rows[:-2])
        table("development: English telephone calls", rows[-2:])
        rows = [measure(case, model, engine) for case in samples(SAMPLES)]
        table("unseen: samples of the repository", rows)
    if options.sounds:
        rows = [measure(case, model, engine) for case in unseen(options.sounds)]
        for kind in ("two", "three", "one"):
            chosen = [row for row in rows if row.name.startswith(kind)]
            if chosen:
                table(f"unseen: {kind}", chosen)


if __name__ == "__main__":
    main()
