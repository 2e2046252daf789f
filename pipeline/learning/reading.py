"""Reading calls with the models in force: where calls are loaded, or when a model was changed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.domain import Flag, FlagMoment, Learned
from pipeline.errors import BadInput
from pipeline.learning.files import in_force, in_force_id, models_folder
from pipeline.learning.model import FLAGS, REASONS, Model, Numbers
from pipeline.learning.texts import customer_turns, folded, opening
from pipeline.store import LearnedCalls, Said, Store

log = logging.getLogger(__name__)
AT_ONCE = 500  # calls in a transaction


@dataclass(frozen=True, slots=True)
class Readers:
    """The two models that read a call."""

    reasons: Model
    flags: Model

    def read(self, calls: Mapping[str, Sequence[Said]]) -> list[Learned]:
        """Reason and flags of each call."""
        each_folded = [folded(said) for said in calls.values()]
        chances = self.reasons.chances([opening(turns) for turns in each_folded])
        turns = [customer_turns(own) for own in each_folded]
        passages = [passage for own in turns for _, passage in own]
        once = {passage: k for k, passage in enumerate(dict.fromkeys(passages))}  # 好的, all day
        flags = self.flags.chances(list(once))[[once[passage] for passage in passages]]
        each = np.split(flags, np.cumsum([len(own) for own in turns])[:-1])
        return [
            self._one(call_id, chances[k], [segment for segment, _ in turns[k]], each[k])
            for k, call_id in enumerate(calls)
        ]

    def _one(
        self, call_id: str, reasons: Numbers, segments: Sequence[int], flags: Numbers
    ) -> Learned:
        best = int(reasons.argmax())
        chance, likely = float(reasons[best]), self.reasons.labels[best]
        moments = [
            FlagMoment(Flag(label), float(column.max()), segments[int(column.argmax())])
            for label, column in zip(self.flags.labels, flags.T, strict=True)
            if segments
        ]
        raised = tuple(
            moment
            for moment, least in zip(moments, self.flags.thresholds, strict=False)
            if moment.chance >= least
        )
        return Learned(
            call_id,
            self.reasons.id,
            likely if chance >= self.reasons.thresholds[best] else None,
            likely if chance > 0 else None,
            chance if chance > 0 else None,
            self.flags.id,
            tuple(moment.flag for moment in raised),
            {**dict.fromkeys(Flag, 0.0), **{moment.flag: moment.chance for moment in moments}},
            raised,
        )


def read_new(store: Store) -> int:
    """Read the calls that the models in force have not; returns how many.

    Killed in between, the next one goes on. A model that cannot be read is told and costs no night.
    """
    folder, calls = models_folder(store.layout.db), LearnedCalls(store)
    try:
        waiting = calls.missing(in_force_id(folder, REASONS), in_force_id(folder, FLAGS))
        if not waiting:
            return 0
        readers = Readers(in_force(folder, REASONS), in_force(folder, FLAGS))
    except BadInput as error:
        log.warning("calls are loaded without reasons and flags: %s", error)
        return 0
    for start in range(0, len(waiting), AT_ONCE):
        ids = waiting[start : start + AT_ONCE]
        said = calls.said(ids)
        calls.write(readers.read({call_id: said.get(call_id, []) for call_id in ids}))
    return len(waiting)
