"""A calibration round is made: calls picked and drawn, people who can score them blind."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.calibration.asking import asked_of
from pipeline.domain import AskedCall, Round, RoundWish
from pipeline.errors import BadInput, BadPack
from pipeline.sampling import ticket
from pipeline.store import Calibrations, Snapshot, candidates

MOST_CALLS = 50
FEWEST_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Draw:
    """How many calls to draw from local days, both included; None and False do not limit."""

    count: int
    since: date
    until: date
    business_line: str | None = None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads what: whoever makes the round, and by name those who take part."""

    own: Snapshot
    raters: Mapping[str, Snapshot]

    def out_of_reach(self, content: str) -> list[str]:
        """Who of those that take part does not have this call."""
        return [
            name
            for name, reader in self.raters.items()
            if not reader.count_of("content_sha256", content)
        ]


def make_round(
    readers: Readers, who: str, wish: RoundWish, picked: Sequence[str], draw: Draw | None
) -> Round:
    """Make a round of the calls that were picked, by call_id, and of those drawn by lot.

    Without a seed one is made up. Drawn are only calls that everybody has and nobody reviewed.
    BadInput names what is missing, and a picked call that somebody cannot score blind.
    """
    _check(wish, picked, draw)
    raters = tuple(dict.fromkeys(wish.raters))
    wish = replace(wish, raters=raters, seed=wish.seed or secrets.token_hex(8))
    rounds = Calibrations(readers.own.people)
    calls = {call.content_sha256: call for call in _picked(readers, picked)}
    if draw is not None and draw.count:
        drawn = _drawn(readers, wish, draw, {*calls, *rounds.seen_by(wish.raters)})
        calls |= {call.content_sha256: call for call in drawn}
    return rounds.make(who, wish, list(calls.values()))


def _check(wish: RoundWish, picked: Sequence[str], draw: Draw | None) -> None:
    if not wish.title.strip():
        raise BadInput("give the round a title")
    if len(set(wish.raters)) < FEWEST_PEOPLE:
        raise BadInput("agreement takes two people or more: name those who take part")
    count = len(set(picked)) + (draw.count if draw else 0)
    if not 0 < count <= MOST_CALLS:
        raise BadInput(f"a round has 1 to {MOST_CALLS} calls, not {count}: pick some, or draw them")


def _picked(readers: Readers, picked: Sequence[str]) -> Iterator[AskedCall]:
    for call_id in dict.fromkeys(picked):
        call = _asked(readers.own, call_id)
        if others := readers.out_of_reach(call.content_sha256):
            raise BadInput(
                f"call {call_id} is not in the scope of {', '.join(others)}: leave the call or "
                "the person out"
            )
        yield call


def _drawn(readers: Readers, wish: RoundWish, draw: Draw, without: set[str]) -> list[AskedCall]:
    """The lowest tickets of those that can be scored blind by everybody."""
    population = [
        call
        for call in candidates(readers.own, draw.since, draw.until)
        if call.content_sha256 not in without
        and draw.business_line in (None, call.business_line)
        and (call.flagged or not draw.flagged)
    ]
    found: list[AskedCall] = []
    for call in sorted(population, key=lambda one: ticket(wish.seed, one.content_sha256)):
        if readers.out_of_reach(call.content_sha256):
            continue
        try:
            found.append(_asked(readers.own, call.call_id))
        except BadPack:
            continue
        if len(found) == draw.count:
            return found
    raise BadInput(
        f"only {len(found)} of {len(population)} calls from {draw.since} to {draw.until} can be "
        f"drawn, not {draw.count}: take more days, or fewer calls"
    )


def _asked(reader: Snapshot, call_id: str) -> AskedCall:
    """What is asked of a call; BadPack says how to mend it where its pack was not kept."""
    call = reader.call(call_id)
    content = reader.pack_content(str(call.call["pack_hash"]))
    remedy = f"score call {call_id} again (`callqa rescore`), then make the round"
    if content is None:
        raise BadPack(f"the pack that scored call {call_id} is not kept: {remedy}")
    try:
        asked = asked_of(call.call, call.findings, content)
    except BadPack as error:
        raise BadPack(f"{error}: {remedy}") from error
    if not asked.asked:
        raise BadPack(f"nothing can be asked of call {call_id}: its pack looked at nothing")
    return asked
