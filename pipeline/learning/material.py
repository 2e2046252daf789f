"""Examples out of a database: masked calls with what word lists say, and what people decided."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.domain import REASON, Flag, Label
from pipeline.learning.fitting import Examples
from pipeline.learning.model import REASONS
from pipeline.learning.names import reasons
from pipeline.learning.people import (
    Statement,
    flag_of_turn,
    labels_by_content,
    names_a_turn,
    statements_of_call,
)
from pipeline.learning.texts import Passage, customer_turns, folded, opening
from pipeline.learning.weak import weak_flags, weak_reason
from pipeline.store import Said, Snapshot, decided_turns, material, pack_contents, said_in

MOST_CALLS = 20_000  # to learn from; more make it no better and take longer
MOST_TURNS = 60_000  # of customers, for flags; about
AT_ONCE = 500
HELD_OUT = 4  # one agent in so many is never trained on
Decided = Mapping[tuple[str, int, Flag], int]


@dataclass(frozen=True, slots=True)
class Material:
    """Examples of one database: `train`, and `held_out` of agents that nothing was learned from.

    `strong`: those of `train` that people labelled, of flags with their labels alone. `labels` of
    which there are enough; `few` with their counts of the others. `calls`: looked at; `agents`:
    among them. `taught`: how many labels of people are trained on; `said`: what they said of calls
    of the agents that are held out.
    """

    kind: str
    labels: tuple[str, ...]
    few: Mapping[str, int]
    train: Examples
    strong: Examples
    held_out: Examples
    calls: int
    agents: int
    taught: int
    said: Sequence[Statement]


@dataclass(frozen=True, slots=True)
class _Example:
    """`strong`: which of its labels are people's."""

    passage: Passage
    truth: Sequence[int]
    strong: Sequence[bool]
    held_by: str


@dataclass(slots=True)
class _Found:
    """What the calls that were looked at give; statements with who held the call."""

    examples: list[_Example] = field(default_factory=list)
    said: list[tuple[str, Statement]] = field(default_factory=list)


def gather(snapshot: Snapshot, kind: str, least: int) -> Material:
    """What a database has to learn from; a label needs `least` calls or turns to train on."""
    rows = material(snapshot, MOST_CALLS)
    labels = labels_by_content(snapshot)
    decided = {} if kind == REASONS else decided_flags(snapshot)
    found, read = _Found(), 0
    for calls in _chunks(rows):
        if len(found.examples) >= MOST_TURNS:
            break
        read += len(calls)
        said = said_in(snapshot, [row["call_id"] for row in calls])
        for row in calls:
            turns = folded(said.get(row["call_id"], []))
            own = labels.get(row["content_sha256"], {})
            if kind == REASONS:
                _of_call(found, row, turns, own.get(REASON))
            else:
                _of_turns(found, row, customer_turns(turns), (own, decided))
    held_by = {row["held_by"] for row in rows[:read]}
    return _split(kind, found, least, (read, len(held_by)))


def decided_flags(snapshot: Snapshot) -> dict[tuple[str, int, Flag], int]:
    """By call, turn and flag: 1 where people confirmed it, 0 where they rejected it."""
    shown = _flags_of_rules(pack_contents(snapshot))
    return {
        (row["call_id"], row["segment"], flag): int(row["decision"] == "confirm")
        for row in decided_turns(snapshot)
        for flag in shown.get(row["rule"], ())
    }


def _flags_of_rules(packs: Sequence[Any]) -> dict[str, set[Flag]]:
    """Rules of one mood of the customer alone; confirmed under others it says nothing sure."""
    found: dict[str, set[Flag]] = defaultdict(set)
    for pack in packs:
        for rule in pack.get("rules", ()):
            operators = list(_operators(rule))
            moods = [one for one in operators if one.get("operator") == "sentiment"]
            if len(operators) == 1 and len(moods) == 1 and moods[0].get("role") == "customer":
                kinds = [kind for kind in moods[0]["kinds"] if kind in tuple(Flag)]
                if len(kinds) == len(moods[0]["kinds"]) == 1:
                    found[str(rule.get("id"))].add(Flag(kinds[0]))
    return found


