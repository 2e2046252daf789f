"""The case library: a passage of a stored call without the agent's name, who sees what of it.

Everybody who may open the library reads what was said and the agreed answer. Which call it was,
and its sound, is for those who have that call anyway: a voice tells who somebody is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pipeline.domain import (
    CallInfo,
    Case,
    CaseKind,
    CaseText,
    Passage,
    QuotedTurn,
    Role,
    Segment,
    Transcript,
)
from pipeline.errors import BadInput
from pipeline.privacy import find_private
from pipeline.privacy.detectors.amount import Amount
from pipeline.privacy.masking import STAR
from pipeline.store import Cases, Snapshot, StoredCall, known_calls
from pipeline.text import cells

Row = Mapping[str, Any]
MOST_TURNS = 20
FEW_DIGITS = 3
GAP = 1  # characters between two digits of one number
STAFF_NUMBER = re.compile(r"(?:工号|工牌|编号)[^\d零〇○一二三四五六七八九幺两]{0,4}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a passage is an example of: a rule of the call, or only a control point."""

    rule: str | None = None
    control_point: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as one reader sees it; without its call where that is not theirs.

    `call` has the columns of sql/list_case_calls.sql.
    """

    case: Case
    call: Row | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases; every word must stand somewhere in one. None does not limit."""

    words: str = ""
    kind: CaseKind | None = None
    tag: str | None = None
    point: str | None = None
    line: str | None = None
    retired: bool = False


# ── making one ───────────────────────────────────────────────────────────────────────────────────


def passage_of(call: StoredCall, first: int, last: int, subject: Subject) -> Passage:
    """The turns `first` to `last` of a call, masked as they are stored.

    BadInput where there are no such turns, or too many.
    """
    rows = [row for row in call.segments if first <= row["segment"] <= last]
    if not rows or rows[0]["segment"] != first or rows[-1]["segment"] != last:
        raise BadInput(f"call {call.call['call_id']} has no turns {first + 1} to {last + 1}")
    if len(rows) > MOST_TURNS:
        raise BadInput(f"a passage has at most {MOST_TURNS} turns, this one {len(rows)}")
    starts = [row["start"] for row in rows if row["start"] is not None]
    ends = [row["end"] if row["end"] is not None else row["start"] for row in rows]
    quote = tuple(QuotedTurn(Role(row["role"]), nameless(row["text"], call.call)) for row in rows)
    timed = len(starts) == len(rows)
    about = _about(call, subject)
    return Passage(
        call.call["call_id"], call.call["content_sha256"], first, last,
        min(starts) if timed else None, max(ends) if timed else None,
        quote, call.call["business_line"], call.call["pack_version"], **about,
    )  # fmt: skip


def _about(call: StoredCall, subject: Subject) -> dict[str, Any]:
    finding = next((row for row in call.findings if row["rule"] == subject.rule), None)
    if subject.rule is not None and finding is None:
        raise BadInput(f"call {call.call['call_id']} was not checked by rule {subject.rule}")
    point = finding["control_point"] if finding else subject.control_point
    titles = {row["number"]: row["title"] for row in call.control_points}
    known = {"control_point": point, "point_title": titles.get(point, "") if point else ""}
    if finding is None:
        return known
    names = {"rule_title": finding["title"] or "", "rule_title_en": finding["title_en"] or ""}
    return {"rule": finding["rule"], **names, **known}


def nameless(text: str, call: Row) -> str:
    """A text with the agent's name and number as stars, of the same length."""
    hidden = {at for start, end in _naming(text, call) for at in range(start, end)}
    return "".join(STAR if at in hidden else char for at, char in enumerate(text))


def _naming(text: str, call: Row) -> Iterator[tuple[int, int]]:
    """Where a text names the call's agent: name, number, whatever is said to be a staff number."""
    for known in (call["agent_name"], call["agent_id"]):
        for match in re.finditer(re.escape(known), text, re.IGNORECASE) if known else ():
            yield match.span()
    told = [cell for cell in cells(text, 0, len(text)) if cell[2].isdigit()]
    number = re.sub(r"\D", "", call["agent_id"] or "")
    for at in range(len(told) - len(number) + 1) if len(number) >= FEW_DIGITS else ():
        part = told[at : at + len(number)]
        if "".join(plain for *_, plain in part) == number and _in_one_piece(part):
            yield part[0][0], part[-1][1]
    for label in STAFF_NUMBER.finditer(text):
        end = label.end()
        for start, stop, _ in told:
            if end <= start <= end + GAP:
                yield start, stop
                end = stop


def _in_one_piece(part: Sequence[tuple[int, int, str]]) -> bool:
    return all(after[0] - before[1] <= GAP for before, after in pairwise(part))


def check_text(text: CaseText, call: Row | None = None) -> None:
    """BadInput where what a person wrote names somebody: everybody reads it.

    `call`: whose agent must not be named. Sums of money are examples, not somebody's.
    """
    for written in (text.title, text.why, text.answer, *text.tags):
        refuse_private(written)
        if call is not None and nameless(written, call) != written:
            raise BadInput("the text names the agent: everybody reads a case, leave it out")


def refuse_private(written: str) -> None:
    """BadInput where what a person wrote holds private data, sums of money apart."""
    transcript = Transcript(CallInfo("case"), (Segment(Role.AGENT, written),))
    spans = [span for span in find_private(transcript) if span.kind != Amount.kind]
    if spans:
        found = written[spans[0].start_char : spans[0].end_char]
        raise BadInput(f"“{found}” looks like private data ({spans[0].kind}): leave it out")


# ── reading them ─────────────────────────────────────────────────────────────────────────────────


def seen(snapshot: Snapshot, cases: Iterable[Case]) -> list[Seen]:
    """The cases as this reader sees them, in the same order."""
    every = list(cases)
    calls = known_calls(snapshot, [case.passage.content_sha256 for case in every])
    return [_seen(case, calls.get(case.passage.content_sha256)) for case in every]


def library(snapshot: Snapshot) -> list[Seen]:
    """All of the library as this reader sees it, latest first."""
    return seen(snapshot, Cases(snapshot.people).all())


def _seen(case: Case, call: Row | None) -> Seen:
    if call is None:
        nowhere = replace(case.passage, call_id="", content_sha256="", first=0, last=0)
        return Seen(replace(case, passage=nowhere))
    return Seen(replace(case, passage=replace(case.passage, call_id=call["call_id"])), call)


def chosen(cases: Iterable[Seen], wanted: Wanted) -> list[Seen]:
    """The cases that fit."""
    return [one for one in cases if _fits(one.case, wanted)]


def _fits(case: Case, wanted: Wanted) -> bool:
    passage, text = case.passage, case.text
    pairs = (
        (wanted.kind, text.kind), (wanted.point, passage.control_point),
        (wanted.line, passage.business_line),
    )  # fmt: skip
    if any(asked is not None and asked != own for asked, own in pairs):
        return False
    if (case.retired is not None) != wanted.retired:
        return False
    if wanted.tag is not None and wanted.tag not in text.tags:
        return False
    said = _words_of(case)
    return all(word in said for word in wanted.words.casefold().split())


def _words_of(case: Case) -> str:
    passage, text = case.passage, case.text
    turns: Sequence[str] = [turn.text for turn in passage.quote]
    about = (passage.rule_title, passage.rule_title_en, passage.point_title)
    return "\n".join((text.title, text.why, text.answer, *text.tags, *about, *turns)).casefold()
