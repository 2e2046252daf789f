"""Announcements of machines are nobody's words: menus, queues, networks, voice mail.

They are told by their text, where they stand, and what the line sounds like beside them. An agent
greets and gives notice of the recording in the same words, so these weigh little: an announcement
of nothing else needs a tone, a key or music beside it, or a second greeting behind it. What stays
unclear stays the words of a person. So does what holds a number of four digits and more that is no
hotline: it may be private, and is then to be found and masked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.domain import LineSound, Seconds, Segment, SoundKind, Word
from pipeline.linesounds.phrases import Hit, Phrasebook, phrasebook, plain

ENOUGH, ENOUGH_ALONE = 1.0, 1.6
BEGINNING: Seconds = 120.0  # into the recording, while nobody has spoken on the channel
BESIDE: Seconds = 5.0  # of a tone, key or music
TOGETHER: Seconds = 3.0  # parts of one announcement
FOR_PLACE, FOR_SOUND, FOR_GREETING, AGAINST = 0.2, 0.6, 0.6, 0.8
UNREACHED = ("network", "voicemail")  # groups of phrases
WEAK = 0.2  # evidence with which a neighbour belongs to an announcement
MARKS = "，。！？；：,.!?;:"
GREETING = re.compile(r"你好|您好|早上好|上午好|下午好|晚上好|欢迎")
HOTLINE = re.compile(
    r"九[零一二三四五六七八九]{4}(?![零一二三四五六七八九])|[四八]零零[零一二三四五六七八九]{7}"
)
NUMBER = re.compile(r"[零一二三四五六七八九]{4}")


@dataclass(frozen=True, slots=True)
class Announced:
    """Utterances of people, announcements, and what they said.

    `recorded`: that the call is recorded. `unreached`: that the other side cannot be reached, or
    that a voice mail takes the call.
    """

    spoken: tuple[Segment, ...]
    prompts: tuple[LineSound, ...] = ()
    recorded: bool = False
    unreached: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """An utterance: characters [0, cut) may be an announcement, the rest is a person's."""

    turn: Segment
    cut: int
    weight: float
    hits: tuple[Hit, ...]
    person: bool  # a person's word stands before or among the hits
    order: int


def announcements(spoken: Sequence[Segment], sounds: Sequence[LineSound]) -> Announced:
    """Take announcements out of the utterances of all channels; `sounds` of all channels too."""
    book = phrasebook()
    kept: list[tuple[int, Segment]] = []
    prompts: list[LineSound] = []
    recorded = False
    for channel in sorted({turn.channel or 0 for turn in spoken}):
        own = [
            _part(turn, order, book)
            for order, turn in enumerate(spoken)
            if (turn.channel or 0) == channel
        ]
        own.sort(key=lambda part: part.turn.start or 0.0)
        machine = _machine(own, spoken, sounds)
        for part, score in zip(own, machine, strict=True):
            if score is None:
                kept.append((part.order, part.turn))
                continue
            prompt, rest = _split(part.turn, part.cut)
            recorded |= book.gives_notice(plain(prompt.text).text)
            prompts.append(_sound(prompt, part, score, channel))
            if rest is not None:
                kept.append((part.order, rest))
    kept.sort(key=lambda item: item[0])
    unreached = any(prompt.detail in UNREACHED for prompt in prompts)
    return Announced(tuple(turn for _, turn in kept), _joined(prompts), recorded, unreached)


def _part(turn: Segment, order: int, book: Phrasebook) -> _Part:
    """Look at one utterance: its evidence, and where a person goes on speaking."""
    text = plain(turn.text)
    hits = book.hits(text)
    if not hits:
        return _Part(turn, 0, 0.0, (), book.is_person(text.text), order)
    last = max(hit.end for hit in hits)
    cut = _clause_end(turn.text, text.places[last - 1] + 1)
    inner, after = plain(turn.text[:cut]).text, plain(turn.text[cut:]).text
    if NUMBER.search(HOTLINE.sub("", inner)):
        return _Part(turn, 0, 0.0, (), True, order)
    person = book.is_person(inner)
    if not book.is_person(after):
        cut = len(turn.text) if not after or not GREETING.search(after) else cut
    weight = sum(hit.weight for hit in hits) - (AGAINST if person else 0.0)
    return _Part(turn, cut, weight, tuple(hits), person, order)


def _clause_end(text: str, position: int) -> int:
    """Behind the mark that ends the clause of this position, the end without one."""
    for at in range(position, len(text)):
        if text[at] in MARKS:
            return at + 1
    return len(text)


