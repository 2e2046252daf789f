"""Private data is not heard: when it is said, and copies of recordings that are silent there.

What is hidden is every private span with its readable ends (138****8000 is hidden whole), every
other character that masking hides, and short pauses inside a number that is told in parts. It is
hidden on all channels: crosstalk carries a voice into the other one. Keys that are pressed are
hidden too: their tones spell a PIN to whoever decodes them. So is every number told digit by digit
that no label explains: in the text it may stay, in the sound there may be more of it than was
recognised. What the recogniser did not hear as a number cannot be hidden.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline import privacy
from pipeline.audio import FILLS
from pipeline.domain import (
    CallInfo,
    PrivateSpan,
    Role,
    Seconds,
    Segment,
    SoundKind,
    Transcript,
    Word,
)
from pipeline.errors import BadInput
from pipeline.privacy.detectors.hotlines import is_hotline
from pipeline.privacy.masking import STAR
from pipeline.store import StoredCall
from pipeline.text import cells

MARGIN: Seconds = 0.3  # measured: bench/README.md
GROUP_GAP: Seconds = 4.0  # pauses up to this long inside one number are hidden with it
FEW_DIGITS = 3
ENDINGS = (".wav", ".flac")
_DIALLED = re.compile(r"[打拨]|热线|电话|专线|客服|短信|来电|发[送来给的]|银行|号码|转")
_STARS = re.compile(rf"{re.escape(STAR)}+")
Stretch = tuple[Seconds, Seconds]
Row = Mapping[str, Any]


def hidden_stretches(
    segments: Sequence[Row],
    spans: Iterable[Row],
    margin: Seconds = MARGIN,
    *,
    strict: bool = False,
    sounds: Iterable[Row] = (),
) -> tuple[Stretch, ...] | None:
    """When private data is said, `margin` wider on both sides, overlapping stretches joined.

    `segments` are rows of masked segments with their words, `spans` rows of private spans, `sounds`
    rows of the line's sounds, of which pressed keys are private. A segment without words is hidden
    whole; `strict` hides every one with three digits or more. None when something cannot be placed
    in time: such a recording must not be played.
    """
    by_index = {row["segment"]: _timed(row) for row in segments}
    stretches: list[Stretch] = [
        (max(row["start"] - margin, 0.0), row["end"] + margin)
        for row in sounds
        if row["kind"] == SoundKind.KEYPAD
    ]
    groups: dict[int, list[Stretch]] = defaultdict(list)
    whole = _with_numbers(segments) if strict else ()
    told = _told_digits(segments)
    for index, start, end, group in (*_places(spans), *_stars(segments), *told, *whole):
        segment = by_index.get(index)
        begin, finish = (None, None) if segment is None else segment.seconds_of(start, end)
        if begin is None or finish is None:
            return None
        stretches.append((max(begin - margin, 0.0), finish + margin))
        if group is not None:
            groups[group].append(stretches[-1])
    for parts in groups.values():
        ordered = sorted(parts)
        stretches += [(a[1], b[0]) for a, b in pairwise(ordered) if 0 < b[0] - a[1] <= GROUP_GAP]
    return joined(stretches)


def hidden_of(call: StoredCall, *, strict: bool = False) -> tuple[Stretch, ...] | None:
    """`hidden_stretches` of a stored call.

    Where a person heard more private data in a turn than the recogniser wrote, it is hidden whole.
    """
    rows = call.heard or call.segments
    found = hidden_stretches(rows, call.private_spans, strict=strict, sounds=call.sounds)
    turns = {row["segment"]: row for row in rows}
    more: list[Stretch] = []
    for one in call.corrections:
        row = turns.get(one.segment)
        if row is None or one.text is None or one.text.count(STAR) <= row["text"].count(STAR):
            continue
        if row["start"] is None or row["end"] is None:
            return None
        more.append((max(row["start"] - MARGIN, 0.0), row["end"] + MARGIN))
    return None if found is None else joined((*found, *more))


def masked_rows(transcript: Transcript, spans: Sequence[PrivateSpan]) -> list[dict[str, Any]]:
    """The rows that `hidden_stretches` reads: the masked segments with their words."""
    return [
        {"segment": n, "role": s.role, "text": s.text, "start": s.start, "end": s.end,
         "words": [asdict(word) for word in s.words]}
        for n, s in enumerate(privacy.mask(transcript, spans).segments)
    ]  # fmt: skip


def _places(spans: Iterable[Row]) -> Iterator[tuple[int, int, int, int | None]]:
    for span in spans:
        yield span["segment"], span["start_char"], span["end_char"], span.get("group")


def _stars(segments: Sequence[Row]) -> Iterator[tuple[int, int, int, int | None]]:
    """Whatever is masked, whether a span says so or not."""
    for row in segments:
        for stars in _STARS.finditer(row["text"]):
            yield row["segment"], *stars.span(), None


def _told_digits(segments: Sequence[Row]) -> Iterator[tuple[int, int, int, int | None]]:
    """Three or more digits told one by one that nothing says are harmless (工号, 尾号, a hotline).

    A number of a hotline's form is one only where somebody speaks of calling or of messages.

    In the text such a run may stay; in the sound there may be more of it than was recognised.
    """
    heard = Transcript(
        CallInfo("copy"),
        tuple(
            Segment(Role(row["role"]), row["text"].replace(STAR, "0"), row["start"], row["end"])
            for row in segments
        ),
    )
    for passage in privacy.read_passages(heard):
        for number in passage.numbers:
            run = number.run
            hotline = is_hotline(run.digits) and _DIALLED.search(
                f"{passage.recent}\n{passage.text}"
            )
            if not number.named_other and not hotline:
                for piece in passage.pieces(run.start_char, run.end_char):
                    yield *piece, None


def _with_numbers(segments: Sequence[Row]) -> Iterator[tuple[int, int, int, int | None]]:
    """All of every segment in which three digits or more are said, masked ones too."""
    for row in segments:
        text = row["text"]
        digits = sum(plain.isdigit() for *_, plain in cells(text, 0, len(text)))
        if digits + text.count(STAR) >= FEW_DIGITS:
            yield row["segment"], 0, len(text), None


def _timed(row: Row) -> Segment:
    """A segment whose words, where they do not spell its text, are one: all of it."""
    words = tuple(Word(**word) for word in row["words"])
    if "".join(word.text for word in words) != row["text"]:
        words = (Word(row["text"], row["start"], row["end"], 1.0),)
    return Segment(Role(row["role"]), row["text"], row["start"], row["end"], words=words)


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches in order of time, those that overlap as one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def recording_of(call: StoredCall, remedy: str = "") -> Path:
    """The recording of a stored call; BadInput where it never had one, or has none any more."""
    call_id = call.call["call_id"]
    if call.call["channel"] != "voice" or call.call["audio_codec"] is None:
        raise BadInput(f"call {call_id} has no recording: it was held in writing or came as text")
    source = next((path for path in map(Path, call.names) if path.is_file()), None)
    if source is None and call.audio_removed is not None:
        day = f"{call.audio_removed:%Y-%m-%d}"
        raise BadInput(f"the recording of call {call_id} was removed on {day}: its time was over")
    if source is None:
        names = "、".join(call.names) or "—"
        put_back = f"Put it back, {remedy}" if remedy else "Put it back"
        raise BadInput(f"the recording of call {call_id} is not where it was ({names}). {put_back}")
    return source


def check_target(source: Path, target: Path, how: str = "silence") -> None:
    """BadInput where no copy of `source` can be written to `target`, or not in this way."""
    if how not in FILLS:
        raise BadInput(f"--how {how}: known are {', '.join(FILLS)}")
    if target.suffix.lower() not in ENDINGS:
        raise BadInput(f"{target}: write {' or '.join(ENDINGS)} at the end of the name")
    if target.exists() and source.exists() and target.samefile(source):
        raise BadInput(f"{target} is the recording itself; give -o another name")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"{target}: there is no such folder")
