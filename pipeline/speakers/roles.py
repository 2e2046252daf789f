"""Who of two sides is the agent, how sure that is, and what speaks for it.

A side is a channel of a stereo call, or a voice of a mono one. What the metadata says and what is
said are added up as log-odds: metadata that name a channel are believed unless the talk clearly
says otherwise; then nobody is named, or the talk is believed where it leaves no doubt. Below 90 %
nobody is named, and rules about one side say `unsure`: a wrong role accuses the wrong person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import exp

from pipeline.domain import CallInfo, Role, RoleBasis, RoleCue, Segment
from pipeline.speakers.cues import Shown, Turn, longer, read_turn, shown_cues, weigh

SURE = 0.9
METADATA = 3.5  # log-odds: of 100 calls 97 have the agent where the metadata say
MOST_FROM_TALK = 6.0  # no talk makes it surer than 99.8 %
AGAINST = 2.2  # log-odds of the talk (90 %) from which it contradicts the metadata
SWAPPED = 3.0  # log-odds (95 %) on either side of the place where channels change places
FEWEST_TURNS = 3  # on either side of it
OTHER = {Role.AGENT: Role.CUSTOMER, Role.CUSTOMER: Role.AGENT, Role.UNKNOWN: Role.UNKNOWN}


def find_roles(info: CallInfo, segments: Sequence[Segment]) -> RoleBasis:
    """Who is who; `agent` and `customer` are None where it cannot be told.

    Segments without a side are nobody's. Of three voices the third is named by nobody.
    """
    by_voice = any(segment.speaker is not None for segment in segments)
    turns = [read_turn(side, s.text) for s in segments if (side := _side(s)) is not None]
    if not turns:
        return RoleBasis()
    swapped = None if by_voice or len(turns) < len(segments) else _swapped_at(turns)
    if swapped is not None:
        turns = turns[:swapped] + [replace(turn, side=1 - turn.side) for turn in turns[swapped:]]
    cues = sorted(shown_cues(turns), key=lambda cue: -abs(cue.log_odds))
    agent, customer, said = _from_talk(turns, cues)
    channel = None if by_voice else info.agent_channel
    basis = _weighed((agent, customer), min(said, MOST_FROM_TALK), channel)
    shown = tuple(RoleCue(c.name, c.side, c.turn, round(c.log_odds, 2)) for c in cues)
    return replace(basis, cues=shown, swapped_from=swapped)


def _from_talk(
    turns: Sequence[Turn], cues: Sequence[Shown]
) -> tuple[int | None, int | None, float]:
    """The likelier agent and customer, and the log-odds; None: that one is not heard."""
    score = {turn.side: 0.0 for turn in turns}
    for cue in cues:
        score[cue.side] += cue.log_odds
    first = max(sorted(score), key=lambda side: score[side])
    others = sorted(score.keys() - {first})
    size = {side: sum(turn.size for turn in turns if turn.side == side) for side in others}
    second = max(others, key=lambda side: size[side], default=None)
    said = score[first]
    if second is not None:
        said += longer(turns, first, second) - score[second]
    return (first, second, said) if said >= 0 else (second, first, -said)


def _weighed(likely: tuple[int | None, int | None], said: float, channel: int | None) -> RoleBasis:
    """What the talk says (agent and customer with log-odds) beside the channel of the metadata."""
    agent, customer = likely
    if channel is None:
        return _basis(agent, customer, said, "talk")
    other = 1 - channel
    if agent == channel or customer == other:
        return _basis(channel, other, METADATA + said, "both" if said >= 1 else "metadata")
    if said > METADATA:
        basis = _basis(agent, customer, said - METADATA, "talk")
    else:
        basis = _basis(channel, other, METADATA - said, "metadata")
    return replace(basis, contradicted=said >= AGAINST)


def _basis(agent: int | None, customer: int | None, log_odds: float, source: str) -> RoleBasis:
    confidence = round(1 / (1 + exp(-log_odds)), 3)
    if confidence < SURE:
        agent = customer = None
    return RoleBasis(agent, customer, confidence, source)


def named(segments: Sequence[Segment], basis: RoleBasis) -> list[Segment]:
    """The same segments with their roles, which change sides where the recorder swapped them."""
    roles = {basis.agent: Role.AGENT, basis.customer: Role.CUSTOMER}
    result = []
    for index, segment in enumerate(segments):
        side = _side(segment)
        role = Role.UNKNOWN if side is None else roles.get(side, Role.UNKNOWN)
        swapped = basis.swapped_from is not None and index >= basis.swapped_from
        result.append(replace(segment, role=OTHER[role] if swapped else role))
    return result


def _swapped_at(turns: Sequence[Turn]) -> int | None:
    """The turn from which the two channels have changed places; None: they have not.

    Told from the talk alone: before, one channel clearly speaks like an agent, after it the other.
    """
    before, after = _Balance(()), _Balance(turns)
    best, place = SWAPPED, None
    for at, turn in enumerate(turns):
        if FEWEST_TURNS <= at <= len(turns) - FEWEST_TURNS:
            one, other = before.log_odds, after.log_odds
            if one * other < 0 and min(abs(one), abs(other)) > best:
                best, place = min(abs(one), abs(other)), at
        before.count(turn, 1)
        after.count(turn, -1)
    return place


class _Balance:
    """Whether side 0 is the agent, from the cues of some turns, which may be taken out again."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._times: Counter[tuple[str, int]] = Counter()
        for turn in turns:
            self.count(turn, 1)

    def count(self, turn: Turn, times: int) -> None:
        """Add a turn (1) or take it out (-1)."""
        for name in turn.cues:
            self._times[name, turn.side] += times

    @property
    def log_odds(self) -> float:
        """That side 0 is the agent, from what is said alone."""
        return sum(
            weigh(name, times) * (1 if side == 0 else -1)
            for (name, side), times in self._times.items()
        )


def _side(segment: Segment) -> int | None:
    return segment.channel if segment.speaker is None else segment.speaker