def _machine(
    own: Sequence[_Part], spoken: Sequence[Segment], sounds: Sequence[LineSound]
) -> list[float | None]:
    """How sure each utterance of a channel is a machine's, in order of time; None: a person's."""
    scores: list[float | None] = []
    begun = False
    for number, part in enumerate(own):
        weight, needed = part.weight, ENOUGH_ALONE
        early = not begun and (part.turn.start or 0.0) < BEGINNING
        beside = _beside(part.turn, sounds)
        if part.hits and (early or beside):
            needed = ENOUGH
            weight += FOR_SOUND if beside else FOR_PLACE
            if early and _greeted_again(part, own[number + 1 :], spoken):
                weight += FOR_GREETING
        sure = bool(part.hits) and weight >= needed
        scores.append(weight if sure else None)
        begun |= not sure and not _mere_greeting(part.turn)
    return _with_neighbours(own, scores, spoken)


def _mere_greeting(turn: Segment) -> bool:
    """A machine's pause behind its first word must not make it a person."""
    text = plain(turn.text).text
    return len(text) <= 3 and GREETING.search(text) is not None


def _beside(turn: Segment, sounds: Sequence[LineSound]) -> bool:
    start, end = turn.start or 0.0, turn.end or 0.0
    return any(sound.end > start - BESIDE and sound.start < end + BESIDE for sound in sounds)


def _greeted_again(part: _Part, later: Sequence[_Part], spoken: Sequence[Segment]) -> bool:
    """Whether this is a greeting and a person greets next on the channel, before anybody else."""
    if not later or not GREETING.search(part.turn.text) or part.cut < len(part.turn.text):
        return False
    after = later[0].turn
    pause = (after.start or 0.0) - (part.turn.end or 0.0) > 1.0
    greets = GREETING.search(after.text) is not None and later[0].person
    return pause and greets and not _others_between(part.turn, after, spoken)


def _others_between(one: Segment, two: Segment, spoken: Sequence[Segment]) -> bool:
    low, high = one.end or 0.0, two.start or 0.0
    return any(s.channel != one.channel and low < (s.start or 0.0) < high for s in spoken)


def _with_neighbours(
    own: Sequence[_Part], scores: list[float | None], spoken: Sequence[Segment]
) -> list[float | None]:
    """A part with weak evidence next to an announcement belongs to it, before and behind."""
    for order in (range(len(own) - 1), range(len(own) - 2, -1, -1)):
        for at in order:
            for known, open_ in ((at, at + 1), (at + 1, at)):
                if scores[known] is None or scores[open_] is not None:
                    continue
                part = own[open_]
                first, second = own[min(known, open_)].turn, own[max(known, open_)].turn
                near = (second.start or 0.0) - (first.end or 0.0) <= TOGETHER
                whole = own[min(known, open_)].cut >= len(first.text)
                fits = part.weight >= WEAK and not part.person and whole
                if near and fits and not _others_between(first, second, spoken):
                    scores[open_] = max(part.weight, 0.5)
    return scores


def _split(turn: Segment, cut: int) -> tuple[Segment, Segment | None]:
    """The announcement, and what a person says behind it, by words."""
    if cut >= len(turn.text) or not turn.words:
        return turn, None
    position, first, second = 0, list[Word](), list[Word]()
    for word in turn.words:
        (first if position < cut else second).append(word)
        position += len(word.text)
    if not first or not second:
        return turn, None
    return _of_words(turn, first), _of_words(turn, second)


def _of_words(turn: Segment, words: Sequence[Word]) -> Segment:
    text = "".join(word.text for word in words)
    end = max(word.end for word in words)
    return replace(turn, text=text, start=words[0].start, end=end, words=tuple(words))


def _sound(prompt: Segment, part: _Part, score: float, channel: int) -> LineSound:
    best = max(part.hits, key=lambda hit: hit.weight)
    sure = round(min(0.5 + 0.25 * score, 0.98), 2)
    start, end = prompt.start or 0.0, prompt.end or 0.0
    return LineSound(SoundKind.PROMPT, start, end, channel, sure, best.group)


def _joined(prompts: Sequence[LineSound]) -> tuple[LineSound, ...]:
    """Parts of one announcement become one sound."""
    joined: list[LineSound] = []
    for prompt in sorted(prompts, key=lambda item: (item.channel, item.start)):
        last = joined[-1] if joined else None
        if last and last.channel == prompt.channel and prompt.start - last.end <= TOGETHER:
            better = max(last, prompt, key=lambda item: item.confidence)
            joined[-1] = replace(better, start=last.start, end=max(last.end, prompt.end))
        else:
            joined.append(prompt)
    return tuple(sorted(joined, key=lambda item: (item.start, item.channel)))
