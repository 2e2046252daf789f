"""What redacted copies of spoken items still give away.

The copies are made as `callqa redact` makes them, from the recognised text (`one pass`) and after
listening to the copies again (`listened to again`), and both are recognised by the same recogniser.
Of every planted number of four or more digits it is counted whether four of its digits in a row
can still be READ in what is recognised near its true time, on any channel, and, without a
recogniser, whether four digits in a row are still AUDIBLE: more than half of the time of each is
not hidden. `any digit`: at least one is. Of FOUND numbers four in a row can hardly be audible, as
four fifths of their time are covered; so those TOUCHED by any span are counted too.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.privacy_accuracy import ENOUGH, WORDY
from bench.rule_accuracy import share
from bench.spoken import Told
from pipeline.audio import render
from pipeline.domain import Transcript
from pipeline.privacy import find_private
from pipeline.redaction import hidden_stretches, joined, masked_rows
from pipeline.relistening import ROUNDS, still_told
from pipeline.text import cells

if TYPE_CHECKING:
    from bench.privacy_spoken import Heard

ROW = 4  # digits
NEAR = 0.5  # seconds beside the true time in which digits are looked for
Hidden = Sequence[tuple[float, float]]


@dataclass
class Left:
    """Counts of numbers: in all, and what is left of them in the copies."""

    numbers: int = 0
    read: int = 0
    audible: int = 0
    any_digit: int = 0

    def add(self, datum: Told, transcript: Transcript, hidden: Hidden) -> None:
        """Count one number in a copy."""
        longest = _longest_audible(datum, hidden)
        self.numbers += 1
        self.read += readable(datum, transcript)
        self.audible += longest >= ROW
        self.any_digit += longest > 0

    def row(self, name: str) -> str:
        """A line of the table."""
        parts = (share(part, self.numbers) for part in (self.read, self.audible, self.any_digit))
        counts = (self.read, self.audible, self.any_digit)
        cells = (f"{count} | {part}" for count, part in zip(counts, parts, strict=True))
        return f"| {name} | {self.numbers} | {' | '.join(cells)} |"


def measure(
    everything: Sequence[Heard], sounds: Path, hear: Callable[[Path], Mapping[str, Transcript]]
) -> None:
    """Make the copies, hear them again, print the table."""
    first = {heard.item["id"]: hidden_in(heard.transcript) for heard in everything}
    refused = sum(stretches is None for stretches in first.values())
    wanted = [heard for heard in everything if first[heard.item["id"]] is not None]
    once = {name: stretches for name, stretches in first.items() if stretches is not None}
    again, rounds, added = listened(wanted, once, sounds, hear)
    whole = {h.item["id"]: hidden_in(h.transcript, strict=True) or () for h in wanted}
    outside, *_ = listened(wanted, whole, sounds / "strict", hear)
    sums: dict[str, Left] = defaultdict(Left)
    first_copies = hear(copy_all(once, sounds, 1))
    for heard in filter(_has_number, wanted):
        key = heard.item["id"]
        one, last = first_copies.get(key, heard.transcript), again[key]
        strict = outside[key]
        for name, text, hid in (
            ("before", heard.transcript, ()),
            ("one pass", one, once[key]),
            ("listened to again", last.text, last.hidden),
            ("strict, listened to again", strict.text, strict.hidden),
        ):
            for line, datum, told, part in _rows(heard, text, hid):
                sums[f"{line}, {name}"].add(datum, told, part)
    print("\n| numbers | count | read | share | audible | share | any digit | share |")
    print("| --- | " + " | ".join(["---:"] * 7) + " |")
    print(*(sums[name].row(name) for name in sorted(sums)), sep="\n")
    print(f"\nno copy can be written of: {refused}; "
          f"listened to (times: copies) {dict(sorted(rounds.items()))}, "
          f"stretches added: {added}")  # fmt: skip
    final = {key: last.hidden for key, last in again.items()}
    print(silent(wanted, {"one pass": once, "listened to again": final}))
    print(strictly(everything))


@dataclass(frozen=True)
class Last:
    """What is hidden in the last copy of a recording, and what is recognised there."""

    hidden: Hidden
    text: Transcript


def listened(
    wanted: Sequence[Heard],
    once: Mapping[str, Hidden],
    sounds: Path,
    hear: Callable[[Path], Mapping[str, Transcript]],
) -> tuple[dict[str, Last], Counter[int], int]:
    """What `callqa redact` hides after it has listened to its copies; in how many rounds."""
    hidden, rounds, added = dict(once), Counter[int](), 0
    last: dict[str, Last] = {}
    waiting = {heard.item["id"]: heard for heard in wanted}
    for number in range(1, ROUNDS + 2):
        copies = hear(copy_all({key: hidden[key] for key in waiting}, sounds, number))
        for key, heard in list(waiting.items()):
            text = copies.get(key, heard.transcript)
            more: Hidden = ()
            if number <= ROUNDS:
                rows = masked_rows(heard.transcript, heard.spans)
                more = still_told(text, rows, hidden[key], whole=number == ROUNDS)
            added += len(more)
            hidden[key] = joined((*hidden[key], *more))
            if not more:
                last[key] = Last(hidden[key], text)
                rounds[min(number, ROUNDS)] += 1
                del waiting[key]
    return last, rounds, added


def silent(wanted: Sequence[Heard], ways: Mapping[str, Mapping[str, Hidden]]) -> str:
    """How long the copies are silent, in look-alike items and in the others."""
    lines = []
    for alike in (True, False):
        items = [heard for heard in wanted if bool(heard.item["look_alike"]) is alike]
        whole = sum(heard.transcript.duration or 0.0 for heard in items)
        parts = ", ".join(
            f"{name} {sum(b - a for h in items for a, b in hidden[h.item['id']]):.0f} s"
            for name, hidden in ways.items()
        )
        about = "look-alike" if alike else "other"
        lines.append(f"silent in {len(items)} {about} items of {whole:.0f} s: {parts}")
    return "\n".join(lines)


def _has_number(heard: Heard) -> bool:
    return any(map(number, heard.told))


def _rows(
    heard: Heard, again: Transcript, hidden: Hidden
) -> Iterator[tuple[str, Told, Transcript, Hidden]]:
    """In which lines of the table each number of an item counts, with the copy it is looked for."""
    for datum, cover in zip(heard.told, heard.covers(), strict=True):
        if number(datum):
            if cover >= ENOUGH:
                yield "found", datum, again, hidden
            if cover:
                yield "touched by a span", datum, again, hidden
            yield "all", datum, again, hidden


def number(datum: Told) -> bool:
    """Whether a datum is a number of at least four digits."""
    return datum.kind not in WORDY and len(datum.digits) >= ROW


def strictly(everything: Sequence[Heard]) -> str:
    """Of how many numbers four digits in a row are audible with `--strict`, and what it hides."""
    numbers = audible = 0
    hidden = whole = 0.0
    for heard in everything:
        stretches = hidden_in(heard.transcript, strict=True) or ()
        hidden += sum(end - start for start, end in stretches)
        whole += heard.transcript.duration or 0.0
        for datum in filter(number, heard.told):
            numbers += 1
            audible += _longest_audible(datum, stretches) >= ROW
    return (
        f"strict: audible {audible} of {numbers}, {share(audible, numbers)}; "
        f"{hidden:.0f} of {whole:.0f} s hidden"
    )


def hidden_in(transcript: Transcript, *, strict: bool = False) -> Hidden | None:
    """What `callqa redact` hides in a recording before it listens again."""
    spans = find_private(transcript)
    own = [asdict(span) for span in spans]
    return hidden_stretches(masked_rows(transcript, spans), own, strict=strict)


def copy_all(hidden: Mapping[str, Hidden], sounds: Path, number: int) -> Path:
    """Redacted copies of the recordings in which something is hidden, in a folder of their own."""
    folder, calls = sounds / f"copies_{number}", _calls(sounds)
    made = json.dumps(hidden)
    if (kept := folder / "hidden.json").exists():
        if kept.read_text(encoding="utf-8") == made:
            return folder
        shutil.rmtree(folder)  # of another version
        folder.with_suffix(".heard").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(calls / "calls.csv", folder)
    for name, stretches in hidden.items():
        target = folder / f"{name}.wav"
        if stretches:
            render(calls / f"{name}.wav", stretches, target, "beep")
    kept.write_text(made, encoding="utf-8")
    return folder


def _calls(sounds: Path) -> Path:
    """The recordings themselves, here or beside."""
    return next(path for at in (sounds, sounds.parent) if (path := at / "calls").is_dir())


def readable(datum: Told, transcript: Transcript) -> bool:
    """Whether four of a number's digits in a row are recognised near its time."""
    near = sorted(
        (word.start, word.text)
        for segment in transcript.segments
        for word in segment.words
        if any(word.end > start - NEAR and word.start < end + NEAR
               for _, start, end in datum.extents)
    )  # fmt: skip
    text = "".join(word for _, word in near)
    heard = "".join(plain for _, _, plain in cells(text, 0, len(text)) if plain.isdigit())
    told = "".join(digit for digit, _, _ in datum.digits)
    return any(told[at : at + ROW] in heard for at in range(len(told) - ROW + 1))


def _longest_audible(datum: Told, hidden: Hidden) -> int:
    """The most digits in a row of which more than half is not hidden."""
    longest = row = 0
    for _, start, end in datum.digits:
        dark = sum(max(min(end, b) - max(start, a), 0) for a, b in hidden)
        row = row + 1 if dark * 2 < end - start else 0
        longest = max(longest, row)
    return longest
