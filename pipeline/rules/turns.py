"""What the text operators read: turns with their punctuation taken out, and the way back.

A *turn* is everything that one person says before the other one speaks, even if the recogniser cut
it into several segments: a phrase split by a short pause is still found. In `Turn.text` there is
no punctuation, full-width letters and digits are half-width, and case is folded; every character
knows the segment and position that it comes from. Where the speaker is unknown, each segment is a
turn of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.domain import Role, Seconds, Segment

# Letters, digits and Han; also % and the point inside a number, which carry meaning.
_KEPT = re.compile(r"(?:[^\W_]|%|(?<=\d)[.:](?=\d))+")
_CLAUSE = re.compile(r"[，、,;；:：\s]")
_SENTENCE = re.compile(r"[。！!？?…\n]|\.(?!\d)")
_QUESTION = re.compile(r"[？?]")
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# A pause this long ends a sentence, whatever the recogniser wrote.
SENTENCE_PAUSE: Seconds = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says before the other one speaks.

    `number` counts the turns of this role from 1. `segments[k]` and `chars[k]` say where folded
    character k comes from. `clauses` and `sentences` hold the positions at which one ends;
    `questions` those sentence ends that are written with a question mark.
    """

    role: Role
    number: int
    first_segment: int
    last_segment: int
    text: str
    segments: Sequence[int]
    chars: Sequence[int]
    clauses: Sequence[int]
    sentences: Sequence[int]
    questions: frozenset[int]

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
    return "".join(_KEPT.findall(text.translate(_WIDTH))).lower()


class _Folder:
    """Collects one turn."""

    def __init__(self, role: Role, number: int, first_segment: int) -> None:
        self.role, self.number, self.first_segment = role, number, first_segment
        self.last_segment = first_segment
        self.runs: list[str] = []
        self.segments: list[int] = []
        self.chars: list[int] = []
        self.clauses: list[int] = []
        self.sentences: list[int] = []
        self.questions: set[int] = set()

    def add(self, index: int, text: str) -> None:
        self.last_segment = index
        wide, read = text.translate(_WIDTH), 0
        for run in _KEPT.finditer(wide):
            self._end_at(wide[read : run.start()])
            self.runs.append(run[0])
            self.chars.extend(range(run.start(), run.end()))
            self.segments.extend([index] * (run.end() - run.start()))
            read = run.end()
        self._end_at(wide[read:])

    def end_sentence(self) -> None:
        self._end_at("。")

    def _end_at(self, marks: str) -> None:
        """Note the end of a clause or sentence that these punctuation marks make."""
        here = len(self.chars)
        if not marks or not here:
            return
        sentence = _SENTENCE.search(marks)
        if sentence and (not self.sentences or self.sentences[-1] != here):
            self.sentences.append(here)
        if _QUESTION.search(marks):
            self.questions.add(here)
        if (sentence or _CLAUSE.search(marks)) and (not self.clauses or self.clauses[-1] != here):
            self.clauses.append(here)

    def turn(self) -> Turn:
        return Turn(
            role=self.role,
            number=self.number,
            first_segment=self.first_segment,
            last_segment=self.last_segment,
            text="".join(self.runs).lower(),
            segments=self.segments,
            chars=self.chars,
            clauses=self.clauses,
            sentences=self.sentences,
            questions=frozenset(self.questions),
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
            folder = _Folder(role, counts[role], index)
        elif before is not None and _apart(before, segment):
            folder.end_sentence()
        folder.add(index, segment.text)
        before = segment
    if folder is not None:
        turns.append(folder.turn())
    return tuple(turns)


def _apart(before: Segment, after: Segment) -> bool:
    """Whether two segments of one person are two sentences (chat messages always are)."""
    if before.end is None or after.start is None:
        return True
    return after.start - before.end >= SENTENCE_PAUSE
