"""Examples out of a database: masked calls with what word lists say, and what people decided."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.domain import Flag
from pipeline.learning.fitting import Examples
from pipeline.learning.model import REASONS
from pipeline.learning.names import reasons
from pipeline.learning.texts import Passage, customer_turns, folded, opening
from pipeline.learning.weak import weak_flags, weak_reason
from pipeline.store import Said, Snapshot, decided_turns, material, pack_contents, said_in

MOST_CALLS = 20_000  # to learn from; more make it no better and take longer
MOST_TURNS = 60_000  # of customers, for flags; about
AT_ONCE = 500
HELD_OUT = 4  # one agent in so many is never trained on


@dataclass(frozen=True, slots=True)
class Material:
    """Examples of one database: `train`, and `held_out` of agents that nothing was learned from.

    `labels` of which there are enough; `few` with their counts of the others. `calls`: looked at;
    `agents`: among them; `decided`: labels that are people's.
    """

    kind: str
    labels: tuple[str, ...]
    few: Mapping[str, int]
    train: Examples
    held_out: Examples
    calls: int
    agents: int
    decided: int


@dataclass(frozen=True, slots=True)
class _Example:
    passage: Passage
    truth: Sequence[int]
    held_by: str


def gather(snapshot: Snapshot, kind: str, least: int) -> Material:
    """What a database has to learn from; a label needs `least` calls or turns to train on."""
    rows = material(snapshot, MOST_CALLS)
    decided = {} if kind == REASONS else decided_flags(snapshot)
    every = tuple(reasons()) if kind == REASONS else tuple(Flag)
    found: list[_Example] = []
    read = 0
    for calls in _chunks(rows):
        if len(found) >= MOST_TURNS:
            break
        read += len(calls)
        said = said_in(snapshot, [row["call_id"] for row in calls])
        for row in calls:
            own = said.get(row["call_id"], [])
            if kind == REASONS:
                found += _of_call(own, every, row["held_by"])
            else:
                found += _of_turns(own, row, decided)
    held_by = {row["held_by"] for row in rows[:read]}
    return _split(kind, every, found, least, (read, len(held_by), len(decided)))


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


def _of_call(said: Sequence[Said], keys: tuple[str, ...], held_by: str) -> Iterator[_Example]:
    passage = opening(folded(said))
    reason = weak_reason(passage)
    if reason is not None:
        yield _Example(passage, [int(key == reason) for key in keys], held_by)


def _of_turns(
    said: Sequence[Said], row: Mapping[str, Any], decided: Mapping[tuple[str, int, Flag], int]
) -> Iterator[_Example]:
    for segment, passage in customer_turns(folded(said)):
        weak = weak_flags(passage)
        truth = [decided.get((row["call_id"], segment, flag), weak[flag]) for flag in Flag]
        yield _Example(passage, truth, row["held_by"])


def _split(
    kind: str, every: tuple[str, ...], found: Sequence[_Example], least: int,
    counts: tuple[int, int, int],
) -> Material:  # fmt: skip
    held_out = np.array([_is_held_out(one.held_by) for one in found], bool)
    truth = np.array([one.truth for one in found], np.int8).reshape(-1, len(every))
    true = Counter(dict(zip(every, (truth[~held_out] == 1).sum(axis=0).tolist(), strict=True)))
    enough = [k for k, label in enumerate(every) if true[label] >= least]
    names = {name: k for k, name in enumerate(sorted({one.held_by for one in found}))}
    groups = np.array([names[one.held_by] for one in found], np.int64)
    truth = truth[:, enough]
    everything = Examples([one.passage for one in found], truth, groups)
    useful = (truth == 1).any(axis=1) if kind == REASONS else np.ones(len(found), bool)
    few = {label: true[label] for label in every if true[label] < least}
    return Material(
        kind, tuple(str(every[k]) for k in enough), few, everything.part(useful & ~held_out),
        everything.part(useful & held_out), *counts,
    )  # fmt: skip


def _is_held_out(held_by: str) -> bool:
    """The same agents each time, so that no model was ever trained on what it is measured by."""
    return int(hashlib.sha256(held_by.encode()).hexdigest(), 16) % HELD_OUT == 0


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
