"""What redacted copies of spoken items still give away.

The copies are made as `callqa redact` makes them, from the recognised text, and recognised again.
Of every planted number of four or more digits it is counted whether four of its digits in a row
can still be READ in what is recognised near its true time, on any channel, and, without a
recogniser, whether four digits in a row are still AUDIBLE: more than half of the time of each is
not hidden. `any digit`: at least one is. Of FOUND numbers four in a row can hardly be audible, as
four fifths of their time are covered; so those TOUCHED by any span are counted too.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.privacy_accuracy import ENOUGH, WORDY
from bench.rule_accuracy import share
from bench.spoken import Told
from pipeline.audio import render
from pipeline.domain import Transcript
from pipeline.privacy import find_private, mask
from pipeline.redaction import MARGIN, hidden_stretches
from pipeline.text import cells

if TYPE_CHECKING:
    from bench.privacy_spoken import Heard

MARGINS = (0.0, 0.1, 0.2, 0.3)
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
    sums: dict[str, Left] = defaultdict(Left)
    seconds: dict[float, float] = defaultdict(float)
    refused = 0
    for margin in MARGINS:
        wanted = [heard for heard in everything if list(_rows(heard, heard.transcript, (), margin))]
        hidden = {heard.item["id"]: hidden_in(heard.transcript, margin) for heard in wanted}
        copies = hear(copy_all(hidden, sounds, margin))
        for heard in wanted:
            stretches = hidden[heard.item["id"]]
            if stretches is None:
                refused += margin == MARGIN
                continue
            again = copies.get(heard.item["id"], heard.transcript)
            rows = list(_rows(heard, again, stretches, margin))
            if any(name.startswith("found") for name, *_ in rows):
                seconds[margin] += sum(end - start for start, end in stretches)
            for name, datum, text, hid in rows:
                sums[name].add(datum, text, hid)
    print("\n| numbers | count | read | share | audible | share | any digit | share |")
    print("| --- | " + " | ".join(["---:"] * 7) + " |")
    print(*(sums[name].row(name) for name in sorted(sums)), sep="\n")
    times = ", ".join(f"{time:.0f} s at margin {margin} s" for margin, time in seconds.items())
    print(f"\nhidden in the recordings with found numbers: {times}; "
          f"recordings of which no copy can be written: {refused}")  # fmt: skip
    print(strictly(everything))


def _rows(
    heard: Heard, again: Transcript, hidden: Hidden, margin: float
) -> Iterator[tuple[str, Told, Transcript, Hidden]]:
    """In which lines of the table each number of an item counts, with the copy it is looked for."""
    for datum, cover in zip(heard.told, heard.covers(), strict=True):
        if number(datum):
            if cover >= ENOUGH:
                yield f"found, margin {margin} s", datum, again, hidden
            if cover and margin == MARGIN:
                yield f"touched by a span, margin {margin} s", datum, again, hidden
            if margin == MARGIN:
                yield f"all, margin {margin} s", datum, again, hidden
                yield "all, before", datum, heard.transcript, ()


def number(datum: Told) -> bool:
    """Whether a datum is a number of at least four digits."""
    return datum.kind not in WORDY and len(datum.digits) >= ROW


def strictly(everything: Sequence[Heard]) -> str:
    """Of how many numbers four digits in a row are audible with `--strict`, and what it hides."""
    numbers = audible = 0
    hidden = whole = 0.0
    for heard in everything:
        stretches = hidden_in(heard.transcript, MARGIN, strict=True) or ()
        hidden += sum(end - start for start, end in stretches)
        whole += heard.transcript.duration or 0.0
        for datum in filter(number, heard.told):
            numbers += 1
            audible += _longest_audible(datum, stretches) >= ROW
    return (
        f"strict: audible {audible} of {numbers}, {share(audible, numbers)}; "
        f"{hidden:.0f} of {whole:.0f} s hidden"
    )


def hidden_in(transcript: Transcript, margin: float, *, strict: bool = False) -> Hidden | None:
    """What `callqa redact` hides in a recording, with another margin."""
    spans = find_private(transcript)
    rows = [
        {"segment": n, "role": s.role, "text": s.text, "start": s.start, "end": s.end,
         "words": [asdict(word) for word in s.words]}
        for n, s in enumerate(mask(transcript, spans).segments)
    ]  # fmt: skip
    return hidden_stretches(rows, [asdict(span) for span in spans], margin, strict=strict)


def copy_all(hidden: Mapping[str, Hidden | None], sounds: Path, margin: float) -> Path:
    """Redacted copies of the recordings in which something is hidden, in a folder of their own."""
    folder = sounds / f"copies_{round(margin * 1000)}ms"
    folder.mkdir(exist_ok=True)
    shutil.copy(sounds / "calls" / "calls.csv", folder)
    for name, stretches in hidden.items():
        target = folder / f"{name}.wav"
        if stretches and not target.exists():
            render(sounds / "calls" / f"{name}.wav", stretches, target, "beep")
    return folder


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
