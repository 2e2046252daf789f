"""What the text operators read: turns with their punctuation taken out, and the way back.

A *turn* is everything that one person says before the other one speaks, even if the recogniser cut
it into several segments: a phrase split by a short pause is still found. In `Turn.text` there is
no punctuation, full-width letters and digits are half-width, and case is folded; `Turn.place` knows
the segment and position that a character comes from. Where the speaker is unknown, each segment is
a turn of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.domain import Role, Seconds, Segment

# Letters, digits and Han; also % and the point inside a number, which carry meaning.
_KEPT = re.compile(r"(?:[^\W_]|%|(?<=\d)[.:](?=\d))+")
_CLAUSE = re.compile(r"[，、,;；:：\s]")
_SENTENCE = re.compile(r"[。！!？?…\n]|\.(?!\d)")
_QUESTION = re.compile(r"[？?]")

# Full width to half width, and capital letters to small ones; one character stays one.
_WIDTH = {code: ord(chr(code - 0xFEE0).lower()) for code in range(0xFF01, 0xFF5F)}
_WIDTH |= {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
# Where none of these stands, only marks would change that end the same clauses either way.
_WIDE = re.compile("[A-Z％．：０-９Ａ-Ｚａ-ｚ]")
# A pause this long ends a sentence, whatever the recogniser wrote.
SENTENCE_PAUSE: Seconds = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says before the other one speaks.

    `index` counts the turns of the call from 0, `number` those of this role from 1. `runs` are the
    stretches without punctuation as (segment, character) of the raw text, `run_starts` where each
    of them begins in `text`. `clauses` and `sentences` hold the positions at which one ends;
    `questions` those sentence ends that are written with a question mark.
    """

    role: Role
    index: int
    number: int
    first_segment: int
    last_segment: int
    text: str
    runs: Sequence[tuple[int, int]]
    run_starts: Sequence[int]
    clauses: Sequence[int]
    sentences: Sequence[int]
    questions: frozenset[int]

    def place(self, at: int) -> tuple[int, int]:
        """Segment and raw position of a folded character."""
        run = bisect_right(self.run_starts, at) - 1
        segment, char = self.runs[run]
        return segment, char + at - self.run_starts[run]

    def folded(self, segment: int, char: int) -> int:
        """The first folded position at or behind a raw one."""
        run = bisect_right(self.runs, (segment, char)) - 1
        if run < 0:
            return 0
        end = self.run_starts[run + 1] if run + 1 < len(self.runs) else len(self.text)
        own, first = self.runs[run]
        return min(self.run_starts[run] + char - first, end) if own == segment else end

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Folded positions of the clause (or clauses) around the characters [start, end)."""
        return _around(self.clauses, start, end, len(self.text))

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Folded positions of the sentence (or sentences) around the characters [start, end)."""
        return _around(self.sentences, start, end, len(self.text))

    def pieces(self, within: str) -> list[tuple[int, int]]:
        """Folded positions of every `clause` or `sentence`, or of the whole turn."""
        if within not in ("clause", "sentence"):
            return [(0, len(self.text))]
        ends = self.clauses if within == "clause" else self.sentences
        cuts = [0, *ends, len(self.text)]
        return [(a, b) for a, b in pairwise(cuts) if a < b]


def _around(ends: Sequence[int], start: int, end: int, size: int) -> tuple[int, int]:
    left, right = bisect_right(ends, start), bisect_left(ends, max(end, start + 1))
    return (ends[left - 1] if left else 0), (ends[right] if right < len(ends) else size)


def fold(text: str) -> str:
    """A phrase as it is looked for: no punctuation, half width, lower case."""
    return "".join(_KEPT.findall(text.translate(_WIDTH)))


@lru_cache(maxsize=4096)
def _ends(marks: str) -> tuple[bool, bool, bool]:
    """Whether punctuation marks end a clause, a sentence, a question."""
    sentence = _SENTENCE.search(marks) is not None
    clause = sentence or _CLAUSE.search(marks) is not None
    return clause, sentence, _QUESTION.search(marks) is not None


class _Folder:
    """Collects one turn."""

    __slots__ = (
        "clauses", "first_segment", "index", "last_segment", "number", "parts", "questions",
        "role", "run_starts", "runs", "sentences", "size",
    )  # fmt: skip

    def __init__(self, role: Role, index: int, number: int, first_segment: int) -> None:
        self.role, self.index, self.number = role, index, number
        self.first_segment = self.last_segment = first_segment
        self.parts: list[str] = []
        self.runs: list[tuple[int, int]] = []
        self.run_starts: list[int] = []
        self.clauses: list[int] = []
        self.sentences: list[int] = []
        self.questions: list[int] = []
        self.size = 0

    def add(self, segment: int, text: str) -> None:
        self.last_segment = segment
        wide = text.translate(_WIDTH) if _WIDE.search(text) else text
        read, size = 0, self.size
        parts, runs, run_starts = self.parts, self.runs, self.run_starts
        for run in _KEPT.finditer(wide):
            start, end = run.span()
            if read < start and size:
                self._end_at(wide[read:start], size)
            parts.append(wide[start:end])
            runs.append((segment, start))
            run_starts.append(size)
            size += end - start
            read = end
        if read < len(wide) and size:
            self._end_at(wide[read:], size)
        self.size = size

    def end_sentence(self) -> None:
        if self.size:
            self._end_at("。", self.size)

    def _end_at(self, marks: str, here: int) -> None:
        """Note the end of a clause or sentence that these punctuation marks make."""
        clause, sentence, question = _ends(marks)
        if sentence and (not self.sentences or self.sentences[-1] != here):
            self.sentences.append(here)
        if question:
            self.questions.append(here)
        if clause and (not self.clauses or self.clauses[-1] != here):
            self.clauses.append(here)

    def turn(self) -> Turn:
        return Turn(
            self.role,
            self.index,
            self.number,
            self.first_segment,
            self.last_segment,
            "".join(self.parts),
            self.runs,
            self.run_starts,
            self.clauses,
            self.sentences,
            frozenset(self.questions),
        )


def read_turns(segments: Iterable[Segment], *, roles_known: bool) -> tuple[Turn, ...]:
    """The turns of a call in order of time."""
    counts = dict.fromkeys(Role, 0)
    turns: list[Turn] = []
    folder: _Folder | None = None
    before: Segment | None = None
    for index, segment in enumerate(segments):
        role = segment.role if roles_known else Role.UNKNOWN
        if folder is None or role is Role.UNKNOWN or role is not folder.role:
            if folder is not None:
                turns.append(folder.turn())
            counts[role] += 1
            folder = _Folder(role, len(turns), counts[role], index)
        elif before is not None and _apart(before, segment):
            folder.end_sentence()
        folder.add(index, segment.text)
        before = segment
    if folder is not None:
        turns.append(folder.turn())
    return tuple(turns)


def among(turns: Sequence[Turn], worth: int | None) -> Sequence[Turn]:
    """Of some turns those that are worth looking at (a bit each by index); None: all of them."""
    if worth is None:
        return turns
    return [turn for turn in turns if worth >> turn.index & 1] if worth else ()


def _apart(before: Segment, after: Segment) -> bool:
    """Whether two segments of one person are two sentences (chat messages always are)."""
    if before.end is None or after.start is None:
        return True
    return after.start - before.end >= SENTENCE_PAUSE
