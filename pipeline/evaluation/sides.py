"""What was heard beside what was said, side by side.

Channels are compared with their own text. Where a reference says who speaks, each channel of a
stereo recording is compared with the role that fits it better, whatever was recognised of roles or
stands in the metadata: it is the recogniser that is measured. A mono recording is compared as a
whole, in the order of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.domain import Role, Segment, Transcript
from pipeline.errors import BadMetadata
from pipeline.evaluation.cer import Errors, errors
from pipeline.evaluation.manifest import Item, Kind

BOTH = (Role.AGENT, Role.CUSTOMER)
Part = tuple[Transcript, Callable[[Segment], bool]]  # those segments of a transcript


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a recording: its role, its channel (None: not told apart), its errors.

    `said` and `heard` are the indexes of its segments in the two transcripts.
    """

    role: Role
    channel: int | None
    errors: Errors
    said: tuple[int, ...]
    heard: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A recording's sides; `said` and `heard` as rules read them.

    `by_role`: the speakers of both are known. `contradicted`: the text shows that the agent is on
    the other channel than the metadata say.
    """

    sides: tuple[Side, ...]
    said: Transcript
    heard: Transcript
    by_role: bool
    contradicted: bool = False

    @property
    def errors(self) -> Errors:
        """All sides together."""
        return sum((side.errors for side in self.sides), Errors())


def compare(item: Item, heard: Transcript) -> Compared:
    """Errors of a transcript by side; BadMetadata where the reference does not fit the sound."""
    stereo = "stereo" in heard.capabilities
    if item.kind is Kind.CHANNELS:
        if not stereo:
            raise BadMetadata(
                f"{item.where}: {item.name} has one channel (or the same sound on both), but "
                "text_0 or text_1 is given. Give what is said as `text`."
            )
        return _by_channel(item, heard)
    if item.kind is Kind.ROLES and stereo:
        return _by_role(item, heard)
    side = _side((Role.UNKNOWN, None), (item.said, lambda _: True), (heard, lambda _: True))
    by_role = item.kind is Kind.ROLES and "roles" in heard.capabilities
    turned = heard if by_role or not stereo else _told_apart(heard, 0)
    return Compared((side,), item.said, turned, by_role)


def _side(who: tuple[Role, int | None], said: Part, heard: Part) -> Side:
    indexes = [
        tuple(n for n, segment in enumerate(whole.segments) if belongs(segment))
        for whole, belongs in (said, heard)
    ]
    texts = (
        "".join(whole.segments[n].text for n in own)
        for (whole, _), own in zip((said, heard), indexes, strict=True)
    )
    return Side(*who, errors(*texts), *indexes)


def _on(channel: int | None) -> Callable[[Segment], bool]:
    return lambda segment: segment.channel == channel


def _by_channel(item: Item, heard: Transcript) -> Compared:
    """Channels without a reference are left out."""
    measured = {segment.channel for segment in item.said.segments}
    kept = replace(heard, segments=tuple(s for s in heard.segments if s.channel in measured))
    sides = tuple(
        _side((said.role, said.channel), (item.said, _on(said.channel)), (kept, _on(said.channel)))
        for said in item.said.segments
    )
    agent = item.recording.info.agent_channel
    return Compared(sides, item.said, _told_apart(kept, agent or 0), agent is not None)


def _by_role(item: Item, heard: Transcript) -> Compared:
    """With the agent on the channel that gives fewer errors."""

    def says(role: Role) -> Callable[[Segment], bool]:
        return lambda segment: segment.role is role

    found = {}
    for agent in (0, 1):
        places = zip(BOTH, (agent, 1 - agent), strict=True)
        found[agent] = tuple(
            _side((role, channel), (item.said, says(role)), (heard, _on(channel)))
            for role, channel in places
        )
    counts = [sum(side.errors.count for side in found[agent]) for agent in (0, 1)]
    given = item.recording.info.agent_channel
    first = given or 0
    agent = first if counts[first] <= counts[1 - first] else 1 - first
    contradicted = given is not None and agent != given
    named = _told_apart(heard, agent)
    return Compared(found[agent], item.said, named, by_role=True, contradicted=contradicted)


def _told_apart(heard: Transcript, agent: int) -> Transcript:
    """The transcript with the roles of its channels, so that its turns are cut as they were said.

    Where nobody knows who is on which channel the names mean nothing and must not be looked at.
    """
    segments = tuple(
        replace(s, role=Role.AGENT if s.channel == agent else Role.CUSTOMER) for s in heard.segments
    )
    return replace(heard, segments=segments, capabilities=heard.capabilities | {"roles"})
