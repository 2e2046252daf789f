"""What trainers made of the problems: names, merged topics, hidden problems; acts told over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.store import ProblemAct


@dataclass(frozen=True, slots=True)
class Edits:
    """What holds now. `names` by topic or rule, `into` from merged to remaining topic.

    `split`: from topics that people split off to those that they were part of. `hidden`: ids of
    problems.
    """

    names: dict[str, str] = field(default_factory=dict)
    into: dict[str, str] = field(default_factory=dict)
    split: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def remaining(self, topic: str) -> str:
        """The topic into which this one was merged, also over several steps."""
        seen = {topic}
        while (topic := self.into.get(topic, topic)) not in seen:
            seen.add(topic)
        return topic


def edits_of(acts: Iterable[ProblemAct]) -> Edits:
    """What acts come to, without those that were undone."""
    every = list(acts)
    undone = {act.undoes for act in every if act.undoes is not None}
    names, into, split, hidden = {}, {}, {}, set()
    for act in every:
        if act.id in undone:
            continue
        if act.act == "rename":
            names[act.problem] = act.value
        elif act.act == "merge":
            into[act.problem] = act.value
        elif act.act == "split":
            split[act.value] = act.problem
        elif act.act == "hide":
            hidden.add(act.problem)
    return Edits(names, into, split, frozenset(hidden))
