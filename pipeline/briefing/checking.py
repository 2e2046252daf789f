"""What people may write into a briefing: it is read aloud and handed on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.casebook import refuse_private
from pipeline.domain import BriefingText
from pipeline.errors import BadInput
from pipeline.store import Snapshot

LONGEST = 600  # characters of one text: two pages are to be read aloud


def check(text: BriefingText, snapshot: Snapshot) -> None:
    """BadInput where a text is too long, holds private data or names an agent.

    Agents are named only by choosing them for a training, never in what is read aloud.
    """
    names = [str(agent["name"]) for agent in snapshot.choices()["agents"] or () if agent["name"]]
    for written in _texts(text):
        if len(written) > LONGEST:
            raise BadInput(
                f"a text of a briefing has at most {LONGEST} characters: “{written[:20]}…”"
            )
        refuse_private(written)
        named = _named(written, names)
        if named:
            raise BadInput(
                f"the text names the agent “{named}”: it is read aloud; choose agents where "
                "a training is decided"
            )


def _texts(text: BriefingText) -> Iterator[str]:
    yield text.comment
    for one in text.problems:
        yield from (one.why, one.answer, one.training, one.note)
    yield from (action.what for action in text.actions)


def _named(written: str, names: Iterable[str]) -> str | None:
    return next((name for name in names if len(name) > 1 and name in written), None)
