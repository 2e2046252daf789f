"""How much private data is found, and what else is: counts with intervals by kind.

    python -m bench.privacy_accuracy bench/cases/private/heldout [--details] [--json OUT]
        [--unmarked amount]

The cases mark private data in the lines: `客户: 〔phone:幺三八，零零幺三，八零零零〕。`; the parts
of one datum carry an index (`〔phone/1:…〕`). A datum is found when all its digits (of words: four
fifths of the characters) lie in spans that were found, whatever their kind; the column `right kind`
counts those whose span says the same kind. A span is a false alarm when more than half of it is
not marked. Of an amount the numerals must be covered, not the unit. `--unmarked KIND`: a kind that
these cases hold but do not mark; its spans are counted apart. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.rule_accuracy import share
from pipeline.domain import CallInfo, Medium, PrivateSpan, Role, Segment, Transcript
from pipeline.privacy import find_private, numbers_of
from pipeline.text import cells

MARK = re.compile(r"〔([a-z_]+)(?:/(\w+))?:([^〔〕]*)〕")
ROLES = {"客服": Role.AGENT, "客户": Role.CUSTOMER}
WORDY = ("name", "address", "employer", "date_of_birth")
ENOUGH = 0.8
NUMERALS = frozenset("0123456789０１２３４５６７８９零〇一二两三四五六七八九幺十百千万亿几")

Place = tuple[int, int]  # segment, position
Finder = Callable[[Transcript], list[list[PrivateSpan]]]  # the spans of each number together


def callqa(transcript: Transcript) -> list[list[PrivateSpan]]:
    """What callqa's own detectors find."""
    return list(numbers_of(find_private(transcript)))


def _without(kinds: Sequence[str], apart: list[str]) -> Finder:
    """Callqa's spans without those of some kinds, which are put `apart`."""

    def find(transcript: Transcript) -> list[list[PrivateSpan]]:
        found = callqa(transcript)
        apart.extend(spans[0].kind for spans in found if spans[0].kind in kinds)
        return [spans for spans in found if spans[0].kind not in kinds]

    return find


@dataclass
class Datum:
    """One marked private datum: what it is and where it stands."""

    kind: str
    parts: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def enough(self) -> float:
        """The part that has to be covered."""
        return ENOUGH if self.kind in WORDY else 1

    def places(self) -> set[Place]:
        """Every position inside the marks."""
        return {(s, at) for s, start, end in self.parts for at in range(start, end)}

    def carrying(self, texts: Sequence[str]) -> set[Place]:
        """The positions that give it away: digits and letters, of words every character."""
        if self.kind in WORDY:
            return {(s, at) for s, at in self.places() if texts[s][at].isalnum()}
        if self.kind == "amount":
            return {(s, at) for s, at in self.places() if texts[s][at] in NUMERALS}
        return {
            (s, at)
            for s, start, end in self.parts
            for first, last, _ in cells(texts[s], start, end)
            for at in range(first, last)
        }


@dataclass
class Case:
    """One item with its call, and what is marked in it."""

    id: str
    about: str
    look_alike: str
    transcript: Transcript
    data: list[Datum]


@dataclass
class Tally:
    """Counts of one kind."""

    data: int = 0
    found: int = 0
    right_kind: int = 0
    spans: int = 0
    false: int = 0


def read_cases(folder: Path) -> Iterator[Case]:
    """All items of a folder or file."""
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else [folder]:
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield _case(item)


def _case(item: Mapping[str, Any]) -> Case:
    data: dict[object, Datum] = {}
    segments = []
    for number, line in enumerate(item["lines"]):
        who, _, marked = re.match(r"(\S+?)([:：])\s*(.*)", line, re.S).groups()  # type: ignore[union-attr]
        text, read = "", 0
        for mark in MARK.finditer(marked):
            text += marked[read : mark.start()]
            kind, index, inside = mark.groups()
            key = (kind, index) if index else (number, mark.start())
            datum = data.setdefault(key, Datum(kind))
            datum.parts.append((number, len(text), len(text) + len(inside)))
            text, read = text + inside, mark.end()
        segments.append(Segment(ROLES[who], text + marked[read:], None, None))
    medium = Medium.CHAT if "chat" in item.get("traits", ()) else Medium.VOICE
    info = CallInfo(item["id"], medium, item["business_line"])
    transcript = Transcript(info, tuple(segments), capabilities=frozenset({"roles"}))
    return Case(item["id"], item["about"], item.get("look_alike") or "", transcript,
                list(data.values()))  # fmt: skip


