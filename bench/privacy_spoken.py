"""How much private data is found in recognised speech, and what redacted copies still give away.

    python -m bench.privacy_spoken script bench/cases/private/heldout script.json
    python bench/speak.py script.json SOUNDS            # in the voice's own environment
    python -m bench.privacy_spoken measure SOUNDS [--details] [--no-copies]

`measure` recognises SOUNDS/calls as callqa does and counts, per kind: data found in the text that
was spoken (digits and words covered as in `bench.privacy_accuracy`); data whose digits or words
the recogniser wrote down literally; data FOUND: spans cover at least 80 % of the time in which its
digits or words are spoken, on its channel; data with a span of its kind in its turn; spans, and
FALSE ones: less than half of their time lies in marked data. Then `bench.spoken_copies`.
Transcripts are kept in SOUNDS and read again. `--details` shows data that are not found: only for
sets that may be tuned on. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq

from bench import privacy_accuracy, spoken_copies
from bench.privacy_accuracy import ENOUGH, WORDY, Case, Datum
from bench.rule_accuracy import share
from bench.spoken import Told, script, told
from pipeline.domain import CallInfo, PrivateSpan, Role, Segment, Transcript
from pipeline.evaluation.cer import Errors, errors, readings
from pipeline.oneoff import transcribe
from pipeline.privacy import find_private, numbers_of
from pipeline.settings import Settings
from pipeline.text import cells, digits_view

NEAR = 0.3  # seconds by which a word of a turn may lie outside of it
Stretch = tuple[str, float, float]  # role, start, end


@dataclass
class Tally:
    """Counts of one kind."""

    data: int = 0
    in_text: int = 0
    written: int = 0
    found: int = 0
    found_written: int = 0
    in_turn: int = 0
    spans: int = 0
    false: int = 0
    digits: int = 0
    digits_heard: int = 0


@dataclass(frozen=True)
class Heard:
    """A spoken item beside what the recogniser made of it."""

    item: Mapping[str, Any]
    told: tuple[Told, ...]
    transcript: Transcript
    spans: tuple[PrivateSpan, ...]

    def covers(self) -> list[float]:
        """For every datum, which part of its time the spans cover."""
        times = time_of(self.transcript, self.spans)
        return [covered(datum.stretches, times) for datum in self.told]


def main() -> None:
    """Write a script, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    first = steps.add_parser("script")
    first.add_argument("cases", type=Path)
    first.add_argument("out", type=Path)
    second = steps.add_parser("measure")
    second.add_argument("sounds", type=Path)
    second.add_argument("--details", action="store_true")
    second.add_argument("--no-copies", action="store_true")
    options = parser.parse_args()
    if options.step == "script":
        items, left_out = script(options.cases)
        options.out.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
        print(f"{len(items)} items; left out: {dict(left_out)}")
        return
    items = json.loads((options.sounds / "spoken.json").read_text(encoding="utf-8"))
    everything = list(compare(items, hear(options.sounds / "calls")))
    tallies: dict[str, Tally] = defaultdict(Tally)
    notes = [note for heard in everything for note in count(heard, tallies)]
    print_table(tallies, everything)
    if options.details:
        print(*notes, sep="\n")
    if not options.no_copies:
        spoken_copies.measure(everything, options.sounds, hear)


def hear(folder: Path) -> dict[str, Transcript]:
    """The transcripts of a folder of recordings, by call; recognised once."""
    kept = folder.with_suffix(".heard")
    if not kept.exists():
        texts = [one for one in transcribe([folder], Settings()) if isinstance(one, Transcript)]
        kept.write_bytes(pickle.dumps({text.info.call_id: text for text in texts}))
    transcripts: dict[str, Transcript] = pickle.loads(kept.read_bytes())
    return transcripts


def compare(
    items: Iterable[Mapping[str, Any]], transcripts: Mapping[str, Transcript]
) -> Iterator[Heard]:
    """Every item with its transcript and what the detectors find in it."""
    for item in items:
        transcript = transcripts[item["id"]]
        yield Heard(item, tuple(told(item)), transcript, find_private(transcript))


def time_of(transcript: Transcript, spans: Iterable[PrivateSpan]) -> list[Stretch]:
    """When the words of spans are spoken."""
    times = []
    for span in spans:
        segment = transcript.segments[span.segment]
        start, end = segment.seconds_of(span.start_char, span.end_char)
        if start is not None and end is not None:
            times.append((str(segment.role), start, end))
    return times


def covered(wanted: Sequence[Stretch], times: Sequence[Stretch]) -> float:
    """Which part of the wanted time is covered, on the same channel."""
    shared = 0.0
    for role, start, end in wanted:
        done = start
        for other, begin, finish in sorted(times):
            if other == role and min(end, finish) > max(done, begin):
                shared += min(end, finish) - max(done, begin)
                done = min(end, finish)
    return shared / max(sum(end - start for _, start, end in wanted), 1e-9)


