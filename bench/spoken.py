"""What is spoken of the cases of private data, and when each marked datum is heard.

`script` makes of every case that a Mandarin voice can speak the text of its turns, with the marks
in the positions of that text: Arabic digits become words (digit by digit in numbers), and where a
case is written as a recogniser would write it (trait `asr_error`: 妖, 就, 留) the marked numbers
are put back into what was said (幺, 九, 六). Chat is left out, and so is text with Latin letters.

The voice (`bench/speak.py`) adds when every turn and every character is spoken.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.privacy_accuracy import WORDY, Datum, read_cases
from pipeline.evaluation.cer import read_out
from pipeline.text import digits_view

FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ＠％＋]")
DATES = ("date_of_birth", "expiry")
MISHEARD = re.compile(r"(?<!不)[妖腰要吆夭邀就久是留]")
MEANT = dict(zip("妖腰要吆夭邀就久是留", "幺幺幺幺幺幺九九四六", strict=True))
ONE_BY_ONE = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
PAUSES = "，。、！？：；…—·,.!?;:-–~“”‘’\"'（）()《》"  # a pause in speech, or nothing
JOIN = 0.15  # characters less than so many seconds apart are one stretch of speech
Stretch = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Told:
    """A marked datum in a recording.

    `stretches`: its digits or words, without pauses; `extents`: from the first to the last of each
    part; `digits`: those told one by one, each with its time. `turns` are the turns it is told in.
    """

    kind: str
    turns: tuple[int, ...]
    texts: tuple[str, ...]
    roles: tuple[str, ...]
    stretches: tuple[tuple[str, float, float], ...]
    extents: tuple[tuple[str, float, float], ...]
    digits: tuple[tuple[str, float, float], ...]


def script(folder: Path) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The cases that can be spoken, as JSON, and how many are left out, by reason."""
    traits = _traits(folder)
    left_out: Counter[str] = Counter()
    spoken = []
    for case in read_cases(folder):
        segments = case.transcript.segments
        heard = "asr_error" in traits[case.id]
        texts, data = aloud([segment.text for segment in segments], case.data, heard=heard)
        why = "chat" if "chat" in traits[case.id] else unspeakable("".join(texts))
        if why:
            left_out[why] += 1
            continue
        turns = [
            {"role": str(segment.role), "text": text}
            for segment, text in zip(segments, texts, strict=True)
        ]
        line = case.transcript.info.business_line
        about = {"id": case.id, "line": line, "look_alike": bool(case.look_alike)}
        spoken.append({**about, "turns": turns, "data": [asdict(datum) for datum in data]})
    return spoken, left_out


def _traits(folder: Path) -> dict[str, Sequence[str]]:
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else [folder]
    items = (item for path in files for item in yaml.safe_load(path.read_text(encoding="utf-8")))
    return {item["id"]: item.get("traits") or () for item in items}


def aloud(
    texts: Sequence[str], data: Sequence[Datum], *, heard: bool
) -> tuple[list[str], list[Datum]]:
    """The turns as they are spoken, and the same data in them."""
    marks = sorted((*part, number) for number, datum in enumerate(data) for part in datum.parts)
    moved = [Datum(datum.kind) for datum in data]
    turns = []
    for index, text in enumerate(texts):
        words, read = "", 0
        for _, start, end, number in (mark for mark in marks if mark[0] == index):
            words += read_aloud(text[read:start])
            inside = read_aloud(text[start:end], data[number].kind, heard=heard)
            moved[number].parts.append((index, len(words), len(words) + len(inside)))
            words, read = words + inside, end
        turns.append(words + read_aloud(text[read:]))
    return turns, moved


def read_aloud(text: str, kind: str = "", *, heard: bool = False) -> str:
    """A piece of text as a person would say it; `kind` of the datum that it is."""
    text = FULL_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if heard and kind not in ("", "expiry", *WORDY):
        text = MISHEARD.sub(lambda match: MEANT[match[0]], text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"百分之\1", text)
    return re.sub(r"\d+(?:\.\d+)?", lambda match: _number(match, kind), text)


def _number(match: re.Match[str], kind: str) -> str:
    """Arabic digits: one by one in numbers and years and where there are many; else a quantity."""
    digits, year = match[0], match.string[match.end() : match.end() + 1] == "年"
    if kind in DATES or (year and len(digits) == 4):
        singly = len(digits) > 2 or digits[0] == "0"
        return read_out(f"0{digits}")[1:] if singly else read_out(digits)
    many = 3 if kind in WORDY else 1 if kind else 5
    if "." not in digits and (len(digits) >= many or digits[0] == "0"):
        return "".join(ONE_BY_ONE[digit] for digit in digits)
    return read_out(digits)


def unspeakable(text: str) -> str:
    """Why a Mandarin voice cannot say this, or nothing."""
    if re.search(r"[A-Za-z@]", text):
        return "Latin letters"
    rest = re.sub(r"[\u4e00-\u9fff〇\s]", "", text)
    return "other signs" if set(rest) - set(PAUSES) else ""


def told(item: Mapping[str, Any]) -> Iterator[Told]:
    """The data of a spoken item: `times` of its turns hold when each character is spoken."""
    texts = [turn["text"] for turn in item["turns"]]
    roles = [turn["role"] for turn in item["turns"]]
    times = [turn["times"] for turn in item["turns"]]
    for given in item["data"]:
        datum = Datum(given["kind"], [(part[0], part[1], part[2]) for part in given["parts"]])
        places = sorted(datum.carrying(texts))
        moments = [(roles[s], *times[s][at]) for s, at in places if times[s][at]]
        extents = []
        for turn, start, end in datum.parts:
            spoken = [pair for pair in times[turn][start:end] if pair]
            extents.append((roles[turn], spoken[0][0], spoken[-1][1]))
        turns = tuple(turn for turn, _, _ in datum.parts)
        inside = tuple(texts[turn][start:end] for turn, start, end in datum.parts)
        yield Told(
            datum.kind, turns, inside, tuple(roles[turn] for turn in turns),
            tuple(joined(moments)), tuple(extents), tuple(_digits(datum, texts, times)),
        )  # fmt: skip


def joined(moments: Iterable[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Characters said one after the other by one person as one stretch."""
    found: list[tuple[str, float, float]] = []
    for role, start, end in moments:
        if found and found[-1][0] == role and 0 <= start - found[-1][2] < JOIN:
            found[-1] = (role, found[-1][1], end)
        else:
            found.append((role, start, end))
    return found


def _digits(
    datum: Datum, texts: Sequence[str], times: Sequence[Sequence[Sequence[float] | None]]
) -> Iterator[tuple[str, float, float]]:
    for turn, start, end in datum.parts:
        for run in digits_view(texts[turn][start:end]).runs:
            for digit, at in zip(run.digits, run.positions, strict=True):
                moment = times[turn][start + at]
                if moment:
                    yield digit, moment[0], moment[1]
