"""From words to turns: utterances of one channel, merged on the time line, punctuated by pauses.

Word times split at pauses of more than 0.5 s find 99 % of the turns of the development calls;
Whisper's own segments find 21 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.domain import Role, Seconds, Segment, Word, mean_confidence

PAUSE: Seconds = 0.5
SAME_TURN: Seconds = 1.5
LONGEST_TURN: Seconds = 20.0
MARKS = "，。！？、；：…"
QUESTION_ENDS = ("吗", "呢", "么", "是不是", "好不好", "可以不", "多少", "什么", "对吧")


def utterances(words: Sequence[Word], channel: int, speaker: int | None = None) -> list[Segment]:
    """Stretches of one channel, or one voice of it, without a pause longer than 0.5 s."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and word.start - groups[-1][-1].end <= PAUSE:
            groups[-1].append(word)
        elif word.text.strip(MARKS + " ") or groups:
            groups.append([word])
    return [_segment(group, channel, speaker=speaker) for group in groups if _said(group)]


def _said(words: Iterable[Word]) -> bool:
    return any(word.text.strip(MARKS + " ") for word in words)


def _segment(
    words: Sequence[Word], channel: int, role: Role = Role.UNKNOWN, speaker: int | None = None
) -> Segment:
    first = replace(words[0], text=words[0].text.lstrip(MARKS + " "))
    words = [first, *words[1:]] if first.text else list(words[1:])
    confidence = mean_confidence(words)
    return Segment(
        role=role,
        text="".join(word.text for word in words),
        start=words[0].start,
        end=max(word.end for word in words),
        confidence=None if confidence is None else round(confidence, 3),
        words=tuple(words),
        channel=channel,
        speaker=speaker,
    )


def merge(segments: Iterable[Segment], *, join: bool) -> list[Segment]:
    """All channels' utterances in order of time.

    With `join`, neighbours of one channel and voice with less than 1.5 s between them and nobody
    else in between become one turn: numbers said with pauses stay together. Every turn ends with a
    mark.
    """
    turns: list[Segment] = []
    for segment in sorted(segments, key=lambda item: (item.start or 0.0, item.channel or 0)):
        last = turns[-1] if turns else None
        if join and last is not None and _continues(last, segment):
            words = (*_marked(last.words, "，"), *segment.words)
            turns[-1] = _segment(words, segment.channel or 0, last.role, last.speaker)
        else:
            turns.append(segment)
    return [
        _segment(_ended(turn.words), turn.channel or 0, turn.role, turn.speaker) for turn in turns
    ]


def _continues(last: Segment, segment: Segment) -> bool:
    if (last.channel, last.speaker) != (segment.channel, segment.speaker):
        return False
    if last.end is None or segment.start is None:
        return False
    if last.start is None or segment.end is None:
        return False
    return segment.start - last.end <= SAME_TURN and segment.end - last.start <= LONGEST_TURN


def _ended(words: Sequence[Word]) -> tuple[Word, ...]:
    text = "".join(word.text for word in words).rstrip(MARKS + " ")
    return _marked(words, "？" if text.endswith(QUESTION_ENDS) else "。")


def _marked(words: Sequence[Word], mark: str) -> tuple[Word, ...]:
    """The words with a mark at the end, if there is none yet; a final comma becomes a full stop."""
    *head, tail = words
    done = (*MARKS, ".") if mark == "，" else tuple("。！？…")  # 16. + 8 % is one number
    if tail.text.endswith(tuple(done)):
        return tuple(words)
    return (*head, replace(tail, text=tail.text.rstrip("，、；： ") + mark))