def count(heard: Heard, tallies: dict[str, Tally]) -> Iterator[str]:
    """Count one item; says what is not found."""
    in_text: dict[str, privacy_accuracy.Tally] = defaultdict(privacy_accuracy.Tally)
    list(privacy_accuracy.count(as_case(heard.item), in_text))
    for kind, counted in in_text.items():
        tallies[kind].in_text += counted.found
    for datum, cover in zip(heard.told, heard.covers(), strict=True):
        tally, texts = tallies[datum.kind], [turn_text(heard, turn) for turn in datum.turns]
        literally, found = written(datum, texts), cover >= ENOUGH
        tally.data += 1
        tally.written += literally
        tally.found += found
        tally.found_written += found and literally
        tally.in_turn += in_turn(heard, datum)
        if spoken_copies.number(datum):
            tally.digits += len(datum.digits)
            tally.digits_heard += digits_heard(datum, texts)
        if not found:
            lost = "written" if literally else "not written"
            yield f"missed {datum.kind} ({lost}): {' … '.join(datum.texts)} | {' … '.join(texts)}"
    extents = [extent for datum in heard.told for extent in datum.extents]
    for spans in numbers_of(heard.spans):
        tally = tallies[spans[0].kind]
        tally.spans += 1
        if covered(time_of(heard.transcript, spans), extents) < 0.5:
            tally.false += 1
            quote = [heard.transcript.segments[s.segment].text[s.start_char : s.end_char]
                     for s in spans]  # fmt: skip
            yield f"false {spans[0].kind} in {heard.item['id']}: {' … '.join(quote)}"


def as_case(item: Mapping[str, Any]) -> Case:
    """The item as text, as it is spoken."""
    turns = [Segment(Role(turn["role"]), turn["text"]) for turn in item["turns"]]
    call = CallInfo(item["id"], business_line=item["line"])
    transcript = Transcript(call, tuple(turns), capabilities=frozenset({"roles"}))
    data = [Datum(d["kind"], [(p[0], p[1], p[2]) for p in d["parts"]]) for d in item["data"]]
    return Case(item["id"], "", "", transcript, data)


def turn_text(heard: Heard, turn: int) -> str:
    """What the recogniser wrote in the time of a turn, on its channel."""
    spoken = heard.item["turns"][turn]
    return "".join(
        word.text
        for segment in heard.transcript.segments
        if str(segment.role) == spoken["role"]
        for word in segment.words
        if spoken["start"] - NEAR <= (word.start + word.end) / 2 <= spoken["end"] + NEAR
    )


def written(datum: Told, texts: Sequence[str]) -> bool:
    """Whether every part of a datum stands in the recognised text of its turn, literally."""
    parts = zip(datum.texts, texts, strict=True)
    return all(_stands(part, text, digits=datum.kind not in WORDY) for part, text in parts)


def _stands(part: str, text: str, *, digits: bool) -> bool:
    heard = "".join(run.digits for run in digits_view(text).runs)
    runs = digits_view(part).runs if digits else ()
    if runs and all(run.digits in heard for run in runs):
        return True
    return any(one in other for one in readings(part) for other in readings(text))


def digits_heard(datum: Told, texts: Sequence[str]) -> int:
    """How many of a number's digits are recognised, in order."""
    text = "".join(dict.fromkeys(texts))
    heard = "".join(plain for _, _, plain in cells(text, 0, len(text)) if plain.isdigit())
    return LCSseq.similarity("".join(digit for digit, _, _ in datum.digits), heard)


def in_turn(heard: Heard, datum: Told) -> bool:
    """Whether a span of the same kind is in one of the datum's turns."""
    turns = [heard.item["turns"][turn] for turn in datum.turns]
    return any(
        turn["role"] == role and start < turn["end"] and turn["start"] < end
        for span in heard.spans
        if span.kind == datum.kind
        for role, start, end in time_of(heard.transcript, [span])
        for turn in turns
    )


def print_table(tallies: Mapping[str, Tally], everything: Sequence[Heard]) -> None:
    """By kind and in all."""
    print("| kind | data | found in the text | written | found | recall | found of written "
          "| kind in turn | spans | false | precision |")  # fmt: skip
    print("| --- | " + " | ".join(["---:"] * 10) + " |")
    whole = Tally()
    for kind in sorted(tallies):
        for name, value in vars(tallies[kind]).items():
            setattr(whole, name, getattr(whole, name) + value)
        print(_row(kind, tallies[kind]))
    print(_row("**all**", whole))
    alike = [heard for heard in everything if heard.item["look_alike"]]
    seconds = sum(heard.transcript.duration or 0 for heard in everything)
    print(f"\n{len(everything)} recordings, {seconds:.0f} s, characters recognised wrongly "
          f"{sum(map(error, everything), Errors(0, 0, 0, 0)).rate:.1%}; digits of the numbers "
          f"recognised in order: {whole.digits_heard} of {whole.digits}; look-alike items with any "
          f"span: {sum(bool(heard.spans) for heard in alike)} of {len(alike)}")  # fmt: skip


def error(heard: Heard) -> Errors:
    """The recogniser's errors in one item, both sides."""
    both = Errors(0, 0, 0, 0)
    for role in (Role.AGENT, Role.CUSTOMER):
        true = "".join(turn["text"] for turn in heard.item["turns"] if turn["role"] == role)
        found = "".join(turn.text for turn in heard.transcript.segments if turn.role == role)
        both += errors(true, found)
    return both


def _row(name: str, t: Tally) -> str:
    return (f"| {name} | {t.data} | {t.in_text} | {t.written} | {t.found} "
            f"| {share(t.found, t.data)} | {t.found_written} of {t.written} | {t.in_turn} "
            f"| {t.spans} | {t.false} | {share(t.spans - t.false, t.spans)} |")  # fmt: skip


if __name__ == "__main__":
    main()
