"""Training from a database, and whether what came of it is better than what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from pipeline.cutting import NO_WORDS
from pipeline.errors import BadInput
from pipeline.learning.fitting import Examples, fit
from pipeline.learning.material import Material, gather
from pipeline.learning.measuring import (
    Interval,
    Measured,
    Said,
    bootstrap,
    figures,
    macro_f1,
    said_by,
)
from pipeline.learning.model import FLAGS, REASONS, Model, Numbers
from pipeline.learning.people import Agreement, agreement
from pipeline.learning.weak import without_words
from pipeline.store import Snapshot, Words

STRONG = 5  # a label of a person weighs as so many of word lists
LEAST = 20  # calls (or turns) per label, below which nothing is learned of it
LEAST_HELD_OUT = 30
LEAST_AGENTS = 4  # one in four is held out


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model beside the one in force, both on the same held-out examples.

    `better`: how much higher the new one's mean F1 is, with its 95 % interval. `people`: both
    beside what people said, where that is enough to decide which is worse.
    """

    model: Model
    new: Measured
    old: Measured
    old_id: str
    better: float
    interval: Interval
    material: Material
    people: Agreement | None

    @property
    def worse(self) -> bool:
        """Worse by more than chance: by what people said where there is enough of it, else by all.

        A gain on labels of word lists outvotes no loss on labels of people.
        """
        return (self.people or self).interval[1] < 0


def train(snapshot: Snapshot, kind: str, old: Model) -> Trained:
    """A model of a database's calls; BadInput with the counts when there is too little to learn."""
    found = gather(snapshot, kind, LEAST)
    _refuse(found)
    words = Words(snapshot.people).accepted()
    version = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    model = fit(kind, version, found.labels, _taught(found), words or NO_WORDS)
    new_said, new_chances = _said(model, found)
    old_said, old_chances = _said(old, found)
    out = found.held_out
    better, interval = bootstrap(
        lambda chosen: (
            macro_f1(new_said[chosen], out.truth[chosen])
            - macro_f1(old_said[chosen], out.truth[chosen])
        ),
        out.groups,
    )
    return Trained(
        model, figures(kind, found.labels, new_said, new_chances, out),
        figures(kind, found.labels, old_said, old_chances, out), old.id, better, interval, found,
        agreement(old, model, found.said),
    )  # fmt: skip


def origin(done: Trained) -> str:
    """Where a model's examples come from, for its card; counts only."""
    found = done.material
    what = "openings of calls" if found.kind == REASONS else "customers' turns"
    left_out = "".join(f" Too few to learn: {name} ({n})." for name, n in found.few.items())
    return (
        f"{len(found.train.passages):,} {what} out of {found.calls:,} calls of {found.agents:,} "
        f"agents, masked; measured on {len(found.held_out.passages):,} of other agents. Labels: "
        f"word lists, and {found.taught:,} that people gave, each of which weighs as {STRONG}; "
        f"people gave {len(found.said):,} more of those others' calls.{left_out}\n{_beside(done)}"
        "A feature stands in calls of at least three agents; no text is kept."
    )


def _beside(done: Trained) -> str:
    """Both models beside what people said of the held-out agents' calls, for the card."""
    found = done.people
    if found is None:
        return ""
    figure = "F1 over all flags" if done.material.kind == FLAGS else "share right"
    (low, high), (old_low, old_high) = found.new_interval, found.old_interval
    return (
        f"On {found.statements:,} labels of people about {found.calls:,} of those calls "
        f"({figure}): {found.new:.3f} ({low:.3f}–{high:.3f}), before, with {done.old_id}, "
        f"{found.old:.3f} ({old_low:.3f}–{old_high:.3f}).\n"
    )


def _taught(found: Material) -> Examples:
    """Reasons are learned once more without the words that gave them, so that others count too.

    What people labelled is learned as often as it weighs.
    """
    train = found.train
    parts = [train, *[found.strong] * (STRONG - 1)]
    if found.kind != FLAGS:
        bare = [
            without_words(passage, found.labels[int(truth.argmax())])
            for passage, truth in zip(train.passages, train.truth, strict=True)
        ]
        parts.append(Examples(bare, train.truth, train.groups))
    return Examples(
        [passage for part in parts for passage in part.passages],
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.groups for part in parts]),
    )


def _said(model: Model, found: Material) -> tuple[Said, Numbers]:
    """What a model says of the held-out examples, in the columns of the material's labels."""
    chances = model.chances(found.held_out.passages)
    said = said_by(model, chances)
    size = (len(chances), len(found.labels))
    own_said, own_chances = np.zeros(size, bool), np.zeros(size)
    for place, label in enumerate(found.labels):
        if label in model.labels:
            column = model.labels.index(label)
            own_said[:, place], own_chances[:, place] = said[:, column], chances[:, column]
    return own_said, own_chances


def _refuse(found: Material) -> None:
    """BadInput where training would give a model of nothing, with the remedy."""
    counts = _listed(found.few)
    if found.agents < LEAST_AGENTS:
        raise BadInput(
            f"calls of {found.agents} agents are too few: some train and others measure, so "
            f"{LEAST_AGENTS} are needed. Load calls of more agents, with agent_id in the metadata"
        )
    if found.kind == FLAGS and found.few:
        raise BadInput(
            f"too few customers' turns to learn all flags from ({found.calls:,} calls): {counts}; "
            f"{LEAST} each are needed. Load more calls, or say on their pages which have such a "
            "turn; until then the model in force stays"
        )
    if found.kind == REASONS and len(found.labels) < 2:
        raise BadInput(
            f"{len(found.labels)} reasons have at least {LEAST} calls ({found.calls:,} calls "
            f"were looked at; {counts}): a model needs two or more. Load more calls; until then "
            "the model in force stays"
        )
    if len(found.held_out.passages) < LEAST_HELD_OUT:
        raise BadInput(
            f"only {len(found.held_out.passages)} examples of agents that nothing is learned from, "
            f"to measure on; {LEAST_HELD_OUT} are needed. Load calls of more agents"
        )


def _listed(few: Mapping[str, int]) -> str:
    return ", ".join([*(f"{label} {count}" for label, count in few.items() if count), "others 0"])
