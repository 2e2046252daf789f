"""What people said of calls: models learn it before weak labels, and are compared by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.domain import NO, NONE_OF_THE_LIST, YES, Flag, Label
from pipeline.learning.measuring import Interval, bootstrap, said_by
from pipeline.learning.model import REASONS, Model
from pipeline.learning.texts import Passage, fold
from pipeline.store import Labels, Snapshot

LEAST_SAID = 20  # statements below which they do not decide which model is better
LEAST_YES = 5  # of flags: so many of them must be that one is there
Truths = NDArray[np.bool_]
ByContent = Mapping[str, Mapping[str, Label]]


@dataclass(frozen=True, slots=True)
class Statement:
    """What people say of a call, or of one turn of it.

    `passages`: what a model reads for that: the opening, or the customer's turns. `label`: the
    reason (also `none`), or a flag and whether it is `there`.
    """

    call_id: str
    passages: tuple[Passage, ...]
    label: str
    there: bool = True


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two models say what people said of `calls` of agents that nothing was learned from.

    Of reasons the share of statements that a model says too, of flags the F1 over all of them.
    Intervals come from drawing calls. `better`: by how much the new model's figure is higher.
    """

    statements: int
    calls: int
    old: float
    old_interval: Interval
    new: float
    new_interval: Interval
    better: float
    interval: Interval


def labels_by_content(snapshot: Snapshot) -> ByContent:
    """The labels that count, of every call that somebody labelled, by subject."""
    found: dict[str, dict[str, Label]] = defaultdict(dict)
    for label in Labels(snapshot.people).in_force():
        found[label.content_sha256][label.subject] = label
    return found


def flag_of_turn(label: Label, text: str, *, named: bool, weak: int) -> tuple[int, bool]:
    """What a flag's label makes of a turn: 1, 0 or -1 (unknown), and whether a person says so.

    `named`: the call still has the turn that the label names; only that one surely shows the flag.
    A call in which it is not has no turn that shows it; where nobody said which turn does, any may.
    """
    own = named and fold(label.quote or "") == text
    if label.value == NO:
        return 0, own or weak != 0
    if own:
        return 1, True
    return (weak if named or weak != 0 else -1), False


def names_a_turn(label: Label | None, texts: Collection[str]) -> bool:
    """Whether the turn that a label names is among these folded ones."""
    return label is not None and bool(label.quote) and fold(label.quote or "") in texts


def agreement(old: Model, new: Model, statements: Sequence[Statement]) -> Agreement | None:
    """Both models beside what people said; None where that is too little to decide by."""
    of_flags = new.kind != REASONS
    yes = sum(one.there for one in statements)
    if len(statements) < LEAST_SAID or (of_flags and yes < LEAST_YES):
        return None
    there = np.array([one.there for one in statements], bool)
    numbers = {call: k for k, call in enumerate(dict.fromkeys(s.call_id for s in statements))}
    calls = np.array([numbers[one.call_id] for one in statements], np.int64)
    before, after = _says(old, statements), _says(new, statements)

    def figure(said: Truths, chosen: NDArray[np.int64]) -> float:
        return _f1(said[chosen], there[chosen]) if of_flags else float(said[chosen].mean())

    old_value, old_interval = bootstrap(lambda chosen: figure(before, chosen), calls)
    new_value, new_interval = bootstrap(lambda chosen: figure(after, chosen), calls)
    better, interval = bootstrap(
        lambda chosen: figure(after, chosen) - figure(before, chosen), calls
    )
    return Agreement(
        len(statements), len(numbers), old_value, old_interval, new_value, new_interval, better,
        interval,
    )  # fmt: skip


def _says(model: Model, statements: Sequence[Statement]) -> Truths:
    """Of reasons: whether the model says the same; of flags: whether it raises the flag."""
    passages = [passage for one in statements for passage in one.passages]
    said = said_by(model, model.chances(passages))
    ends = np.cumsum([len(one.passages) for one in statements])[:-1]
    return np.array(
        [_same(model, one, own) for one, own in zip(statements, np.split(said, ends), strict=True)],
        bool,
    )


def _same(model: Model, one: Statement, said: Truths) -> bool:
    if one.label == NONE_OF_THE_LIST:
        return not said.any()
    return one.label in model.labels and bool(said[:, model.labels.index(one.label)].any())


def _f1(said: Truths, there: Truths) -> float:
    """F1 of what is said; 1 where nothing is there and nothing said."""
    both = int(said.sum() + there.sum())
    return 2 * int((said & there).sum()) / both if both else 1.0


def statements_of_call(
    call_id: str, passages: tuple[Passage, ...], labels: Mapping[str, Label]
) -> list[Statement]:
    """What people say of the flags of a call."""
    return [
        Statement(call_id, passages, flag, labels[flag].value == YES)
        for flag in Flag
        if flag in labels
    ]
