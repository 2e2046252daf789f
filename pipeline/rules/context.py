"""One call as the rules see it: raw text to decide on, masked text to quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from pipeline.domain import (
    MANDARIN,
    CallMetrics,
    Evidence,
    MaskedTranscript,
    Medium,
    PastCall,
    PrivateSpan,
    Role,
    Segment,
    Transcript,
)
from pipeline.rules.advisers import NOBODY, Advisers
from pipeline.rules.matcher import Matches, Scan
from pipeline.rules.moods import MoodReading
from pipeline.rules.result import Hit
from pipeline.rules.sound import Spoken, speak
from pipeline.rules.turns import Turn, read_turns

ROLE_NAMES = {Role.AGENT: "客服", Role.CUSTOMER: "客户", Role.UNKNOWN: "未知说话人"}
LONGEST_QUOTE = 48
MOST_LOOKED_AT = 5  # turns shown one by one
# Below this mean confidence nobody can say that a phrase is missing.
CLEAR_ENOUGH = 0.5
# Below this confidence of the very words, nobody can be accused of having said them.
HEARD_ENOUGH = 0.3


@dataclass(frozen=True, slots=True)
class CallContext:
    """Everything a rule may look at. Built once per call.

    `history`: earlier calls of the same customer; None where nobody looked for them. `stands_in`:
    the text is made from a masked one, digits of private numbers are not the real ones.
    Derived: the turns, their joined `text` (one line each) with the position at which each of them
    `starts`, and the turn of every segment. `memo` is for what conditions work out together.
    """

    transcript: Transcript
    metrics: CallMetrics
    spans: tuple[PrivateSpan, ...]
    masked: MaskedTranscript
    history: tuple[PastCall, ...] | None = None
    stands_in: bool = False
    advisers: Advisers = field(default=NOBODY, repr=False, compare=False)
    turns: tuple[Turn, ...] = field(init=False, repr=False, compare=False)
    text: str = field(init=False, repr=False, compare=False)
    starts: Sequence[int] = field(init=False, repr=False, compare=False)
    turn_of: Sequence[int] = field(init=False, repr=False, compare=False)
    memo: dict[object, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = "roles" in self.transcript.capabilities
        turns = read_turns(self.transcript.segments, roles_known=known)
        turn_of = (
            range(len(turns))
            if len(turns) == len(self.transcript.segments)
            else [
                number
                for number, turn in enumerate(turns)
                for _ in range(turn.first_segment, turn.last_segment + 1)
            ]
        )
        object.__setattr__(self, "turns", turns)
        object.__setattr__(self, "text", "\n".join([turn.text for turn in turns]))
        object.__setattr__(self, "starts", [turn.begin for turn in turns])
        object.__setattr__(self, "turn_of", turn_of)
        object.__setattr__(self, "memo", {})

    @property
    def is_chat(self) -> bool:
        """Whether it was held in writing."""
        return self.transcript.info.medium is Medium.CHAT

    @property
    def other_language(self) -> str | None:
        """The language of a call that is not held in Mandarin; None for all others."""
        language = self.transcript.language
        return None if language in (None, MANDARIN) else language

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

    @property
    def sounds(self) -> Spoken:
        """How the joined text sounds, worked out when it is first asked for."""
        known: Spoken | None = self.memo.get("sounds")
        if known is None:
            known = self.memo["sounds"] = speak(self.text)
        return known

    @property
    def moods_read(self) -> MoodReading | None:
        """What the model reads in every segment, nothing in an agent's; None without a model."""
        if self.advisers.moods is None:
            return None
        known: MoodReading | None = self.memo.get("moods")
        if known is None:
            said = enumerate(self.masked.segments)
            texts = ["" if self.role_of(k) is Role.AGENT else s.text for k, s in said]
            known = self.memo["moods"] = self.advisers.moods.read(texts)
        return known

    def spoken(self, turn: Turn) -> Spoken:
        """How a turn sounds."""
        sounds, start = self.sounds, self.starts[turn.index]
        end = start + len(turn.text)
        return Spoken(turn.text, sounds.toned[start:end], sounds.loose[start:end])

    def near(self, condition: object, part: str = "") -> int | None:
        """Which turns may hold what a condition looks for (a bit each); None: perhaps any."""
        scan: Scan | None = self.memo.get("scan")
        return None if scan is None else scan.places(condition, part)

    def matches(self, condition: object) -> Matches | None:
        """By turn the alternatives that may match there, with a match that is known already."""
        scan: Scan | None = self.memo.get("scan")
        return None if scan is None else scan.matches(condition)

    def hit_in(self, turn: Turn, start: int, end: int, score: float = 1.0) -> Hit:
        """The raw characters behind the folded characters [start, end) of a turn.

        A hit that goes on into the next segment is cut at the end of the first one.
        """
        segment, first = turn.place(start)
        last = turn.place(end - 1)
        while last[0] != segment:
            end = turn.folded(last[0], 0)
            last = turn.place(end - 1)
        return Hit(segment, first, last[1] + 1, score=score)

    def confidence_of(self, hit: Hit) -> float:
        """How sure the recogniser was of the words of a hit; 1.0 where it did not say."""
        segment, position, heard = self.segment(hit.segment), 0, []
        for word in segment.words:
            inside = position < hit.end and position + len(word.text) > hit.start
            if inside and word.confidence is not None:
                heard.append(word.confidence)
            position += len(word.text)
        if heard:
            return fmean(heard) * hit.score
        return (1.0 if segment.confidence is None else segment.confidence) * hit.score

    @property
    def lowest_confidence(self) -> float | None:
        """The recogniser's confidence in its worst segment; None where it said nothing of that."""
        if "lowest" not in self.memo:
            given = [s.confidence or 0.0 for s in self.transcript.segments if _is_rated(s)]
            self.memo["lowest"] = min(given, default=None)
        lowest: float | None = self.memo["lowest"]
        return lowest

    def is_sure(self, hit: Hit) -> bool:
        """Whether a hit alone is enough to accuse somebody: not by sound only, and well heard."""
        if hit.times is not None:
            return True
        return not hit.sounds_like and self.confidence_of(hit) >= HEARD_ENOUGH

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
        key = (hit.segment, hit.start, hit.end, hit.times)
        known: Evidence | None = self.memo.get(key)
        if known is None:
            known = self.memo[key] = self._evidence(hit)
        return known

    def looked_at(self, turns: Sequence[Turn]) -> tuple[Evidence, ...]:
        """Where something was looked for and not found: every turn, or all in one if many."""
        spans = [(turn.first_segment, turn.last_segment) for turn in turns]
        if len(spans) > MOST_LOOKED_AT:
            spans = [(spans[0][0], spans[-1][1])]
        return tuple(self._stretch(first, last) for first, last in spans)

    def _stretch(self, first: int, last: int) -> Evidence:
        """From the beginning of one segment to the end of another, quoted as it begins."""
        end = min(len(self.segment(first).text), LONGEST_QUOTE)
        times = self.segment(first).start, self.segment(last).end
        start, stop = (None if t is None else round(t, 3) for t in times)
        return Evidence(first, start, stop, self.masked.quote(first, 0, end), sought=True)

    def _evidence(self, hit: Hit) -> Evidence:
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
        own, beyond = turn.folded(hit.segment, hit.start), turn.folded(hit.segment, hit.end)
        if own >= beyond:
            return hit.start, hit.end
        left, right = turn.clause(own, beyond)
        if turn.first_segment != turn.last_segment:
            left = max(left, turn.folded(hit.segment, 0))
            size = len(self.segment(hit.segment).text)
            right = min(right, turn.folded(hit.segment, size))
        start = min(hit.start, turn.place(left)[1])
        end = max(hit.end, turn.place(right - 1)[1] + 1)
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


def _is_rated(segment: Segment) -> bool:
    words = segment.words
    return segment.confidence is not None or any(w.confidence is not None for w in words)
