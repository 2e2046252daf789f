"""What every operator is: a validated condition that can be checked on a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Annotated, ClassVar, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from pipeline.domain import Role, Seconds
from pipeline.rules.context import (
    CLEAR_ENOUGH,
    HEARD_ENOUGH,
    ROLE_NAMES,
    CallContext,
)
from pipeline.rules.matcher import Needs
from pipeline.rules.meaning import WHY, Guard, excuse
from pipeline.rules.result import Hit, Lookup, Outcome, Result, hit, no, not_applicable, unsure
from pipeline.rules.scope import WHOLE_CALL, Scope, Speaker, Window, windows
from pipeline.rules.turns import Turn, among, fold

Within = Literal["clause", "sentence", "turn"]
IfMissing = Literal["unsure", "no", "not_applicable"]


class Operator(BaseModel):
    """One condition of a rule. `label` names in Chinese what it looks for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    EXAMPLE: ClassVar[str] = ""

    operator: str
    label: str

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """What this condition finds in a call; `lookup` gives the results of its neighbours."""
        raise NotImplementedError

    def refers_to(self) -> tuple[str, ...]:
        """Other conditions of the same rule that it needs."""
        return ()

    def needs(self) -> Mapping[str, Needs]:
        """What a turn must hold for this to find anything there, by part of the condition.

        Empty when that cannot be told: then every turn is looked at.
        """
        return {}

    def says_nothing_without(self) -> tuple[str, ...] | None:
        """Parts whose needs decide: while none is met, its answer is the same for every call.

        None: its answer depends on more than on what is said (metadata, times).
        """
        return None

    @property
    def only_measures(self) -> bool:
        """Whether it is a measurement that alone accuses nobody; such a rule costs nothing."""
        return False

    @property
    def costs(self) -> bool:
        """Whether it is better not asked unless its answer is needed."""
        return False


def _one_or_many(value: object) -> object:
    """`guard: negation` is `[negation]`, `guard: none` is no guard."""
    if value == "none":
        return ()
    return (value,) if isinstance(value, str) else value


def _folds(phrase: str) -> str:
    if not all(fold(way) for way in phrase.split("|")):
        raise ValueError(f"phrase {phrase!r} holds no letter, digit or Han character")
    return phrase


Phrase = Annotated[str, AfterValidator(_folds)]
Guards = Annotated[
    tuple[Guard, ...],
    BeforeValidator(
        _one_or_many, json_schema_input_type=tuple[Guard, ...] | Guard | Literal["none"]
    ),
]


class Found(NamedTuple):
    """What a text operator found in some turns; `holds`: that is what it looks for."""

    holds: bool
    hits: tuple[Hit, ...] = ()
    excused: tuple[tuple[Hit, str], ...] = ()


NOTHING = Found(False)


