"""Words that jieba lacks: pieces of two to six characters that stay together and stand freely.

Cohesion: how much oftener a piece is said than its two parts would meet by chance, at its weakest
seam (pointwise mutual information). Freedom: how many different characters stand on either side
(entropy). Only what many calls of several agents and customers hold is suggested, so that nobody's
name gets in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.cutting import is_word
from pipeline.errors import BadInput
from pipeline.learning.texts import GONE, fold, parted
from pipeline.store import Said, Snapshot, Words, material, said_in

SIZES = range(2, 7)
MOST_CALLS, MOST_CHARACTERS = 20_000, 8_000_000
LEAST_CALLS, LEAST_HOLDERS = 10, 3  # calls; agents, and customers
COHESION, FREEDOM = 3.0, 1.0  # nats
AT_ONCE = 500
PART = ord(GONE)
# Characters that begin or end no name of a thing.
LOOSE = frozenset(
    "的了是我你您他她它们这那个在有不就都也还和跟与给把被让吗吧呢啊哦嗯呀么啦要会能可请问去来说对很一"
)

Row = dict[str, Any]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A piece that may be a word; `cohesion` and `freedom` in nats, the more the likelier."""

    word: str
    times: int
    calls: int
    agents: int
    cohesion: float
    freedom: float


@dataclass(frozen=True, slots=True)
class _Text:
    """All turns one after the other: `codes` of characters, and whose each is."""

    codes: Ints
    call: Ints
    agent: Ints
    customer: Ints


def suggest(snapshot: Snapshot, limit: int) -> list[Suggestion]:
    """The likeliest words that nobody has decided on yet."""
    decided = {one.word for one in Words(snapshot.people).decided()}
    text = _text(snapshot)
    hashes = {size: _hashes(text.codes, size) for size in range(1, max(SIZES) + 1)}
    found = [one for size in SIZES for one in _of_size(text, hashes, size, decided)]
    best = sorted(found, key=lambda one: -one.cohesion * one.freedom * np.log(one.calls))
    return _whole(best)[:limit]


def checked(word: str) -> str:
    """A word as the cutter is to know it; BadInput where it cannot be one."""
    folded = fold(word)
    if not 2 <= len(folded) <= 12 or len(folded) < len(word.strip()):
        raise BadInput(f"'{word}' is no word: 2 to 12 letters or characters, without digits")
    return folded


def _text(snapshot: Snapshot) -> _Text:
    """What was said in calls drawn from all, folded."""
    rows = material(snapshot, MOST_CALLS)
    agents: dict[str, int] = {}
    customers: dict[str, int] = {}
    codes, owners, size = [], [], 0
    for number, row, own in _calls(snapshot, rows):
        joined = "".join(f"{parted(turn)}{GONE}" for _, _, turn in own)
        part = np.frombuffer(joined.encode("utf-16-le", "replace"), np.uint16)
        agent = agents.setdefault(row["held_by"], len(agents))
        customer = customers.setdefault(row["customer"], len(customers))
        codes.append(part)
        owners.append(np.tile([[number], [agent], [customer]], len(part)))
        size += len(part)
        if size > MOST_CHARACTERS:
            break
    if not codes:
        return _Text(*(np.zeros(0, np.int64) for _ in range(4)))
    call, agent_of, customer_of = np.concatenate(owners, axis=1)
    return _Text(np.concatenate(codes).astype(np.int64), call, agent_of, customer_of)


def _calls(snapshot: Snapshot, rows: Sequence[Row]) -> Iterator[tuple[int, Row, list[Said]]]:
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        said = said_in(snapshot, [row["call_id"] for row in some])
        for number, row in enumerate(some, start):
            yield number, row, said.get(row["call_id"], [])


def _hashes(codes: Ints, size: int) -> Ints:
    """A number per piece of `size` characters; -1 where it goes over an end or a gap."""
    count = max(len(codes) - size + 1, 0)
    hashes, whole = np.zeros(count, np.uint64), np.ones(count, bool)
    for place in range(size):
        part = codes[place : place + count]
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + part.astype(np.uint64) + np.uint64(1)
        whole &= part != PART
    return np.where(whole, (hashes >> np.uint64(1)).astype(np.int64), -1)


def _of_size(
    text: _Text, hashes: dict[int, Ints], size: int, decided: set[str]
) -> Iterator[Suggestion]:
    own = hashes[size]
    known, first, counts = np.unique(own, return_index=True, return_counts=True)
    often = (counts >= LEAST_CALLS) & (known >= 0)
    known, first, counts = known[often], first[often], counts[often]
    if not len(known):
        return
    cohesion = _cohesion(hashes, size, first, counts)
    keep = [
        k for k in np.flatnonzero(cohesion >= COHESION)
        if _possible(_word(text, first[k], size), decided)
    ]  # fmt: skip
    for k in keep:
        at = np.flatnonzero(own == known[k])
        holders = [len(np.unique(part[at])) for part in (text.call, text.agent, text.customer)]
        if holders[0] < LEAST_CALLS or min(holders[1:]) < LEAST_HOLDERS:
            continue
        freedom = min(
            _entropy(_beside(text.codes, at - 1)), _entropy(_beside(text.codes, at + size))
        )
        if freedom >= FREEDOM:
            word = _word(text, first[k], size)
            yield Suggestion(word, len(at), holders[0], holders[1], float(cohesion[k]), freedom)


def _cohesion(hashes: dict[int, Ints], size: int, first: Ints, counts: Ints) -> NDArray[np.float64]:
    """Pointwise mutual information at the weakest seam of every piece."""
    total = max((hashes[1] >= 0).sum(), 1)
    weakest = np.full(len(first), np.inf)
    for seam in range(1, size):
        left = _counts(hashes[seam], first)
        right = _counts(hashes[size - seam], first + seam)
        weakest = np.minimum(weakest, np.log(counts * float(total) / (left * right)))
    return weakest


def _counts(hashes: Ints, at: Ints) -> NDArray[np.float64]:
    """How often the pieces that begin at some places are said."""
    known, counts = np.unique(hashes, return_counts=True)
    found: NDArray[np.float64] = counts[np.searchsorted(known, hashes[at])].astype(float)
    return found


def _possible(word: str, decided: set[str]) -> bool:
    return (
        word not in decided and word[0] not in LOOSE and word[-1] not in LOOSE and not is_word(word)
    )


def _word(text: _Text, at: int, size: int) -> str:
    return text.codes[at : at + size].astype(np.uint16).tobytes().decode("utf-16-le", "replace")


def _beside(codes: Ints, at: Ints) -> Ints:
    """The characters at some places; each end of a turn is one of its own, for it is free there."""
    inside = (at >= 0) & (at < len(codes))
    found = np.where(inside, codes[np.clip(at, 0, len(codes) - 1)], PART)
    ends = found == PART
    found[ends] = -1 - np.arange(ends.sum())
    return found


def _entropy(values: Ints) -> float:
    counts = np.unique(values, return_counts=True)[1] / len(values)
    return float(-(counts * np.log(counts)).sum())


def _whole(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Without pieces of a longer one that is said nearly as often."""

    def is_piece(one: Suggestion, other: Suggestion) -> bool:
        return one.word in other.word and one != other and other.times > 0.7 * one.times

    return [one for one in found if not any(is_piece(one, other) for other in found)]
