"""A call as it reads with what people corrected in it, and what the rules then say.

A correction is laid over the transcript when a call is read, as a review is over a finding: the
stored text and result stay as they are, a later scoring or loading loses nothing. Rules see the
corrected text under the very pack that scored the call, and only findings that the correction
changes are taken anew. A finding that people decided on, or that is under appeal, stays as it was
when they first did: later corrections do not touch it. What corrections change is kept for
questions about many calls, which cannot run the rules (`keep`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import privacy
from pipeline.domain import (
    AppealState,
    CardKind,
    Correction,
    Decision,
    Decisions,
    EngineInfo,
    Finding,
    PrivateSpan,
    Scorecard,
    Transcript,
)
from pipeline.effective import finding_of
from pipeline.errors import BadInput, BadPack
from pipeline.learning.files import models_folder
from pipeline.learning.moods import Moods
from pipeline.privacy.masking import STAR
from pipeline.process import Packs, inspect_again
from pipeline.rules import Advisers, RulePack
from pipeline.scoring import with_decisions
from pipeline.store import (
    Appeals,
    CorrectedResult,
    CorrectedResults,
    Corrections,
    Layout,
    People,
    Snapshot,
    StoredCall,
    StoredText,
    result_rows,
)

Row = dict[str, Any]
LONGEST = 2_000  # characters
PERSON = EngineInfo("person", "", "", "")  # unclaimed digits are masked as in recognised speech


# ── before it is stored ──────────────────────────────────────────────────────────────────────────


def masked(stored: StoredText, segment: int, typed: str) -> tuple[str, tuple[PrivateSpan, ...]]:
    """What somebody typed for a turn, masked in the context of its call, and what is private in it.

    Stars that are typed stay stars. BadInput for no text or a turn that is not there.
    """
    text = " ".join(typed.split())
    if not 0 <= segment < len(stored.transcript.segments):
        raise BadInput(f"call {stored.call_id} has no turn {segment + 1}")
    if not text or len(text) > LONGEST:
        raise BadInput(f"write what was said in this turn, in at most {LONGEST} characters")
    kept = tuple(_kept(stored, segment, text))
    raw = _reading(with_text(stored, {segment: (text, kept)}))
    found = privacy.find_private(raw)
    hidden = privacy.mask(raw, found).segments[segment].text
    shown = "".join(STAR if char == STAR else hidden[at] for at, char in enumerate(text))
    own = [replace(span, group=None) for span in found if span.segment == segment]
    fresh = [span for span in own if not any(_overlap(span, other) for other in kept)]
    return shown, (*kept, *fresh)


def _kept(stored: StoredText, segment: int, text: str) -> Iterator[PrivateSpan]:
    """The private data of a turn whose masked text stands in the new one too."""
    before, after = stored.transcript.segments[segment].text, 0
    for span in stored.private_spans:
        piece = before[span.start_char : span.end_char]
        if span.segment != segment or STAR not in piece:
            continue
        at = text.find(piece, after)
        if at >= 0:
            after = at + len(piece)
            yield replace(span, start_char=at, end_char=after, group=None)


def _overlap(one: PrivateSpan, other: PrivateSpan) -> bool:
    return one.start_char < other.end_char and other.start_char < one.end_char


def _reading(stored: StoredText) -> Transcript:
    text = privacy.stand_in(
        stored.transcript, stored.private_spans, stored.duration, stored.capabilities,
        stored.language,
    )  # fmt: skip
    return replace(text, engine=PERSON)


# ── laid over the call ───────────────────────────────────────────────────────────────────────────


def with_text(
    stored: StoredText, texts: dict[int, tuple[str, tuple[PrivateSpan, ...]]]
) -> StoredText:
    """A stored call with other texts of some turns, whose words have no times any more."""
    segments = tuple(
        replace(turn, text=texts[at][0], words=()) if at in texts else turn
        for at, turn in enumerate(stored.transcript.segments)
    )
    others = [span for span in stored.private_spans if span.segment not in texts]
    spans = (*others, *(span for _, own in texts.values() for span in own))
    transcript = replace(stored.transcript, segments=segments)
    return replace(stored, transcript=transcript, private_spans=spans)


def in_force(call: StoredCall) -> dict[int, Correction]:
    """By turn the corrections of what the recogniser still writes."""
    return _valid(call, call.corrections)


def _valid(call: StoredCall, corrections: Iterable[Correction]) -> dict[int, Correction]:
    heard = {row["segment"]: row["text"] for row in call.heard or call.segments}
    latest = {one.segment: one for one in corrections}
    return {
        turn: one
        for turn, one in latest.items()
        if one.text is not None and heard.get(turn) == one.heard
    }


def load(reader: Snapshot, whole: Snapshot, call_id: str, packs: Packs) -> StoredCall:
    """A call of this reader as it reads with its corrections; BadInput for an id it has not.

    `whole` is the reader of everything, for what rules about several calls look at.
    """
    call = reader.call(call_id)
    corrections = in_force(call)
    if not corrections:
        return call
    segments = [_turn(row, corrections.get(row["segment"])) for row in call.segments]
    shown = replace(call, segments=segments, heard=call.segments)
    changed = _changed(whole, call, corrections, packs)
    if changed is None:
        return shown
    rows = result_rows(_result(call, *changed))
    by_rule = {row["rule"]: row for row in call.findings}
    points = {row["number"]: row for row in call.control_points}
    return replace(
        shown,
        call={**call.call, **rows["calls"][0]},
        findings=[{**by_rule[row["rule"]], **row} for row in rows["findings"]],
        control_points=[{**points.get(row["number"], {}), **row} for row in rows["control_points"]],
        machine=call.call,
    )


def _turn(row: Row, correction: Correction | None) -> Row:
    if correction is None or correction.text is None:
        return row
    return {**row, "text": correction.text, "words": []}


def keep(whole: Snapshot, call_id: str, packs: Packs) -> bool:
    """Keep what the corrections of a call change in its findings; whether that was news.

    Where the pack that scored it is gone nothing is kept, and the machine's result counts.
    """
    call = whole.call(call_id)
    corrections = in_force(call)
    changed = _changed(whole, call, corrections, packs) if corrections else None
    if changed is None:
        return False
    ids = [one.id for one in corrections.values()]
    result = CorrectedResult.of(call.call, ids, list(changed[1].values()))
    return CorrectedResults(whole.people).keep(result)


def keep_all(db: Path, timezone: str, packs: Packs) -> int:
    """`keep` of every published call that somebody corrected; how many results were news.

    After calls were scored or loaded anew, or an appeal was withdrawn, they may be other ones.
    """
    people = People(Layout(db.absolute()).people)
    contents = {one.content_sha256 for one in Corrections(people).all()}
    if not contents:
        return 0
    with Snapshot.open(db, timezone) as snapshot:
        rows = snapshot.for_scoring(contents=sorted(contents))
        return sum(keep(snapshot, row["call_id"], packs) for row in rows)


@dataclass(frozen=True, slots=True)
class _Result:
    findings: tuple[Finding, ...]
    scorecard: Scorecard


def _result(call: StoredCall, pack: RulePack, changed: Mapping[str, Finding]) -> _Result:
    """The machine's result after corrections."""
    findings = [changed.get(row["rule"]) or finding_of(row) for row in call.findings]
    scored, card = with_decisions(pack.plan, pack, findings, Decisions())
    return _Result(scored, replace(card, kind=CardKind.MACHINE))