class TextOperator(Operator):
    """A condition about words. `role` and `scope` say where, `guard` what does not count.

    `doubt`: why what is found may be harmless; a rule that would fail for it is unsure.
    """

    role: Speaker | None = None
    scope: Scope = WHOLE_CALL
    guard: Guards = ()
    doubt: str = ""

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """What is found in these turns."""
        raise NotImplementedError

    def says_nothing_without(self) -> tuple[str, ...] | None:
        """Its needs decide, unless it looks at times or cannot tell its needs."""
        timed = self.scope.seconds is not None or self.scope.share is not None
        return None if timed else tuple(self.needs()) or None

    def refers_to(self) -> tuple[str, ...]:
        """The conditions it builds on."""
        return (self.scope.anchor.condition,) if self.scope.anchor else ()

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Look at every window of the scope and join the answers."""
        places = windows(self.scope, self.role, call, lookup)
        if isinstance(places, Result):
            return places
        worth = call.near(self)
        if len(places) == 1:
            return self._in_window(call, places[0], worth)
        results = [self._in_window(call, window, worth) for window in places]
        return joined(results, every=self.scope.every)

    def _in_window(self, call: CallContext, window: Window, worth: int | None) -> Result:
        sure = self.find(call, among(window.turns, worth))
        if window.maybe and worth != 0:
            both = self.find(call, among(window.all_turns, worth))
            if both.holds is not sure.holds:
                who = ROLE_NAMES[Role(self.role)] if self.role else "说话人"
                return unsure(f"说话人未能区分，不能确定{self.label}是否出自{who}", both.hits)
        return self._present(call, sure) if sure.holds else self._absent(call, window, sure)

    def _present(self, call: CallContext, found: Found) -> Result:
        if call.lowest_confidence is None:  # nothing but how well it fits
            scores = [h.score for h in found.hits]
        else:
            scores = [call.confidence_of(h) for h in found.hits]
        worst, best = min(scores, default=1.0), max(scores, default=1.0)
        doubt = listen_again(best, HEARD_ENOUGH, "命中处") or self.doubt
        return Result(
            Outcome.HIT, partial(self._found_in_words, call, found), found.hits, worst, doubt
        )

    def _found_in_words(self, call: CallContext, found: Found) -> str:
        said = list(dict.fromkeys(call.said(h) for h in found.hits))
        more = f"等 {len(said)} 处" if len(said) > 3 else ""
        return f"{self.label}：{'、'.join(said[:3])}{more}" if said else f"{self.label}：符合"

    def looks_at(self, call: CallContext) -> Sequence[Turn]:
        """Where it looks, in order; for a scope without an anchor."""
        places = windows(self.scope, self.role, call, _no_neighbours)
        if isinstance(places, Result):
            return ()
        return sorted((t for p in places for t in p.all_turns), key=lambda turn: turn.index)

    def clarity(self, call: CallContext) -> float:
        """How well the recogniser heard where this looks; for a scope without an anchor."""
        places = windows(self.scope, self.role, call, _no_neighbours)
        return 1.0 if isinstance(places, Result) else min(p.clarity(call) for p in places)

    @cached_property
    def missing(self) -> str:
        """That nothing of it was found where it was looked for, in words."""
        return f"{self.scope.says(self.role)}未发现{self.label}"

    def _absent(self, call: CallContext, window: Window, found: Found) -> Result:
        clarity = 1.0 if call.lowest_confidence is None else window.clarity(call)
        reason = self._lacking(call, window)
        if found.excused:
            first, why = found.excused[0]
            reason += f"（“{call.evidence(first).quote}”{why}，不计）"
        doubt = listen_again(clarity, CLEAR_ENOUGH, "相应位置")
        return Result(Outcome.NO, reason, (), clarity, doubt, found.excused)

    def _lacking(self, call: CallContext, window: Window) -> str:
        """What was not found in a window, in words."""
        return self.missing

    def unexcused(
        self, call: CallContext, found: Iterable[tuple[Turn, int, int, float]]
    ) -> tuple[list[Hit], list[tuple[Hit, str]]]:
        """Folded matches as hits, apart from those that a guard takes out."""
        hits: list[Hit] = []
        excused: list[tuple[Hit, str]] = []
        for turn, start, end, score in found:
            one = call.hit_in(turn, start, end, score)
            kind = excuse(turn, start, end, self.guard)
            if kind is None:
                hits.append(one)
            else:
                excused.append((one, WHY[kind]))
        return hits, excused


def _no_neighbours(name: str) -> Result:
    raise KeyError(name)


def joined(results: Sequence[Result], *, every: bool) -> Result:
    """Of several windows: any of them must hold, or every one."""
    if len(results) == 1:
        return results[0]
    order = (Outcome.NO, Outcome.UNSURE, Outcome.HIT)
    if not every:
        order = (Outcome.HIT, Outcome.UNSURE, Outcome.NO)
    outcome = next((o for o in order if any(r.outcome is o for r in results)), None)
    if outcome is None:
        return results[0]
    own = [r for r in results if r.outcome is outcome]
    return Result(
        outcome,
        own[0].says,
        tuple(dict.fromkeys(h for r in own for h in r.hits)),
        min(r.confidence for r in own),
        "" if any(not r.doubt for r in own) else own[0].doubt,
        tuple(dict.fromkeys(e for r in own for e in r.excused)),
    )


class Bounds(BaseModel):
    """`above` and `below`: a value beyond a bound is a hit. At least one of them is needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if self.above is None and self.below is None:
            raise ValueError("give above: or below: (or both)")
        return self

    def beyond(self, value: float) -> bool:
        """Whether a value lies beyond one of the bounds."""
        return (self.above is not None and value > self.above) or (
            self.below is not None and value < self.below
        )


def needs_times(call: CallContext, what: str) -> Result | None:
    """The result of an acoustic operator on a call that has no times, else None."""
    if call.is_chat:
        return not_applicable(f"文字会话没有{what}")
    if all(s.start is None for s in call.transcript.segments):
        return unsure(f"转写没有时间信息，无法检查{what}")
    return None


def whole_segment(
    call: CallContext, index: int, times: tuple[Seconds, Seconds] | None = None
) -> Hit:
    """A hit on everything that is said in a segment; `times`: what to listen to instead."""
    return Hit(index, 0, len(call.segment(index).text), times)


def listen_again(clarity: float, least: float, where: str) -> str:
    """The doubt where the recogniser was less sure than `least`; else none."""
    return f"{where}识别把握只有 {clarity:.0%}，请人工听音" if clarity < least else ""


def means(missing: IfMissing, reason: str) -> Result:
    """What a value means that the metadata or the recording does not have."""
    if missing == "unsure":
        return unsure(reason)
    return no(reason) if missing == "no" else not_applicable(reason)


def speaker_doubt(call: CallContext, what: str) -> Result | None:
    """Unsure when a role is asked for and the speakers of this call are not told apart."""
    return None if call.roles_known else unsure(f"说话人未能区分，无法确定{what}")


__all__ = [
    "NOTHING",
    "WHOLE_CALL",
    "Bounds",
    "Found",
    "IfMissing",
    "Operator",
    "Phrase",
    "TextOperator",
    "Within",
    "hit",
    "joined",
    "listen_again",
    "means",
    "needs_times",
    "no",
    "not_applicable",
    "speaker_doubt",
    "unsure",
    "whole_segment",
]
