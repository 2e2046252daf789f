"""A redacted copy listens to itself: what is still heard there as digits is hidden too.

The first recognition writes some digits as other words, and hides only what it wrote. In the copy
the recogniser hears the rest in other surroundings. Everywhere the rule of `hidden_stretches` holds
again, and four digits in a row are hidden whatever label they have: labels are misheard too, and
a copy can do without a staff number; a hotline stays. Near what was hidden, and where private data
is asked for or named, it is stricter: two digits together count, one alone between pauses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import privacy
from pipeline.audio import render
from pipeline.domain import Seconds, Segment, Transcript
from pipeline.errors import BadInput
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.labels import NEUTRAL, OTHER, labels
from pipeline.privacy.sounds import sounded
from pipeline.redaction import MARGIN, Row, Stretch, hidden_stretches, joined, masked_rows
from pipeline.text import cells

ROUNDS = 3  # the last one hides whole turns, so that nothing is left that was heard
BESIDE: Seconds = 3.0  # so near what is hidden the strict rule holds
ANSWERED: Seconds = 8.0  # and so long after a turn that asks for private data or names it
PAUSE: Seconds = 0.25
LONG = 4  # digits in a row that may be read back
SHORT: Seconds = 5.0  # an answer
AUDIBLE: Seconds = 0.1  # less sound than that is left of what is hidden already
_BETWEEN = re.compile(r"[\s,，、。.．·…\-—–－_~/嗯啊呃额哦喔唔诶欸哎杠]*")
_SURE = re.compile(r"[0-9０-９零〇一二三四五六七八九幺]")
_COUNTS = re.compile(r"\s*(?:[十百千万亿元块次位个天岁期笔]|分钟|小时)")  # what digits count there
_ASKS = re.compile(r"数字|几[位月号]|[三四六八346][位个]|号码|哪几个")
_WORDS = re.compile("[要就是两留流]")
# How digits sound; without 是, 就, 把, which are said everywhere.
_SOUNDS = frozenset(
    ("lin", "yao", "er", "san", "wu", "liu", "qi", "ba", "jiu", "don", "guai", "gou")
)
_EVERYWHERE = frozenset("就吧把要期起其儿而")

Listener = Callable[[Path], Transcript]


@dataclass(frozen=True, slots=True)
class Again:
    """What is hidden after listening; `added` stretches in `rounds`, `whole` turns among them."""

    stretches: tuple[Stretch, ...]
    rounds: int = 0
    added: int = 0
    whole: int = 0


def listen_again(
    source: Path, rows: Sequence[Row], stretches: Sequence[Stretch], fill: str, listen: Listener
) -> Again:
    """Copy the recording, listen to the copy, hide what is still heard, until nothing is.

    `rows` of the masked segments as they were recognised first say where private data is named;
    `stretches` are hidden at the start. At most ROUNDS times; after the last one the turns in which
    digits were still heard are hidden whole. The copies are temporary.
    """
    hidden, added, whole = tuple(stretches), 0, 0
    with TemporaryDirectory(prefix="callqa-") as folder:
        copy = Path(folder) / "copy.wav"
        for number in range(1, ROUNDS + 1):
            render(source, hidden, copy, fill)
            found = still_told(listen(copy), rows, hidden, whole=number == ROUNDS)
            if not found:
                break
            added += len(found)
            whole += len(found) if number == ROUNDS else 0
            hidden = joined((*hidden, *found))
    return Again(hidden, number, added, whole)


def still_told(
    heard: Transcript, rows: Sequence[Row], hidden: Sequence[Stretch], *, whole: bool = False
) -> tuple[Stretch, ...]:
    """When digits are told that are not hidden yet, with the margin; `whole`: the turns' times."""
    spans = privacy.find_private(heard)
    again = masked_rows(heard, spans)
    told = hidden_stretches(again, [asdict(span) for span in spans], 0.0)
    if told is None:
        raise BadInput("what is heard in the copy cannot be placed in time; nothing was written")
    windows = _strict_windows([*rows, *again], hidden)
    cores = [
        *told,
        *(time for turn in heard.segments for time in _long(turn)),
        *(time for turn in heard.segments for time in _strictly(turn, windows)),
        *_answers(heard.segments),
    ]
    left = [core for core in cores if _left(core, hidden) > AUDIBLE]
    if whole:
        left = [
            (turn.start, turn.end)
            for turn in heard.segments
            if turn.start is not None and turn.end is not None
            and any(start < turn.end and end > turn.start for start, end in left)
        ]  # fmt: skip
    return joined((max(start - MARGIN, 0.0), end + MARGIN) for start, end in left)


