"""Drawing by lot, the same for everybody who knows the seed.

Every call has a ticket, the SHA-256 of seed and content; the lowest tickets win. So a draw needs no
random generator that must stay the same for years, and who doubts it can work a ticket out by hand.

First the unflagged calls: the lowest tickets among all of them, a simple random sample, because
only that allows an estimate. Then each agent's quota, for which those count too: calls in the order
of their tickets, but those first that bring something new for this agent (business line, length,
time of day, week, score), so that three calls are not three short ones of one morning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from pipeline.domain import Candidate, DrawnAs, SampledCall, SampleWish

LENGTHS = (60.0, 180.0, 600.0)  # seconds: what divides short from long
SCORES = (60.0, 80.0, 95.0)
HOURS = (12, 18)  # morning, afternoon, evening


def ticket(seed: str, content_sha256: str) -> str:
    """The number that a call draws: hexadecimal, lowest first."""
    return sha256(f"{seed}:{content_sha256}".encode()).hexdigest()


def draw(
    candidates: Iterable[Candidate], wish: SampleWish, drawn_before: Mapping[str, int]
) -> list[SampledCall]:
    """The calls of a plan; `drawn_before`: of each agent, in the same month.

    An agent with fewer calls than the quota has all of them drawn. Calls of nobody known can be
    drawn as unflagged ones only.
    """
    order = sorted(candidates, key=lambda call: ticket(wish.seed, call.content_sha256))
    chosen: list[tuple[Candidate, DrawnAs]] = [
        (call, DrawnAs.UNFLAGGED) for call in order if not call.flagged
    ][: wish.unflagged]
    taken = {call.content_sha256 for call, _ in chosen}
    of_agent: dict[str, list[Candidate]] = defaultdict(list)
    for call in order:
        if call.agent_id is not None:
            of_agent[call.agent_id].append(call)
    for agent, calls in sorted(of_agent.items()):
        mine = [call for call in calls if call.content_sha256 in taken]
        need = wish.per_agent - drawn_before.get(agent, 0) - len(mine)
        rest = [call for call in calls if call.content_sha256 not in taken]
        chosen += [(call, DrawnAs.QUOTA) for call in _varied(rest, mine, need)]
    return [
        SampledCall(
            place,
            call.content_sha256,
            call.call_id,
            call.agent_id,
            drawn_as,
            wish.inspectors[place % len(wish.inspectors)] if wish.inspectors else None,
        )
        for place, (call, drawn_as) in enumerate(chosen)
    ]


def digest_of(candidates: Iterable[Candidate]) -> str:
    """Of everything that decides a draw: another digest, another population."""
    lines = sorted(
        f"{call.content_sha256} {call.agent_id} {int(call.flagged)} {sorted(_traits(call))}"
        for call in candidates
    )
    return sha256("\n".join(lines).encode()).hexdigest()


def _varied(rest: Sequence[Candidate], mine: Sequence[Candidate], need: int) -> Iterable[Candidate]:
    """So many more of an agent's calls, each with as much as possible that is new."""
    waiting = [(call, _traits(call)) for call in rest]
    seen = set().union(*(_traits(call) for call in mine))
    for _ in range(min(need, len(waiting))):
        at = max(range(len(waiting)), key=lambda n: (len(waiting[n][1] - seen), -n))
        call, traits = waiting.pop(at)
        seen |= traits
        yield call


def _traits(call: Candidate) -> set[str]:
    length = "-" if call.duration is None else _band(call.duration, LENGTHS)
    return {
        f"line {call.business_line}",
        f"length {length}",
        f"time {_band(call.started_at.hour, HOURS)}",
        f"week {call.started_at.isocalendar().week}",
        f"score {_band(call.score, SCORES)}",
    }


def _band(value: float, limits: Sequence[float]) -> int:
    return sum(value >= limit for limit in limits)
