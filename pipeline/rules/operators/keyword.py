"""Phrases that are (not) said."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from pipeline.rules.context import CallContext
from pipeline.rules.matcher import Needs
from pipeline.rules.operators.base import Found, Phrase, TextOperator, Within
from pipeline.rules.result import Hit, Result
from pipeline.rules.scope import Window
from pipeline.rules.sound import Spoken, denials, listen, needed_sounds, speak_phrase
from pipeline.rules.turns import Turn, fold


def _unquoted(value: object) -> object:
    """YAML reads a bare `off` as false."""
    return "off" if value is False else value


_SOUNDS = 1  # number of the alternative that is heard: there is one that is written


class Keyword(TextOperator):
    """Looks for phrases, whatever the punctuation inside them.

    `a|b` in one phrase are two ways to say the same thing; `synonyms` (word → other words) makes
    more ways of every phrase that holds the word. `need`: `any` (default), `all`, `none` or how
    many different ones. `times`: least total of hits. `together`: all that is needed must
    stand in one clause, sentence or turn (left out: anywhere in the scope).

    What is not written so is looked for by its sound (`sound.py`): such a hit counts as said where
    that is required, and leaves a rule unsure where it would make it fail. `by_sound`: `strict`
    only the same syllables with the same tones, `off` not at all; `min_sound`: how much must sound
    right, 0-1 (the more, the fewer differences are allowed). Never in chats.
    """

    EXAMPLE: ClassVar[str] = """
