"""Masking: every text keeps its length, and a masked character stands where the raw one stood.

Inside a span only the characters that carry the number become `*`; separators and fillers stay
(幺三八，****，四零二六). How much of a number stays readable is each detector's `keep`; kinds
without a detector are masked whole. As defence in depth, what no detector claimed of a long run of
digits is masked too, unless its label names a look-alike (保单号, 订单号 …): in writing from 15
digits on, in recognised speech from 8 on, because labels and digits are misheard there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.domain import MaskedTranscript, PrivateSpan, Seconds, Segment, Transcript, Word
from pipeline.privacy.context import Passage, read_passages
from pipeline.privacy.detectors import DETECTORS
from pipeline.privacy.detectors.amount import Amount
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.money import a_digit_of
from pipeline.text import cells

STAR = "*"
SOMEBODY = "某"
SUSPICIOUS = 15  # digits: no amount, date or phone is that long
SUSPICIOUS_HEARD = 8  # measured: bench/README.md, redacted recordings
LEFT_OVER = 5  # fewer unclaimed digits of a long run give nothing away

Hidden = dict[int, set[int]]  # segment → positions to be masked


def mask(
    transcript: Transcript,
    spans: Iterable[PrivateSpan],
    passages: Sequence[Passage] | None = None,
) -> MaskedTranscript:
    """Give the transcript with its private spans masked; the only maker of a MaskedTranscript."""
    hidden: Hidden = defaultdict(set)
    claimed: Hidden = defaultdict(set)
    for number in numbers_of(spans):
        for span in number:
            claimed[span.segment].update(range(span.start_char, span.end_char))
        for segment, position in _hidden_cells(transcript.segments, number):
            hidden[segment].add(position)
    longest = SUSPICIOUS if transcript.engine is None else SUSPICIOUS_HEARD
    for passage in read_passages(transcript) if passages is None else passages:
        if passage.numbers:
            for segment, position in _unclaimed(passage, claimed, longest):
                hidden[segment].add(position)
    segments = tuple(
        _masked(segment, hidden[index]) if index in hidden else segment
        for index, segment in enumerate(transcript.segments)
    )
    return MaskedTranscript(transcript.info, segments)


def stand_in(
    masked: MaskedTranscript,
    spans: Iterable[PrivateSpan],
    duration: Seconds | None,
    capabilities: frozenset[str],
    language: str | None = None,
) -> Transcript:
    """Give a text for rules to read where only the masked one is kept: every star is a `0`.

    A rule that looks for digits still finds some where a number was said, and the length is the
    same. In a sum of money, of which places and unit are kept, a star is a one, so that it reads as
    a sum again; in names and addresses it is 某. What was said there is not brought back.
    """
    meant: dict[int, dict[int, str]] = defaultdict(dict)
    for span in spans:
        text = masked.quote(span.segment, span.start_char, span.end_char)
        places = range(span.start_char, span.end_char)
        meant[span.segment].update(dict.fromkeys(places, _instead(span.kind, text)))
    segments = tuple(
        _with_meant(segment, meant[index]) if STAR in segment.text else segment
        for index, segment in enumerate(masked.segments)
    )
    return Transcript(masked.info, segments, duration, capabilities=capabilities, language=language)


def _instead(kind: str, masked: str) -> str:
    """What is read for a star of private data."""
    detector = DETECTORS.get(kind)
    if detector is not None and detector.wordy:
        return SOMEBODY
    return a_digit_of(masked) if kind == Amount.kind else "0"


def _with_meant(segment: Segment, meant: Mapping[int, str]) -> Segment:
    """A segment with its stars read; those beside others, which no detector claimed, are `0`."""
    text = "".join(
        meant.get(at, "0" if _among_stars(segment.text, at) else STAR) if char == STAR else char
        for at, char in enumerate(segment.text)
    )
    return replace(segment, text=text, words=tuple(_cut(segment.words, text)))


def _among_stars(text: str, at: int) -> bool:
    """Whether a star is one of several: a long number that no detector claimed."""
    return text[max(at - 1, 0) : at + 2].count(STAR) > 1


def numbers_of(spans: Iterable[PrivateSpan]) -> Iterator[list[PrivateSpan]]:
    """Give the spans of one number together, in order of text."""
    groups: dict[int, list[PrivateSpan]] = defaultdict(list)
    for span in spans:
        if span.group is None:
            yield [span]
        else:
            groups[span.group].append(span)
    for group in groups.values():
        yield sorted(group, key=lambda span: (span.segment, span.start_char))


def _hidden_cells(
    segments: Sequence[Segment], number: list[PrivateSpan]
) -> Iterator[tuple[int, int]]:
    """Give the positions to mask of one number: its cells without the readable ends."""
    detector = DETECTORS.get(number[0].kind)
    if detector is None:
        for span in number:
            for at in range(span.start_char, span.end_char):
                if segments[span.segment].text[at].isalnum():
                    yield span.segment, at
        return
    cut = _characters if detector.wordy else cells
    found = [
        (span.segment, *cell)
        for span in number
        for cell in cut(segments[span.segment].text, span.start_char, span.end_char)
        or _characters(segments[span.segment].text, span.start_char, span.end_char)  # 百来块
    ]
    head, tail = detector.keep("".join(plain for *_, plain in found))
    for segment, start, end, _ in found[head : len(found) - tail]:
        for at in range(start, end):
            yield segment, at


def _characters(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Every letter, digit and Han character, as `cells` gives the digits of a number."""
    return [(at, at + 1, text[at]) for at in range(start, end) if text[at].isalnum()]


def _unclaimed(passage: Passage, claimed: Hidden, longest: int) -> Iterator[tuple[int, int]]:
    """Give the digits of suspiciously long runs that no span covers; hotlines are nobody's."""
    for number in passage.numbers:
        run = number.run
        if len(run) < longest or number.named_other or is_hotline(run.digits):
            continue
        places = [
            (segment, start)
            for at in run.positions
            for segment, start, _ in passage.pieces(at, at + 1)
        ]
        left = [place for place in places if place[1] not in claimed[place[0]]]
        if len(left) >= LEFT_OVER:
            yield from left


def _masked(segment: Segment, hidden: set[int]) -> Segment:
    """Give the segment with stars; its words are cut at the same positions.

    Words that do not spell the text cannot be masked safely: they are left out.
    """
    chars = list(segment.text)
    for at in hidden:
        chars[at] = STAR
    text = "".join(chars)
    words: tuple[Word, ...] = ()
    if segment.words and "".join(word.text for word in segment.words) == segment.text:
        words = tuple(_cut(segment.words, text))
    return replace(segment, text=text, words=words)


def _cut(words: tuple[Word, ...], text: str) -> Iterator[Word]:
    """Give the words with the characters of the masked text."""
    at = 0
    for word in words:
        yield replace(word, text=text[at : at + len(word.text)])
        at += len(word.text)
