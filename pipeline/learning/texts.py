"""What a model reads: a call's opening for its reason, a customer's turn for flags; folded."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.domain import Role
from pipeline.store import Said

OPENING = 400  # folded characters of each side; why somebody calls is said early
TURN = "\n"  # parts turns; no n-gram goes over it
GONE = "\0"


class _Folding(dict[int, str]):
    """Character → half width, lower case; nothing for digits and signs; for str.translate."""

    def __missing__(self, code: int) -> str:
        char = unicodedata.normalize("NFKC", chr(code)).lower()
        kept = len(char) == 1 and char.isalpha()
        self[code] = folded = char if kept else GONE
        return folded


_FOLDING = _Folding()


@lru_cache(maxsize=16_384)  # people say 好的 and 嗯 all day
def fold(text: str) -> str:
    """Letters and Han, half width and lower case, without digits and what stands between."""
    return parted(text).replace(GONE, "")


def parted(text: str) -> str:
    """`fold` with `GONE` in place of what stands between."""
    return text.translate(_FOLDING)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is classified: folded turns of the customer and of the agent, parted by `TURN`."""

    customer: str
    agent: str = ""


def folded(said: Iterable[Said]) -> list[Said]:
    """A call's turns, folded."""
    return [(segment, role, fold(text)) for segment, role, text in said]


def opening(turns: Iterable[Said]) -> Passage:
    """The beginning of a folded call; who cannot be told apart counts as the customer."""
    sides: dict[bool, list[str]] = {True: [], False: []}
    room = {True: OPENING, False: OPENING}
    for _, role, text in turns:
        agent = role == Role.AGENT
        if room[agent] > 0:
            sides[agent].append(text[: room[agent]])
            room[agent] -= len(text)
    return Passage(TURN.join(sides[False]), TURN.join(sides[True]))


def customer_turns(turns: Iterable[Said]) -> list[tuple[int, Passage]]:
    """What the customer said in a folded call, with the turns' indices; empty ones left out."""
    return [
        (segment, Passage(text)) for segment, role, text in turns if role != Role.AGENT and text
    ]
