"""Where a recognised text differs from its reference, character by character, masked.

What is private in either text is hidden in both: a number that is masked in the reference was
perhaps recognised so badly that nothing finds it there, so what stands beside hidden characters in
the alignment is hidden too, and every number of three digits or more, private or not. Digits are
compared as they sound (3 is 三).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from pipeline.domain import Segment
from pipeline.evaluation.cer import DIGITS, folded, letters
from pipeline.privacy.masking import STAR

FEW_DIGITS = 3
SPOKEN = dict(zip("0123456789", DIGITS, strict=True))
NUMERALS = frozenset(DIGITS + "十百千万亿点")


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character that counts: as it is compared, and the segment it stands in."""

    folded: str
    segment: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of the alignment: equal, replace, delete (lost) or insert (added); * is hidden.

    `segment`: the segment of the reference that it belongs to.
    """

    tag: str
    said: str
    heard: str
    segment: int


def aligned(
    said: Sequence[tuple[Segment, Segment]], heard: Sequence[tuple[Segment, Segment]]
) -> list[Step]:
    """The alignment of a side; each text as its segments, raw and masked."""
    truth, found = _signs(said), _signs(heard)
    pairs: list[tuple[_Sign | None, _Sign | None]] = []
    ops = Levenshtein.opcodes([s.folded for s in truth], [s.folded for s in found])
    for op in ops:
        one, other = truth[op.src_start : op.src_end], found[op.dest_start : op.dest_end]
        size = max(len(one), len(other))
        lost, added = [None] * (size - len(one)), [None] * (size - len(other))
        pairs += zip([*one, *lost], [*other, *added], strict=True)
    return _joined(pairs, _hidden(pairs))


def confusions(steps: Sequence[Step]) -> Counter[tuple[str, str]]:
    """Single characters heard for others, without hidden ones."""
    counts: Counter[tuple[str, str]] = Counter()
    for step in steps:
        if step.tag == "replace" and len(step.said) == len(step.heard):
            counts.update(
                pair for pair in zip(step.said, step.heard, strict=True) if STAR not in pair
            )
    return counts


def _signs(segments: Sequence[tuple[Segment, Segment]]) -> list[_Sign]:
    signs: list[_Sign] = []
    for number, (raw, masked) in enumerate(segments):
        for char, shown in zip(raw.text, masked.text, strict=True):
            for plain in folded(char):
                if plain.isdigit() or letters(plain):
                    sound = SPOKEN.get(plain, plain)
                    signs.append(_Sign(sound, number, shown != char))
    return _without_numbers(signs)


def _without_numbers(signs: list[_Sign]) -> list[_Sign]:
    """The same with every run of three numerals or more hidden."""
    result: list[_Sign] = []
    for numeral, group in groupby(signs, key=lambda sign: sign.folded in NUMERALS):
        run = list(group)
        hide = numeral and len(run) >= FEW_DIGITS
        result += [_Sign(s.folded, s.segment, s.hidden or hide) for s in run]
    return result


def _hidden(pairs: Sequence[tuple[_Sign | None, _Sign | None]]) -> list[bool]:
    """Which pairs are hidden: one of the two is, or it was added beside a hidden one."""
    hidden = [any(sign is not None and sign.hidden for sign in pair) for pair in pairs]
    for order in (range(1, len(pairs)), range(len(pairs) - 2, -1, -1)):
        step = 1 if order.step < 0 else -1
        for at in order:
            hidden[at] = hidden[at] or (hidden[at + step] and pairs[at][0] is None)
    return hidden


def _joined(
    pairs: Sequence[tuple[_Sign | None, _Sign | None]], hidden: Sequence[bool]
) -> list[Step]:
    steps: list[Step] = []
    segment = 0
    for (one, other), secret in zip(pairs, hidden, strict=True):
        segment = segment if one is None else one.segment
        said, heard = (
            "" if sign is None else STAR if secret else sign.folded for sign in (one, other)
        )
        if one is None:
            tag = "insert"
        elif other is None:
            tag = "delete"
        else:
            tag = "equal" if one.folded == other.folded else "replace"
        last = steps[-1] if steps else None
        if last is not None and (last.tag, last.segment) == (tag, segment):
            steps[-1] = Step(tag, last.said + said, last.heard + heard, segment)
        else:
            steps.append(Step(tag, said, heard, segment))
    return steps
