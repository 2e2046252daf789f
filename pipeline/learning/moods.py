"""Moods for rules (`sentiment` with `by: model`): the model of flags in force reads them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import BadInput
from pipeline.rules import MoodReading

if TYPE_CHECKING:
    from pipeline.learning.model import Model


class Moods:
    """Reads with the model of a database's folder; it is loaded when a rule first asks.

    `folder`: where models of the database lie (`models_folder`); None: the model that ships.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def read(self, texts: Sequence[str]) -> MoodReading:
        """Chances of every flag in each text; a model that cannot be read is a fault."""
        from pipeline.learning.files import SHIPPED, in_force_id
        from pipeline.learning.model import FLAGS
        from pipeline.learning.texts import Passage, fold

        folder = self._folder or SHIPPED
        try:
            model = _loaded(folder, in_force_id(folder, FLAGS))
        except BadInput:
            return MoodReading(fault="情绪模型无法读取")
        chances = model.chances([Passage(fold(text)) for text in texts])
        return MoodReading(
            model.id,
            {label: column.tolist() for label, column in zip(model.labels, chances.T, strict=True)},
            dict(zip(model.labels, map(float, model.thresholds), strict=True)),
        )


@lru_cache(maxsize=4)
def _loaded(folder: Path, _in_force: str) -> Model:
    """Read once per version; another one in force is another key."""
    from pipeline.learning.files import in_force
    from pipeline.learning.model import FLAGS

    return in_force(folder, FLAGS)