def _changed(
    whole: Snapshot, call: StoredCall, corrections: Mapping[int, Correction], packs: Packs
) -> tuple[RulePack, dict[str, Finding]] | None:
    """Findings that corrections change, by rule; None where the pack that scored it is gone."""
    stored = whole.texts([call.call["call_id"]])
    if not stored:
        return None
    try:
        pack = packs.of_call(stored[0].transcript.info)
    except BadPack:
        return None
    if pack.sha256 != call.call["pack_hash"]:
        return None
    readings = _Readings(whole, stored[0], pack)
    was, stays = readings.of({}), _decided_at(whole, call)
    history = Corrections(whole.people).history(str(call.call["content_sha256"]))
    changed = {}
    for rule in (row["rule"] for row in call.findings):
        moment = stays.get(rule)
        seen = (
            corrections
            if moment is None
            else _valid(call, (one for one in history if one.at <= moment))
        )
        now = readings.of(seen).get(rule)
        if now is not None and now != was.get(rule):
            changed[rule] = now
    return pack, changed


class _Readings:
    """What the rules find in a call with some corrections, each looked at once."""

    def __init__(self, whole: Snapshot, stored: StoredText, pack: RulePack) -> None:
        customer = stored.transcript.info.customer_id
        known = whole.history([customer]).get(customer, ()) if customer else ()
        self._earlier = tuple(past for past in known if past.call_id != stored.call_id)
        self._stored, self._pack = stored, pack
        self._advisers = Advisers(moods=Moods(models_folder(whole.layout.db)))
        self._found: dict[tuple[int, ...], dict[str, Finding]] = {}

    def of(self, corrections: Mapping[int, Correction]) -> dict[str, Finding]:
        """Findings by rule."""
        key = tuple(sorted(one.id for one in corrections.values()))
        if key not in self._found:
            texts = {turn: (one.text or "", one.spans) for turn, one in corrections.items()}
            text = with_text(self._stored, texts)
            found = inspect_again(text, self._pack, self._earlier, self._advisers).findings
            self._found[key] = {finding.rule: finding for finding in found}
        return self._found[key]


def _decided_at(whole: Snapshot, call: StoredCall) -> dict[str, datetime]:
    """Rules that people decided on, or that are under appeal, and since when."""
    moments = [
        (review.rule, review.at)
        for review in call.reviews
        if review.rule is not None and review.decision is not Decision.COMMENT
    ]
    appeals = Appeals(whole.people).of(str(call.call["content_sha256"])).values()
    moments += [(one.rule, one.at) for one in appeals if one.state is not AppealState.WITHDRAWN]
    first: dict[str, datetime] = {}
    for rule, at in moments:
        first[rule] = min(first.get(rule, at), at)
    return first
