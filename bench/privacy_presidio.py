"""callqa's detectors beside presidio-analyzer: the same texts in one run.

    python -m bench.privacy_presidio bench/cases/private/heldout bench/cases/private/development

presidio-analyzer is no dependency of callqa: `pip install presidio-analyzer==2.2.366` into an
environment of its own that has callqa's requirements too. How it is set up stands in
`presidio_chinese`. It gets each turn by itself with the turn before as context (without words of
its own, the turn too), or the whole call joined by line ends; the text as it is, or with Chinese
numerals as digits. Of its overlapping
results the surest stays, then the longest. Printed are precision and recall in all, by kind for
the best of each set-up, and turns a second of CPU time over generated calls, several runs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bench.generated_calls import generate
from bench.privacy_accuracy import Case, Finder, Tally, callqa, count, read_cases, total
from bench.rule_accuracy import share
from pipeline.domain import DataClass, PrivateSpan, Transcript
from pipeline.intake.transcripts import parse_transcript

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

VERSION = "2.2.366"
NOT_GIVEN = ("name", "address", "employer", "date_of_birth")  # presidio: by an NLP model only
ZONE = ZoneInfo("Asia/Shanghai")

Found = tuple[float, int, int, str]  # score, start, end, kind


def main() -> None:
    """Measure all and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="*")
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    finders = {"callqa": callqa, **peers()}
    for folder in options.cases:
        print(f"\n{folder}\n")
        print_accuracy(list(read_cases(folder)), finders)
    calls = [
        parse_transcript(json.dumps(call), "generated", ZONE).transcript
        for call in islice(generate(options.calls, options.turns), options.calls)
    ]
    if calls:
        print_speed(calls, finders, options.runs)


def peers() -> dict[str, Finder]:
    """Presidio in all ways that it is measured."""
    try:
        from bench import presidio_chinese as set_up
    except ImportError as error:
        raise SystemExit(
            f"presidio-analyzer is not installed ({error}): pip install "
            f"presidio-analyzer=={VERSION} into an environment with callqa's requirements"
        ) from error
    bare, words = set_up.chinese_bare(), set_up.chinese()
    ways = (
        ("shipped, by turn", set_up.shipped(), _turns, []),
        ("shipped, by call", set_up.shipped(), _joined, []),
        ("Chinese without words, by turn", bare, _turns_told, set_up.HOTLINES),
        ("Chinese, by turn", words, _turns, set_up.HOTLINES),
        ("Chinese, by call", words, _joined, set_up.HOTLINES),
    )
    finders: dict[str, Finder] = {}
    for name, engine, pieces, hotlines in ways:
        for text, change in (("as it is", str), ("digits", set_up.to_digits)):
            find = _finder(engine, set_up.KINDS, change, pieces, hotlines)
            finders[f"presidio {name}, {text}"] = find
    return finders


Piece = tuple[str, list[int], list[str]]  # text, segments in it, context
Pieces = Callable[[Sequence[str]], Iterator[Piece]]


def _turns(texts: Sequence[str]) -> Iterator[Piece]:
    for index, text in enumerate(texts):
        yield text, [index], [texts[index - 1]] if index else []


def _turns_told(texts: Sequence[str]) -> Iterator[Piece]:
    for index, text in enumerate(texts):
        yield text, [index], list(texts[max(index - 1, 0) : index + 1])


def _joined(texts: Sequence[str]) -> Iterator[Piece]:
    yield "\n".join(texts), list(range(len(texts))), []


def _finder(
    engine: AnalyzerEngine, kinds: Mapping[str, str], change: Callable[[str], str],
    pieces: Pieces, hotlines: list[str],
) -> Finder:  # fmt: skip
    def find(transcript: Transcript) -> list[list[PrivateSpan]]:
        texts = [change(segment.text) for segment in transcript.segments]
        spans = []
        for text, segments, context in pieces(texts):
            if not text.strip():
                continue
            results = engine.analyze(text, "zh", context=context, allow_list=hotlines,
                                     allow_list_match="regex")  # fmt: skip
            found = [(r.score, r.start, r.end, kinds[r.entity_type]) for r in results]
            starts = [0, *accumulate(len(texts[s]) + 1 for s in segments)]
            for _, start, end, kind in _best(found):
                at = max(i for i, s in enumerate(starts[:-1]) if s <= start)
                spans.append([_span(transcript, kind, segments[at], start - starts[at],
                                    end - starts[at])])  # fmt: skip
        return spans

    return find