def _strict_windows(rows: Sequence[Row], hidden: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """When the strict rule holds: beside what is hidden, and where private data is named."""
    named = (
        (row["start"], row["end"] + ANSWERED)
        for row in rows
        if row["start"] is not None and row["end"] is not None and _names(row["text"])
    )
    return joined((*((start - BESIDE, end + BESIDE) for start, end in hidden), *named))


def _names(text: str) -> bool:
    """Whether what a turn names last is private: 卡号, not 卡号后四位."""
    found = labels(text)
    return bool(found) and found[-1].topic not in (OTHER, *NEUTRAL)


def _asks(text: str) -> bool:
    """Whether a turn asks for a number, unless for a look-alike."""
    return _names(text) or (not labels(text) and _ASKS.search(text) is not None)


def _long(turn: Segment) -> Iterator[Stretch]:
    """Many digits in a row that are no hotline."""
    for start, end in _groups(turn.text):
        digits = "".join(plain for *_, plain in cells(turn.text, start, end) if plain.isdigit())
        begin, finish = turn.seconds_of(start, end)
        if begin is None or finish is None or len(digits) < LONG or is_hotline(digits):
            continue
        yield begin, finish


def _strictly(turn: Segment, windows: Sequence[Stretch]) -> Iterator[Stretch]:
    """Two digits together, or one between pauses, inside the windows."""
    for start, end in _groups(turn.text):
        begin, finish = turn.seconds_of(start, end)
        if begin is None or finish is None:
            continue
        if not any(first < finish and begin < last for first, last in windows):
            continue
        if end - start > 1 or _alone(turn, start):
            yield begin, finish


def _answers(turns: Sequence[Segment]) -> Iterator[Stretch]:
    """Short answers to a question for a number in which something sounds like a digit."""
    for before, turn in pairwise(turns):
        if turn.start is None or turn.end is None or turn.role is before.role:
            continue
        short = turn.end - turn.start <= SHORT
        if short and _asks(before.text) and _sounds(turn.text):
            yield turn.start, turn.end


def _sounds(text: str) -> bool:
    """Whether a quarter of the characters sound like digits."""
    said = [char for char in text if char.isalnum()]
    alike = sum(
        _SURE.match(char) is not None
        or (char not in _EVERYWHERE and sounded(char).strip() in _SOUNDS)
        for char in said
    )
    return alike * 4 >= len(said) > 0


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Where digits stand together, with fillers between; at least one that is no homophone."""
    digits = [(start, end) for start, end, plain in cells(text, 0, len(text)) if plain.isdigit()]
    group: list[tuple[int, int]] = []
    for cell in digits:
        if group and not _BETWEEN.fullmatch(text, group[-1][1], cell[0]):
            yield from _sure(text, group)
            group = []
        group.append(cell)
    yield from _sure(text, group)


def _sure(text: str, group: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if not group or _COUNTS.match(text, group[-1][1]):
        return
    sure = sum(_SURE.match(text, start) is not None for start, _ in group)
    word = len(group) == 2 and _WORDS.search(text, group[0][0], group[-1][1])  # 要6位
    if sure > 1 or (sure and not word):
        yield group[0][0], group[-1][1]


def _alone(turn: Segment, at: int) -> bool:
    """Whether a digit is said between pauses."""
    position, times = 0, []
    for word in turn.words:
        times.append((position, position + len(word.text), word.start, word.end))
        position += len(word.text)
    own = next((n for n, (first, last, *_) in enumerate(times) if first <= at < last), None)
    if own is None or times[own][1] - times[own][0] > 1:
        return False
    gaps = [after[2] - before[3] for before, after in pairwise(times)]
    before = own == 0 or gaps[own - 1] >= PAUSE
    return before and (own == len(times) - 1 or gaps[own] >= PAUSE)


def _left(core: Stretch, hidden: Sequence[Stretch]) -> Seconds:
    """How much of a stretch is not hidden."""
    start, end = core
    return end - start - sum(max(min(end, b) - max(start, a), 0.0) for a, b in hidden)