operator: keyword
label: 报机构名称
role: agent
scope: {first: 3}
phrases: [这里是|我是|欢迎致电, 银行|证券|保险]
need: all
"""
    operator: Literal["keyword"]
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=500)]
    need: Literal["any", "all", "none"] | Annotated[int, Field(ge=1)] = "any"
    times: Annotated[int, Field(ge=1)] = 1
    together: Within | None = None
    synonyms: Mapping[Phrase, tuple[Phrase, ...]] = Field(default_factory=dict)
    min_sound: Annotated[float, Field(ge=0, le=1)] = 0.0
    by_sound: Annotated[
        Literal["auto", "off", "strict"],
        BeforeValidator(_unquoted, json_schema_input_type=Literal["auto", "off", "strict", False]),
    ] = "auto"

    @cached_property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """For every phrase the folded ways to say it, longest first."""
        return tuple(
            tuple(sorted(self._ways_of(phrase), key=lambda way: (-len(way), way)))
            for phrase in self.phrases
        )

    def _ways_of(self, phrase: str) -> set[str]:
        """The ways of one phrase, with synonyms in place of words."""
        ways = {fold(way) for way in phrase.split("|")}
        for word, others in self.synonyms.items():
            known = fold(word)
            ways |= {way.replace(known, fold(other)) for way in ways for other in others}
        return ways

    @cached_property
    def least(self) -> int:
        """How many different phrases must be there."""
        if isinstance(self.need, int):
            return self.need
        return len(self.phrases) if self.need == "all" else 1

    def needs(self) -> Mapping[str, Needs]:
        """The phrases themselves, and their sounds."""
        written = frozenset(way for ways in self.ways for way in ways)
        if self.by_sound == "off":
            return {"": Needs(((written,),), role=self.role)}
        sounds = [needed_sounds(way, strict=self.by_sound == "strict") for way in written]
        toned, loose = zip(*sounds, strict=True)
        heard = (frozenset[str]().union(*toned), frozenset[str]().union(*loose))
        return {"": Needs(((written,),), (), *heard, self.role)}

    def find(self, call: CallContext, turns: Sequence[Turn]) -> Found:
        """All hits in the scope, or those of the pieces in which enough stands together.

        Where what is written is not enough, what only sounds so is added.
        """
        if not turns:
            return Found(self.need == "none")
        found = self._found(call, turns, by_sound=False)
        if self.by_sound == "off" or call.is_chat or found.holds is not (self.need == "none"):
            return found
        if not self._may_sound(call, turns):
            return found
        heard = self._found(call, turns, by_sound=True)
        return found._replace(excused=heard.excused) if heard.holds is found.holds else heard

    def _may_sound(self, call: CallContext, turns: Sequence[Turn]) -> bool:
        """Whether a sound of the phrases is in any of these turns."""
        told = call.matches(self)
        if told is None:
            return True
        return any(part == _SOUNDS for turn in turns for part, _ in told.get(turn.index, ()))

    def found_in(self, call: CallContext, turn: Turn) -> list[Hit]:
        """Every place of a turn that is written like a phrase or sounds so."""
        by_sound = self.by_sound != "off" and not call.is_chat
        hits, _ = self._in_piece(call, turn, (0, len(turn.text)), by_sound=by_sound)
        return [hit for _, hit in hits]

    def _found(self, call: CallContext, turns: Sequence[Turn], *, by_sound: bool) -> Found:
        groups: list[list[tuple[int, Hit]]] = []
        excused: list[tuple[Hit, str]] = []
        for turn in turns:
            pieces = turn.pieces(self.together) if self.together else ((0, len(turn.text)),)
            for start, end in pieces:
                hits, out = self._in_piece(call, turn, (start, end), by_sound=by_sound)
                groups.append(hits)
                excused += out
        if self.together is None:
            groups = [[h for group in groups for h in group]]
        enough = [group for group in groups if self._enough(group)]
        found = dict.fromkeys(h for group in enough for _, h in group)
        hits_in_order = tuple(sorted(found, key=lambda h: h.place)) if found else ()
        if self.need == "none":
            return Found(not enough, hits_in_order, tuple(excused))
        return Found(bool(enough), hits_in_order, tuple(excused))

    def _present(self, call: CallContext, found: Found) -> Result:
        return _by_sound(super()._present(call, found), found)

    def _absent(self, call: CallContext, window: Window, found: Found) -> Result:
        result = super()._absent(call, window, found)
        if self.need == "none" and any(h.sounds_like for h in found.hits):
            said = "、".join(call.said(h) for h in found.hits[:3])
            return _by_sound(result._replace(says=f"{self.label}：{said}", hits=found.hits), found)
        return result

    def _enough(self, group: Sequence[tuple[int, Hit]]) -> bool:
        return len({phrase for phrase, _ in group}) >= self.least and len(group) >= self.times

    def _in_piece(
        self, call: CallContext, turn: Turn, piece: tuple[int, int], *, by_sound: bool
    ) -> tuple[list[tuple[int, Hit]], list[tuple[Hit, str]]]:
        hits: list[tuple[int, Hit]] = []
        excused: list[tuple[Hit, str]] = []
        text = call.spoken(turn) if by_sound else None
        for number, ways in enumerate(self.ways):
            written = _matches(turn.text, ways, *piece)
            if written:
                own, out = self.unexcused(call, ((turn, a, b, 1.0) for a, b in written))
                hits += [(number, h) for h in own]
                excused += out
            if text is not None:
                own, out = self._sounding(call, (turn, text), ways, piece, written)
                hits += [(number, h) for h in own]
                excused += out
        return hits, excused

    def _sounding(
        self,
        call: CallContext,
        said: tuple[Turn, Spoken],
        ways: Sequence[str],
        piece: tuple[int, int],
        taken: Sequence[tuple[int, int]],
    ) -> tuple[list[Hit], list[tuple[Hit, str]]]:
        """What sounds like one phrase inside a sentence, apart from what is `taken` already."""
        hits: list[Hit] = []
        excused: list[tuple[Hit, str]] = []
        (turn, text), used, strict = said, list(taken), self.by_sound == "strict"
        for way in ways:
            for heard in listen(speak_phrase(way), text, *piece, strict=strict):
                start, end = heard.start, heard.end
                if heard.score < self.min_sound:
                    continue
                if any(start < b and a < end for a, b in used) or _broken(turn, start, end):
                    continue
                used.append((start, end))
                own, out = self.unexcused(call, [(turn, start, end, heard.score)])
                if own:  # denied by a 部 for 不?
                    denied = replace(turn, text=denials(turn.text))
                    own, out = self.unexcused(call, [(denied, start, end, heard.score)])
                hits += [h._replace(sounds_like=way) for h in own]
                excused += out
        return hits, excused


def _broken(turn: Turn, start: int, end: int) -> bool:
    """Whether a sentence ends inside the characters [start, end)."""
    return bisect_right(turn.sentences, start) < bisect_left(turn.sentences, end)


def _by_sound(result: Result, found: Found) -> Result:
    """A result that rests on sounds is doubtful: where it points to a fail, a person listens."""
    phrases = dict.fromkeys(h.sounds_like for h in found.hits if h.sounds_like)
    if not phrases:
        return result
    doubt = f"疑似，按读音匹配“{'、'.join(list(phrases)[:3])}”，请人工听取"
    return result._replace(doubt=doubt)


def _matches(text: str, ways: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Where any way of one phrase stands in text[start:end]; longer ways first, none twice."""
    taken: list[tuple[int, int]] = []
    for way in ways:
        at = text.find(way, start, end)
        while at >= 0:
            stop = at + len(way)
            if not taken or all(stop <= a or at >= b for a, b in taken):
                taken.append((at, stop))
            at = text.find(way, stop, end)
    return sorted(taken)