def _span(transcript: Transcript, kind: str, segment: int, start: int, end: int) -> PrivateSpan:
    role = transcript.segments[segment].role
    return PrivateSpan(kind, segment, start, end, role, DataClass.C2, True, 1.0, "presidio")


def _best(found: Sequence[Found]) -> list[Found]:
    """Of overlapping results the surest, then the longest."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda f: (-f[0], f[1] - f[2])):
        if all(each[2] <= other[1] or other[2] <= each[1] for other in kept):
            kept.append(each)
    return kept


def print_accuracy(cases: Sequence[Case], finders: Mapping[str, Finder]) -> None:
    """Sums of every way, then the kinds of callqa and of the best way of each set-up."""
    tallies = {name: _tallies(cases, find) for name, find in finders.items()}
    print("| | data | found | recall | spans | false | precision | F1 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, kinds in tallies.items():
        print(_row(name, total(kinds.values())))
        given = [t for kind, t in kinds.items() if kind not in NOT_GIVEN]
        print(_row(f"{name}: without {', '.join(NOT_GIVEN)}", total(given)))
    best = ["callqa", *(
        max((n for n in tallies if n.startswith(f"presidio {kind}")),
            key=lambda n: _f1(total(tallies[n].values())))
        for kind in ("shipped", "Chinese")
    )]  # fmt: skip
    print(f"\nrecall, precision by kind: {' / '.join(best)}\n")
    print("| kind | data |" + " recall | precision |" * len(best))
    print("| --- | ---: |" + " ---: | ---: |" * len(best))
    for kind in sorted({kind for name in best for kind in tallies[name]}):
        each = [tallies[name].get(kind, Tally()) for name in best]
        cells = " | ".join(
            f"{share(t.found, t.data)} | {share(t.spans - t.false, t.spans)}" for t in each
        )
        print(f"| {kind} | {each[0].data} | {cells} |")
    print_paired(cases, callqa, finders[best[-1]])


def print_paired(cases: Sequence[Case], ours: Finder, theirs: Finder) -> None:
    """Data of the kinds that both were given: found by one only, and the sign test of it."""
    pairs = Counter(pair for case in cases for pair in zip(
        _found(case, ours), _found(case, theirs), strict=True))  # fmt: skip
    one, other = pairs[True, False], pairs[False, True]
    either = one + other
    tail = sum(comb(either, k) for k in range(min(one, other) + 1)) / 2**either
    print(f"\nwithout {', '.join(NOT_GIVEN)}: only callqa finds {one}, only presidio {other} "
          f"(sign test p = {min(1.0, 2 * tail):.2f})")  # fmt: skip


def _found(case: Case, find: Finder) -> list[bool]:
    texts = [segment.text for segment in case.transcript.segments]
    covered = {(s.segment, at) for spans in find(case.transcript) for s in spans
               for at in range(s.start_char, s.end_char)}  # fmt: skip
    wanted = ((d.carrying(texts), d.enough) for d in case.data if d.kind not in NOT_GIVEN)
    return [len(places & covered) >= enough * len(places) for places, enough in wanted]


def _tallies(cases: Sequence[Case], find: Finder) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for case in cases:
        for _ in count(case, tallies, find):
            pass
    return tallies


def _f1(t: Tally) -> float:
    right = t.spans - t.false
    if not (t.found and right):
        return 0.0
    recall, precision = t.found / t.data, right / t.spans
    return 2 * recall * precision / (recall + precision)


def _row(name: str, t: Tally) -> str:
    return (f"| {name} | {t.data} | {t.found} | {share(t.found, t.data)} | {t.spans} "
            f"| {t.false} | {share(t.spans - t.false, t.spans)} | {_f1(t):.2f} |")  # fmt: skip


def print_speed(calls: Sequence[Transcript], finders: Mapping[str, Finder], runs: int) -> None:
    """Turns a second of CPU time, slowest to fastest run."""
    turns = sum(len(call.segments) for call in calls)
    print(f"\n{len(calls)} generated calls, {turns} turns, {runs} runs, CPU time\n")
    print("| | turns/s, slowest | fastest |")
    print("| --- | ---: | ---: |")
    for name, find in finders.items():
        find(calls[0])  # warm: expressions compiled
        rates = []
        for _ in range(runs):
            start = time.process_time()
            for call in calls:
                find(call)
            rates.append(turns / (time.process_time() - start))
        print(f"| {name} | {min(rates):.0f} | {max(rates):.0f} |", flush=True)


if __name__ == "__main__":
    main()