def main() -> None:
    """Run the detectors over all cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--unmarked", action="append", default=[], metavar="KIND")
    options = parser.parse_args()
    tallies: dict[str, Tally] = defaultdict(Tally)
    touched: Counter[str] = Counter()
    items: Counter[str] = Counter()
    apart: list[str] = []
    find = _without(options.unmarked, apart) if options.unmarked else callqa
    for case in read_cases(options.cases):
        items["look_alike" if case.look_alike else "private"] += 1
        notes = list(count(case, tallies, find))
        touched["look_alike" if case.look_alike else "private"] += any(
            note.startswith("false") for note in notes
        )
        if options.details and notes:
            print(case.id, "|", " / ".join(s.text for s in case.transcript.segments))
            print("   ", *notes, sep="\n    ")
    print_table(tallies, items, touched)
    for kind in options.unmarked:
        print(f"spans of {kind}, which is not marked here: {apart.count(kind)}")
    if options.json:
        options.json.write_text(json.dumps({k: vars(t) for k, t in tallies.items()}, indent=1))


def count(case: Case, tallies: dict[str, Tally], find: Finder = callqa) -> Iterator[str]:
    """Count one item; says what was missed and what was wrong."""
    texts = [segment.text for segment in case.transcript.segments]
    found = find(case.transcript)
    spots = [
        {(s.segment, at) for s in spans for at in range(s.start_char, s.end_char)}
        for spans in found
    ]
    covered: set[Place] = set().union(*spots)
    for datum in case.data:
        tally, wanted = tallies[datum.kind], datum.carrying(texts)
        tally.data += 1
        part = len(wanted & covered) / len(wanted)
        if part < datum.enough:
            yield f"missed {datum.kind} ({part:.0%}): {_said(texts, datum)}"
            continue
        tally.found += 1
        kinds = {s[0].kind for s, spot in zip(found, spots, strict=True) if spot & wanted}
        tally.right_kind += datum.kind in kinds
        if datum.kind not in kinds:
            yield f"other kind {datum.kind} as {sorted(kinds)}: {_said(texts, datum)}"
    marked: set[Place] = set().union(*(datum.places() for datum in case.data))
    for spans, spot in zip(found, spots, strict=True):
        tally = tallies[spans[0].kind]
        tally.spans += 1
        if len(spot & marked) * 2 < len(spot):
            tally.false += 1
            said = "".join(texts[s.segment][s.start_char : s.end_char] for s in spans)
            yield f"false {spans[0].kind} by {spans[0].detector}: {said}"


def _said(texts: Sequence[str], datum: Datum) -> str:
    return " … ".join(texts[s][start:end] for s, start, end in datum.parts)


def print_table(
    tallies: Mapping[str, Tally], items: Mapping[str, int], touched: Mapping[str, int]
) -> None:
    """By kind and in all."""
    print("| kind | data | found | recall | right kind | spans | false | precision |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in sorted(tallies):
        print(_row(kind, tallies[kind]))
    print(_row("**all**", total(tallies.values())))
    print(f"\nlook-alike items with a false alarm: {touched.get('look_alike', 0)} of "
          f"{items.get('look_alike', 0)}; items with private data: "
          f"{touched.get('private', 0)} of {items.get('private', 0)}")  # fmt: skip


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of several."""
    whole = Tally()
    for tally in tallies:
        for name, value in vars(tally).items():
            setattr(whole, name, getattr(whole, name) + value)
    return whole


def _row(name: str, t: Tally) -> str:
    return (f"| {name} | {t.data} | {t.found} | {share(t.found, t.data)} | {t.right_kind} "
            f"| {t.spans} | {t.false} | {share(t.spans - t.false, t.spans)} |")  # fmt: skip


if __name__ == "__main__":
    main()
