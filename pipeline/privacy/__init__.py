"""Private data: where it stands in a transcript, and the masked transcript.

`find_private` runs every detector of DETECTORS over every turn. Consecutive segments of one known
role are read as one text, so a number cut by a pause gives one span per segment with the same
`group`; 嗯 or 好的 of the other side do not end a turn, nor does an echo of what was just told. Of
overlapping hits one stays: a right check digit beats context beats length. Parts of a long number
that are read back, and names and sums that were found once, are found wherever else they are said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count
from operator import attrgetter

from pipeline.domain import DataClass, PrivateSpan, Transcript
from pipeline.privacy.context import Passage, read_passages
from pipeline.privacy.cues import Cue, Cues
from pipeline.privacy.detectors import DETECTORS
from pipeline.privacy.detectors.amount import Amount
from pipeline.privacy.detectors.employer import Employer
from pipeline.privacy.detectors.name import Name
from pipeline.privacy.hits import Detector, Hit, resolve
from pipeline.privacy.masking import mask, numbers_of, stand_in
from pipeline.privacy.money import is_whole, telling
from pipeline.privacy.sounds import sounded
from pipeline.privacy.turns import is_echo
from pipeline.privacy.words import is_family_name
from pipeline.text import trim_separators

__all__ = ["DETECTORS", "find_private", "mask", "numbers_of", "read_passages", "stand_in"]

LONG = 8  # digits of a number that is read back in parts
LAST_DIGITS = 4
MOST_TOLD = 4
NEARBY = 2  # turns in which a name is looked for by its sound
ALIKE_FROM = {Name.kind: 3, Employer.kind: 4}  # characters
AGAIN = (Name.kind, Employer.kind, Amount.kind)
_CUE_OF = {kind: each.cue or Cue() for kind, each in DETECTORS.items()}
_CUES = Cues(_CUE_OF)
_NUMBERED = sum(
    bit
    for kind, bit in _CUES.bits.items()
    if not DETECTORS[kind].wordy and not _CUE_OF[kind].needed
)


def find_private(
    transcript: Transcript, passages: Sequence[Passage] | None = None
) -> tuple[PrivateSpan, ...]:
    """All private data in a transcript, in order of text; `passages` if they were read already."""
    found: list[PrivateSpan] = []
    groups = count(1)
    told: list[tuple[Detector, str]] = []
    if passages is None:
        passages = list(read_passages(transcript))
    if not passages:
        return ()
    for passage, cued in zip(passages, _CUES.called(passages), strict=True):
        called = cued | _NUMBERED if passage.numbers else cued
        if not called:
            continue
        claims = resolve([(each, hit) for each in _of_bits(called) for hit in each.find(passage)])
        if passage.numbers:
            again = _read_back(passage, claims, told)
            told = [*told, *_numbers_of(passage, claims)][-MOST_TOLD:]
            claims += again
        for detector, hit in claims:
            found += _spans(passage, detector, hit, groups)
    found += _said_again(transcript, found)
    return tuple(sorted(found, key=attrgetter("segment", "start_char")))


def _numbers_of(
    passage: Passage, claims: Sequence[tuple[Detector, Hit]]
) -> Iterator[tuple[Detector, str]]:
    """The long numbers and the codes among the claims, with their digits."""
    for detector, hit in claims:
        for number in passage.numbers:
            inside = hit.start <= number.run.start_char < hit.end
            told = len(number.run) >= LONG or detector.data_class is DataClass.C3
            if inside and told and not detector.wordy:
                yield detector, number.run.digits


def _read_back(
    passage: Passage, claims: Sequence[tuple[Detector, Hit]], told: Sequence[tuple[Detector, str]]
) -> list[tuple[Detector, Hit]]:
    """Parts of a number that was just told, said again; what masking keeps gives nothing away.

    Four digits are a part of it only where the turn says nothing else: 1990 may be a year.
    """
    found: list[tuple[Detector, Hit]] = []
    echo = is_echo(passage.text)
    for number in passage.numbers:
        run = number.run
        taken = any(hit.start < run.end_char and run.start_char < hit.end for _, hit in claims)
        if taken or number.said:
            continue
        for detector, digits in reversed(told):
            kept = detector.keep(digits)[1] >= LAST_DIGITS and digits.endswith(run.digits)
            hidden = echo and len(run) == LAST_DIGITS and not kept
            part = (hidden or len(run) > LAST_DIGITS) and run.digits in digits
            if part or run.digits == digits:
                again = Hit(run.start_char, run.end_char, False, 0.8, context=True)
                found.append((detector, again))
                break
    return found


def _said_again(transcript: Transcript, found: Sequence[PrivateSpan]) -> Iterator[PrivateSpan]:
    """Names, employers and telling sums found once, wherever else in the call they are said."""
    known: dict[str, PrivateSpan] = {}
    for span in found:
        if span.kind in AGAIN and span.group is None:
            text = transcript.segments[span.segment].text[span.start_char : span.end_char]
            again = telling(text) if span.kind == Amount.kind else text
            if again is not None and not is_family_name(again):
                known[again] = span
    if not known:
        return
    taken = {(s.segment, at) for s in found for at in range(s.start_char, s.end_char)}
    texts = [segment.text for segment in transcript.segments]
    for text, first in known.items():
        yield from _sounding_alike(transcript, text, first, taken)
        for index in [index for index, each in enumerate(texts) if text in each]:
            segment = transcript.segments[index]
            at = segment.text.find(text)
            while at >= 0:
                end = at + len(text)
                whole = first.kind != Amount.kind or is_whole(segment.text, at, end)
                if whole and (index, at) not in taken:
                    yield replace(
                        first, segment=index, start_char=at, end_char=end, role=segment.role
                    )
                at = segment.text.find(text, end)


def _sounding_alike(
    transcript: Transcript, text: str, first: PrivateSpan, taken: set[tuple[int, int]]
) -> Iterator[PrivateSpan]:
    """A name or an employer read back nearby in other characters: 曹艳立 for 曹艳丽."""
    if first.kind == Amount.kind or len(text) < ALIKE_FROM[first.kind]:
        return
    sound = sounded(text)
    begin = max(first.segment - NEARBY, 0)
    for index, segment in enumerate(transcript.segments[begin : first.segment + NEARBY + 1], begin):
        heard = sounded(segment.text)
        at = heard.find(sound)
        while at >= 0:
            start = heard.count(" ", 0, at)
            end = start + len(text)
            if segment.text[start:end] != text and (index, start) not in taken:
                yield replace(
                    first, segment=index, start_char=start, end_char=end, role=segment.role
                )
            at = heard.find(sound, at + 1)


@lru_cache(maxsize=1024)  # a few combinations are met again and again
def _of_bits(bits: int) -> tuple[Detector, ...]:
    """The detectors of some kinds, in the order of the table."""
    return tuple(each for kind, each in DETECTORS.items() if _CUES.bits[kind] & bits)


def _spans(
    passage: Passage, detector: Detector, hit: Hit, groups: Iterator[int]
) -> list[PrivateSpan]:
    """Give the hit in the segments' own texts: several spans when it runs over several segments."""
    pieces = []
    for segment, start, end in passage.pieces(hit.start, hit.end):
        offset = passage.starts[passage.segments.index(segment)]
        begin, finish = trim_separators(passage.text, offset + start, offset + end)
        if begin < finish:
            pieces.append((segment, begin - offset, finish - offset))
    group = next(groups) if len(pieces) > 1 else None
    return [
        PrivateSpan(
            detector.kind,
            segment,
            start,
            end,
            passage.role,
            detector.data_class,
            hit.valid,
            hit.confidence,
            type(detector).__name__,
            group,
        )
        for segment, start, end in pieces
    ]
