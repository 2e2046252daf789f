"""What the detectors find in talk that holds no private data: hits per 1,000 turns.

    python -m bench.privacy_false_alarms ../shared/data/txt_collections_nlu_zh [--details]
        [--real txt_collections_nlu_zh=2]

Each file or folder is a set. Read are lines of text (a sentence is a turn; list marks and headings
fall away, of `spoken => written` both are read, of tabbed lines the last field), CSV (every cell in
Chinese), rule cases in YAML and calls in JSON (their turns in order, with roles). A sentence
without a role is read by itself, as a customer's. `--details` prints every hit for a person to
judge; `--real SET=N` says how many of a set's hits are private data in truth, so that the rest are
false alarms. The interval is Wilson's, 95 %, of turns with at most one alarm each.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bench.privacy_accuracy import callqa
from bench.rule_accuracy import wilson
from pipeline.domain import CallInfo, Role, Segment, Transcript
from pipeline.intake.transcripts import parse_transcript
from pipeline.rules import parse_dialogue

TEXT = {".txt", ".md", ".tsv", ".ark"}
SUFFIXES = {*TEXT, ".csv", ".yaml", ".json"}
NO_TALK = re.compile(r"(SOURCE|README|LICENSE|COPYING)\b", re.I)
HAN = re.compile(r"[\u4e00-\u9fff]")
END = re.compile(r"(?<=[。！？!?])")
ZONE = ZoneInfo("Asia/Shanghai")


def main() -> None:
    """Count turns and hits of every set and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--real", action="append", default=[], metavar="SET=N")
    options = parser.parse_args()
    real = {name: int(number) for name, _, number in (r.rpartition("=") for r in options.real)}
    rows = []
    for path in options.sets:
        turns, hits = 0, []
        for transcript in read(path):
            turns += len(transcript.segments)
            hits += list(find(transcript))
        if options.details:
            print(f"\n{path.name}", *(f"    {kind}: {said}" for kind, said in hits), sep="\n")
        rows.append((path.name, turns, Counter(kind for kind, _ in hits)))
    print_table(rows, real)


def find(transcript: Transcript) -> Iterator[tuple[str, str]]:
    """Kind and text of every hit, in its turn."""
    for spans in callqa(transcript):
        first = spans[0]
        parts = "".join(transcript.segments[s.segment].text[s.start_char : s.end_char]
                        for s in spans)  # fmt: skip
        yield first.kind, f"{parts} | {transcript.segments[first.segment].text}"


def read(path: Path) -> Iterator[Transcript]:
    """Everything to read in a file, or in all files of a folder."""
    if path.is_dir():
        files = (p for p in sorted(path.rglob("*")) if p.suffix in SUFFIXES)
        for file in files:
            if not NO_TALK.match(file.name):
                yield from read(file)
    elif path.suffix == ".json":
        yield parse_transcript(path.read_text(encoding="utf-8"), path.stem, ZONE).transcript
    elif path.suffix == ".yaml":
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield parse_dialogue(case["lines"], case.get("info"))
    else:
        for sentence in _sentences(path):
            yield Transcript(
                CallInfo("text"), (Segment(Role.CUSTOMER, sentence),),
                capabilities=frozenset({"roles"}),
            )  # fmt: skip


def _sentences(path: Path) -> Iterator[str]:
    for text in _texts(path):
        yield from (part.strip() for part in END.split(text) if re.search(r"\w", part))


def _texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".csv":
            yield from (cell for row in csv.reader(file) for cell in row if HAN.search(cell))
            return
        for line in file:
            if not line.startswith("#"):
                yield from line.removeprefix("- ").split("\t")[-1].split(" => ")


def print_table(
    rows: Sequence[tuple[str, int, Mapping[str, int]]], real: Mapping[str, int]
) -> None:
    """Sets, and false alarms where somebody judged the hits."""
    print("| set | turns | hits | of these wrong | false alarms per 1,000 turns | kinds |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, turns, kinds in rows:
        hits = sum(kinds.values())
        judged = name in real or not hits
        wrong = hits - real.get(name, 0)
        rate = f"{wrong} | {_rate(wrong, turns)}" if judged else "not judged | –"
        said = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
        print(f"| {name} | {turns} | {hits} | {rate} | {said} |")


def _rate(wrong: int, turns: int) -> str:
    if not turns:
        return "–"
    low, high = wilson(min(wrong, turns), turns)
    return f"{1000 * wrong / turns:.1f} [{1000 * low:.1f}, {1000 * high:.1f}]"


if __name__ == "__main__":
    main()