def _operators(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "operator" in part:
            yield part
        for inner in part.values():
            yield from _operators(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _operators(inner)


def _of_call(
    found: _Found, row: Mapping[str, Any], turns: Sequence[Said], label: Label | None
) -> None:
    """The reason of a call: a person's, else that of the word lists."""
    passage = opening(turns)
    if not passage.customer and not passage.agent:
        return
    said = None if label is None else label.value
    if said is not None:
        found.said.append((row["held_by"], Statement(row["call_id"], (passage,), said)))
    reason = said or weak_reason(passage)
    if reason in reasons():
        truth = [int(key == reason) for key in reasons()]
        strong = [said is not None] * len(truth)
        found.examples.append(_Example(passage, truth, strong, row["held_by"]))


def _of_turns(
    found: _Found, row: Mapping[str, Any], turns: Sequence[tuple[int, Passage]],
    people: tuple[Mapping[str, Label], Decided],
) -> None:  # fmt: skip
    """The flags of a customer's turns: by labels of the call, decided findings, word lists."""
    labels, decided = people
    call_id, held_by = row["call_id"], row["held_by"]
    passages = tuple(passage for _, passage in turns)
    if not passages:
        return
    texts = {passage.customer for passage in passages}
    named = {flag: names_a_turn(labels.get(flag), texts) for flag in Flag}
    found.said += [(held_by, one) for one in statements_of_call(call_id, passages, labels)]
    for segment, passage in turns:
        weak, truth, strong = weak_flags(passage), [], []
        for flag in Flag:
            label, reviewed = labels.get(flag), decided.get((call_id, segment, flag))
            value, sure = weak[flag], False
            if label is not None:
                value, sure = flag_of_turn(
                    label, passage.customer, named=named[flag], weak=weak[flag]
                )
            elif reviewed is not None:
                value, sure = reviewed, True
                own = Statement(call_id, (passage,), flag, there=reviewed == 1)
                found.said.append((held_by, own))
            truth.append(value)
            strong.append(sure)
        found.examples.append(_Example(passage, truth, strong, held_by))


def _split(kind: str, found: _Found, least: int, counts: tuple[int, int]) -> Material:
    every = tuple(reasons()) if kind == REASONS else tuple(map(str, Flag))
    examples = found.examples
    held_out = np.array([_is_held_out(one.held_by) for one in examples], bool)
    truth = np.array([one.truth for one in examples], np.int8).reshape(-1, len(every))
    strong = np.array([one.strong for one in examples], bool).reshape(-1, len(every))
    true = Counter(dict(zip(every, (truth[~held_out] == 1).sum(axis=0).tolist(), strict=True)))
    enough = [k for k, label in enumerate(every) if true[label] >= least]
    names = {name: k for k, name in enumerate(sorted({one.held_by for one in examples}))}
    groups = np.array([names[one.held_by] for one in examples], np.int64)
    truth, strong = truth[:, enough], strong[:, enough]
    passages = [one.passage for one in examples]
    everything = Examples(passages, truth, groups)
    theirs = Examples(passages, np.where(strong, truth, -1).astype(np.int8), groups)
    useful = (truth == 1).any(axis=1) if kind == REASONS else np.ones(len(examples), bool)
    few = {label: true[label] for label in every if true[label] < least}
    said = [one for held_by, one in found.said if _is_held_out(held_by)]
    return Material(
        kind, tuple(every[k] for k in enough), few, everything.part(useful & ~held_out),
        theirs.part(useful & ~held_out & strong.any(axis=1)), everything.part(useful & held_out),
        *counts, len(found.said) - len(said), said,
    )  # fmt: skip


def _is_held_out(held_by: str) -> bool:
    """The same agents each time, so that no model was ever trained on what it is measured by."""
    return int(hashlib.sha256(held_by.encode()).hexdigest(), 16) % HELD_OUT == 0


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
