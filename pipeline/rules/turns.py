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
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.domain import Role, Seconds, Segment
from pipeline.rules.characters import DROPPED, Table, kept_of

# Letters, digits and Han; also % and the point inside a number, which carry meaning.
_KEPT = re.compile(r"(?:[^\W_]+|%|(?<=\d)[.:](?=\d))+")
_POINT = re.compile(r"[.:．：](?<=\d.)(?=\d)")  # the class first: so a text is passed fast
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
class _Source:
    """What the turns of a call are read from.

    `begins`: where each segment begins in all raw texts with one character between; `kept`: where
    in them each character of the folded texts stands, of those between turns too.
    """

    segments: Sequence[Segment]
    begins: Sequence[int]
    kept: Sequence[int]


class _Ends(NamedTuple):
    """Where clauses and sentences end in a folded text; questions: sentences with their mark."""

    clauses: Sequence[int]
    sentences: Sequence[int]
    questions: Set[int]


@dataclass(slots=True, eq=False)
class Turn:
    """What one person says before the other one speaks; nobody changes one.

    `index` counts the turns of the call from 0, `number` those of this role from 1. `begin` is
    where its text begins in the folded texts of the call, one line each.
    """

    role: Role
    index: int
    number: int
    first_segment: int
    last_segment: int
    text: str
    begin: int
    _source: _Source = field(repr=False)
    _known_ends: _Ends | None = field(init=False, repr=False, default=None)

    @property
    def clauses(self) -> Sequence[int]:
        """The positions at which a clause ends, those of sentences among them."""
        return self._ends.clauses

    @property
    def sentences(self) -> Sequence[int]:
        """The positions at which a sentence ends."""
        return self._ends.sentences

    @property
    def questions(self) -> Set[int]:
        """The ends of those sentences that are written with a question mark."""
        return self._ends.questions

    @property
    def _ends(self) -> _Ends:
        if self._known_ends is None:
            own = self._source.segments[self.first_segment : self.last_segment + 1]
            self._known_ends = _ends_in(own)
        return self._known_ends

    def place(self, at: int) -> tuple[int, int]:
        """Segment and raw position of a folded character, 0 <= at < len(text)."""
        begins, segment = self._source.begins, self.first_segment
        raw = self._source.kept[self.begin + at]
        if segment != self.last_segment:
            segment = bisect_right(begins, raw) - 1
        return segment, raw - begins[segment]

    def folded(self, segment: int, char: int) -> int:
        """The first folded position at or behind a raw one of its segments."""
        raw, begin = self._source.begins[segment] + char, self.begin
        return bisect_left(self._source.kept, raw, begin, begin + len(self.text)) - begin

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
def _ended_by(marks: str) -> tuple[bool, bool, bool]:
    """Whether punctuation marks end a clause, a sentence, a question."""
    sentence = _SENTENCE.search(marks) is not None
    clause = sentence or _CLAUSE.search(marks) is not None
    return clause, sentence, _QUESTION.search(marks) is not None


def _ends_in(segments: Sequence[Segment]) -> _Ends:
    """Where clauses and sentences end in what one person says."""
    clauses: list[int] = []
    sentences: list[int] = []
    questions: set[int] = set()
    size = 0

    def end_at(marks: str) -> None:
        clause, sentence, question = _ended_by(marks)
        if sentence and (not sentences or sentences[-1] != size):
            sentences.append(size)
        if question:
            questions.add(size)
        if clause and (not clauses or clauses[-1] != size):
            clauses.append(size)

    before: Segment | None = None
    for segment in segments:
        if size and before is not None and _apart(before, segment):
            end_at("。")
        before, read, text = segment, 0, segment.text
        wide = text.translate(_WIDTH) if _WIDE.search(text) else text
        for run in _KEPT.finditer(wide):
            start, end = run.span()
            if read < start and size:
                end_at(wide[read:start])
            size += end - start
            read = end
        if read < len(wide) and size:
            end_at(wide[read:])
    return _Ends(clauses, sentences, questions)


def read_turns(segments: Sequence[Segment], *, roles_known: bool) -> tuple[Turn, ...]:
    """The turns of a call in order of time."""
    if not segments:
        return ()
    firsts: list[int] = []
    raw: list[str] = []
    begins: list[int] = []
    size = 0
    role: Role | None = None
    for index, segment in enumerate(segments):
        text = segment.text.replace("\n", " ")
        if not roles_known or segment.role is not role or role is Role.UNKNOWN:
            role = segment.role
            firsts.append(index)
            raw += ("\n", text)
        else:
            raw += (" ", text)
        begins.append(size)
        size += len(text) + 1
    folded, kept = _folded("".join(raw[1:]))
    source = _Source(segments, begins, kept)
    counts = dict.fromkeys(Role, 0)
    turns: list[Turn] = []
    begin = 0
    lasts = [*(first - 1 for first in firsts[1:]), len(segments) - 1]
    for first, last, text in zip(firsts, lasts, folded.split("\n"), strict=True):
        role = segments[first].role if roles_known else Role.UNKNOWN
        counts[role] += 1
        turns.append(Turn(role, len(turns), counts[role], first, last, text, begin, source))
        begin += len(text) + 1
    return tuple(turns)


def _folded(raw: str) -> tuple[str, Sequence[int]]:
    """Texts, one line each, as they are looked at, and where each of their characters stood."""
    codes = _folds().codes(raw)
    for point in _POINT.finditer(raw):
        codes[point.start()] = ord(point[0].translate(_WIDTH))
    return kept_of(codes)


@cache
def _folds() -> Table:
    def read(char: str) -> int:
        kept = char if char == "\n" else fold(char)
        return ord(kept) if kept else DROPPED

    return Table(read)


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
