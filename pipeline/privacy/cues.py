"""Which detectors look at which turn: one pass over a call finds the cues of all of them.

A detector looks at a turn that holds its cue, or whose turn before does. Most cues are words: an
Aho-Corasick automaton finds those of all detectors in the whole call at once, and with them what
the expressions cannot match without, so that these are searched for in few turns.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from pipeline.privacy.context import Passage


@dataclass(frozen=True, slots=True)
class Cue:
    """What calls a detector on a turn without a run of digits.

    One of the `words` (with | between, no line ends), or a match of `form` in the turn with a line
    end before it; that is searched for only where one of the `hints` stands, if there are any. A
    cue in the turn before counts only if `question` matches there. `needed`: without a cue nothing
    is found in a turn with digits either.
    """

    words: str = ""
    form: re.Pattern[str] | None = None
    hints: str = ""
    question: re.Pattern[str] | None = None
    needed: bool = False


_Form = tuple[int, re.Pattern[str]]  # the bit of a kind and the expression of its cue


class Cues:
    """The cues of some kinds, by which a call is looked through.

    What is found is said in bits: `bits[kind]`.
    """

    def __init__(self, cues: Mapping[str, Cue]) -> None:
        self.bits = {kind: 1 << number for number, kind in enumerate(cues)}
        self._shift = len(cues)
        self._all = (1 << len(cues)) - 1
        self._everywhere = 0
        self._sought: dict[int, list[_Form]] = {}
        flags: dict[str, int] = defaultdict(int)
        forms: list[_Form] = []
        for kind, cue in cues.items():
            bit = self.bits[kind]
            for word in filter(None, cue.words.split("|")):
                flags[word] |= bit
            for hint in filter(None, cue.hints.split("|")):
                flags[hint] |= bit << self._shift
            if cue.form is not None:
                forms.append((bit, cue.form))
                self._everywhere |= 0 if cue.hints else bit
        self._forms = tuple(forms)
        self._questions = tuple(
            (self.bits[kind], cue.question) for kind, cue in cues.items() if cue.question
        )
        self._flags = tuple(flags.values())
        self._automaton = AhoCorasick(
            tuple(flags), matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )

    def called(self, passages: Sequence[Passage]) -> Iterator[int]:
        """By passage the kinds whose cue stands in it or in what the other side said before."""
        before = 0
        for passage, own in zip(passages, self.own([each.text for each in passages]), strict=True):
            asked = before & ~own if passage.earlier else 0
            if asked:
                for bit, question in self._questions:
                    if asked & bit and not question.search(passage.earlier):
                        asked ^= bit
            yield own | asked
            before = own

    def own(self, texts: Sequence[str]) -> list[int]:
        """By text the kinds whose cue stands in it."""
        found = [0] * len(texts)
        number, limit, flags = -1, -1, self._flags
        whole = (
            "\n".join(texts).encode("utf-8", "replace").decode()
        )  # lone surrogates: one `?` each
        words = self._automaton.find_matches_as_indexes(whole, overlapping=True)
        for word, _, end in words:  # in the order of their ends
            while end > limit:
                number += 1
                limit += len(texts[number]) + 1
            found[number] |= flags[word]
        known, shift, everywhere, every = self._sought, self._shift, self._everywhere, self._all
        for number, marks in enumerate(found):
            own = marks & every
            maybe = (marks >> shift | everywhere) & ~own
            if maybe:
                line = f"\n{texts[number]}"
                for bit, form in known.get(maybe) or self._forms_of(maybe):
                    if form.search(line):
                        own |= bit
            found[number] = own
        return found

    def _forms_of(self, bits: int) -> list[_Form]:
        """The expressions of some kinds; a few combinations are met again and again."""
        forms = self._sought[bits] = [each for each in self._forms if each[0] & bits]
        return forms
