"""One call as the rules see it: raw text to decide on, masked text to quote."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from pipeline.domain import (
    CallMetrics,
    Evidence,
    MaskedTranscript,
    Medium,
    PrivateSpan,
    Role,
    Segment,
    Transcript,
)
from pipeline.rules.judge import Judge
from pipeline.rules.result import Hit
from pipeline.rules.sound import Spoken, speak
from pipeline.rules.turns import Turn, read_turns

ROLE_NAMES = {Role.AGENT: "客服", Role.CUSTOMER: "客户", Role.UNKNOWN: "未知说话人"}
LONGEST_QUOTE = 48
# Below this mean confidence nobody can say that a phrase is missing.
CLEAR_ENOUGH = 0.5
# Below this confidence of the very words, nobody can be accused of having said them.
HEARD_ENOUGH = 0.3


@dataclass(frozen=True, slots=True)
class CallContext:
    """Everything a rule may look at. Built once per call; turns and joined texts are derived.

    `judge` answers the questions of the operator `llm`; None: it is off.
    """

    transcript: Transcript
    metrics: CallMetrics
    spans: tuple[PrivateSpan, ...]
    masked: MaskedTranscript
    judge: Judge | None = field(default=None, repr=False, compare=False)
    turns: tuple[Turn, ...] = field(init=False, repr=False, compare=False)
    joined: Mapping[Role | None, str] = field(init=False, repr=False, compare=False)
    turn_of: Sequence[int] = field(init=False, repr=False, compare=False)
    _spoken: dict[int, Spoken] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = "roles" in self.transcript.capabilities
        turns = read_turns(self.transcript.segments, roles_known=known)
        joined: dict[Role | None, str] = {
            role: "\n".join(t.text for t in turns if t.role is role) for role in Role
        }
        joined[None] = "\n".join(t.text for t in turns)
        turn_of = [
            number
            for number, turn in enumerate(turns)
            for _ in range(turn.first_segment, turn.last_segment + 1)
        ]
        object.__setattr__(self, "turns", turns)
        object.__setattr__(self, "joined", joined)
        object.__setattr__(self, "turn_of", turn_of)
        object.__setattr__(self, "_spoken", {})

    @property
    def is_chat(self) -> bool:
        """Whether it was held in writing."""
        return self.transcript.info.medium is Medium.CHAT

    @property
    def roles_known(self) -> bool:
        """Whether every turn has a known speaker."""
        return all(turn.role is not Role.UNKNOWN for turn in self.turns)

    def can(self, capability: str) -> bool:
        """Whether the recording can carry this kind of check (`overlap`, `roles` …)."""
        return capability in self.transcript.capabilities

    def segment(self, index: int) -> Segment:
        """One raw segment."""
        return self.transcript.segments[index]

    def role_of(self, index: int) -> Role:
        """Who speaks in a segment; UNKNOWN where the transcript cannot tell."""
        return self.turns[self.turn_of[index]].role

    def spoken(self, turn: Turn) -> Spoken:
        """How a turn sounds, worked out when it is first asked for."""
        known = self._spoken.get(turn.first_segment)
        if known is None:
            known = self._spoken[turn.first_segment] = speak(turn.text)
        return known

    def hit_in(self, turn: Turn, start: int, end: int, score: float = 1.0) -> Hit:
        """The raw characters behind the folded characters [start, end) of a turn.

        A hit that goes on into the next segment is cut at the end of the first one.
        """
        segment, last = turn.segments[start], end - 1
        while turn.segments[last] != segment:
            last -= 1
        return Hit(segment, turn.chars[start], turn.chars[last] + 1, score=score)

    def confidence_of(self, hit: Hit) -> float:
        """How sure the recogniser was of the words of a hit; 1.0 where it did not say."""
        segment, position, heard = self.segment(hit.segment), 0, []
        for word in segment.words:
            if position < hit.end and position + len(word.text) > hit.start:
                heard.append(word.confidence)
            position += len(word.text)
        if heard:
            return fmean(heard) * hit.score
        return (1.0 if segment.confidence is None else segment.confidence) * hit.score

    def clarity(self, turns: Sequence[Turn]) -> float:
        """Mean recogniser confidence of some turns, weighted by length; 1.0 where unknown."""
        total, weight = 0.0, 0
        for turn in turns:
            for index in range(turn.first_segment, turn.last_segment + 1):
                segment = self.segment(index)
                if segment.confidence is not None:
                    total += segment.confidence * len(segment.text)
                    weight += len(segment.text)
        return total / weight if weight else 1.0

    def evidence(self, hit: Hit) -> Evidence:
        """A hit to look at and listen to: the clause around it, quoted from the masked text."""
        start, end = self._clause(hit) if hit.times is None else (hit.start, hit.end)
        seconds = hit.times or self.segment(hit.segment).seconds_of(start, end)
        return Evidence(
            segment=hit.segment,
            start=None if seconds[0] is None else round(seconds[0], 3),
            end=None if seconds[1] is None else round(seconds[1], 3),
            quote=self.masked.quote(hit.segment, start, end),
        )

    def _clause(self, hit: Hit) -> tuple[int, int]:
        """The clause around a hit inside its segment, at most LONGEST_QUOTE characters."""
        turn = self.turns[self.turn_of[hit.segment]]
        first = bisect_left(turn.segments, hit.segment)  # of this segment in the turn
        last = bisect_right(turn.segments, hit.segment) - 1
        own = bisect_left(turn.chars, hit.start, first, last + 1)
        beyond = bisect_left(turn.chars, hit.end, first, last + 1)
        if own >= beyond:
            return hit.start, hit.end
        left, right = turn.clause(own, beyond)
        start = min(hit.start, turn.chars[max(left, first)])
        end = max(hit.end, turn.chars[min(right - 1, last)] + 1)
        if end - start > LONGEST_QUOTE:
            spare = max(LONGEST_QUOTE - (hit.end - hit.start), 0) // 2
            start, end = max(start, hit.start - spare), min(end, hit.end + spare)
        return start, end

    def when(self, hit: Hit) -> str:
        """Where a hit is, in words: `00:12` in a recording, `第 5 句` in a chat."""
        return self._when(self.evidence(hit))

    @staticmethod
    def _when(evidence: Evidence) -> str:
        start = evidence.start
        if start is None:
            return f"第 {evidence.segment + 1} 句"
        return f"{int(start) // 60:02d}:{int(start) % 60:02d}"

    def said(self, hit: Hit) -> str:
        """A hit in words: who, when and the masked quote."""
        evidence = self.evidence(hit)
        who = ROLE_NAMES[self.role_of(hit.segment)]
        said = f"{self._when(evidence)} {who}“{evidence.quote}”"
        return f"{said}（按读音匹配“{hit.sounds_like}”）" if hit.sounds_like else said
