"""Diarization error rate: who spoke when, against the truth.

The definition of NIST's md-eval: speech of a person that nobody was heard in (miss), heard where
there was none (false alarm), and given to the wrong person (confusion), as a share of all true
speech. Where two people speak at once both count: a system that names one of them misses the other.
Names are matched so that most time agrees. A collar leaves out so many seconds on either side of
every true boundary. Checked against the vectors of nryant/dscore in `tests/test_bench_der.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MOST_SPEAKERS = 7


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of one person, in seconds."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True, slots=True)
class Der:
    """Seconds of each error, and of true speech."""

    miss: float
    false_alarm: float
    confusion: float
    speech: float

    @property
    def rate(self) -> float:
        """Errors per second of true speech; infinite when there was none but some was heard."""
        wrong = self.miss + self.false_alarm + self.confusion
        return wrong / self.speech if self.speech else (float("inf") if wrong else 0.0)

    def __add__(self, other: Der) -> Der:
        return Der(
            self.miss + other.miss,
            self.false_alarm + other.false_alarm,
            self.confusion + other.confusion,
            self.speech + other.speech,
        )


def read_rttm(path: Path) -> dict[str, list[Turn]]:
    """The turns of every file in an RTTM."""
    found: dict[str, list[Turn]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if parts and parts[0] == "SPEAKER":
            start, length = float(parts[3]), float(parts[4])
            found.setdefault(parts[1], []).append(Turn(start, start + length, parts[7]))
    return found


def read_uem(path: Path) -> dict[str, list[tuple[float, float]]]:
    """The stretches of every file that are scored."""
    found: dict[str, list[tuple[float, float]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split(";")[0].split()
        if parts:
            found.setdefault(parts[0], []).append((float(parts[2]), float(parts[3])))
    return found


def der(
    truth: Sequence[Turn],
    heard: Sequence[Turn],
    *,
    collar: float = 0.0,
    scored: Iterable[tuple[float, float]] | None = None,
) -> Der:
    """Errors of `heard`, in seconds; only inside the `scored` stretches where they are given."""
    truth = list(_joined(truth))
    times = {time for turn in (*truth, *heard) for time in (turn.start, turn.end)}
    bounds = {time for turn in truth for time in (turn.start, turn.end)} if collar else set()
    regions = None if scored is None else list(scored)
    times |= {bound + side for bound in bounds for side in (-collar, collar)}
    times |= {time for region in regions or () for time in region}
    cuts = np.array(sorted(times))
    lengths, middles = np.diff(cuts), (cuts[:-1] + cuts[1:]) / 2
    for bound in bounds:
        lengths[np.abs(middles - bound) < collar] = 0.0
    if regions is not None:
        lengths[~_inside(middles, regions)] = 0.0
    true, given = _speaking(truth, middles), _speaking(heard, middles)
    count_true, count_given = true.sum(axis=0), given.sum(axis=0)
    both = np.minimum(count_true, count_given)
    return Der(
        float(lengths @ np.maximum(count_true - count_given, 0)),
        float(lengths @ np.maximum(count_given - count_true, 0)),
        float(lengths @ both) - _agreement((true * lengths) @ given.T),
        float(lengths @ count_true),
    )


def _joined(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Turns of one person that touch are one: there is no boundary between them."""
    waiting: dict[str, Turn] = {}
    for turn in sorted(turns, key=lambda turn: turn.start):
        last = waiting.get(turn.speaker)
        if last and turn.start <= last.end:
            end = max(last.end, turn.end)
            waiting[turn.speaker] = Turn(last.start, end, turn.speaker)
            continue
        if last:
            yield last
        waiting[turn.speaker] = turn
    yield from waiting.values()


def _speaking(turns: Sequence[Turn], moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where a person speaks; (people, moments)."""
    people = sorted({turn.speaker for turn in turns})
    regions = [[(t.start, t.end) for t in turns if t.speaker == person] for person in people]
    rows = [_inside(moments, region) for region in regions]
    return np.array(rows, np.float64).reshape(len(people), len(moments))


def _inside(
    moments: NDArray[np.float64], regions: Sequence[tuple[float, float]]
) -> NDArray[np.bool_]:
    found = np.zeros(len(moments), np.bool_)
    for start, end in regions:
        found |= (moments > start) & (moments < end)
    return found


def _agreement(shared: NDArray[np.float64]) -> float:
    """Most seconds that agree when every person is matched with at most one heard voice."""
    if shared.shape[0] > shared.shape[1]:
        shared = shared.T
    rows, columns = shared.shape
    if columns > MOST_SPEAKERS:
        raise ValueError(f"{columns} speakers: at most {MOST_SPEAKERS} can be matched")
    ways = permutations(range(columns), rows)
    return max((sum(float(shared[n, c]) for n, c in enumerate(way)) for way in ways), default=0.0)
