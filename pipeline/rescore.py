"""Scoring stored calls again, on all cores: new results, or only what a changed pack would change.

Workers read calls from the published copy in chunks and give back results; this process alone
writes. Memory holds a few chunks, however many calls there are. Nothing is transcribed again.
"""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from pipeline import search
from pipeline.domain import PastCall, Rescored
from pipeline.learning.files import models_folder
from pipeline.learning.moods import Moods
from pipeline.process import Packs, inspect_again
from pipeline.rules import Advisers, RulePack, local_day_of
from pipeline.store import ResultTables, Snapshot, Store, StoredText

CHUNK = 100  # calls that one worker holds
WRITTEN_AT_ONCE = 1000
GARBAGE_EVERY = 10_000  # new objects; hardly any are in cycles, and only those are sought
READER_MEBIBYTES, WRITER_MEBIBYTES = 128, 400  # of DuckDB; Python needs about 300 beside it
SMALL = 300  # so few calls are done here: starting processes takes longer


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker needs to know; plain values, so that it can be sent to another process."""

    db: Path
    timezone: str
    pack: str | None
    packs_folder: Path | None


@dataclass(frozen=True, slots=True)
class Before:
    """The result that a call had."""

    call_id: str
    score: float
    grade: str
    vetoed: bool
    verdicts: dict[str, str]


Pair = tuple[Before, Rescored]
Told = Callable[[int, int], None]  # calls done, calls in all
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chunk:
    """New results of some calls: how many, how many that changed, and as tables."""

    calls: int
    changed: int
    tables: ResultTables


def _silent(_done: int, _all: int) -> None:
    """Tells nobody."""


def rescore(job: Job, store: Store, since: datetime | None, told: Told) -> dict[str, int]:
    """New results for stored calls that another pack or version has scored; old ones are kept.

    `told(done, all)` is called after every chunk. Killed in between, it goes on where it stopped
    when it is started again. Returns counts: `calls`, `changed` (another score, grade or verdict).
    """
    store.load_spool()
    store.publish()
    packs = Packs(job.pack, job.packs_folder)
    with Snapshot.open(job.db, job.timezone) as snapshot:
        rows = snapshot.for_scoring(since)
    used = packs_of(rows, packs)
    call_ids = [r["call_id"] for r in rows if used[r["call_id"]].sha256 != r["pack_hash"]]
    store.remember_packs(used.values())
    changed = write_results(job, store, call_ids, told)
    if call_ids:
        store.publish()
    search.sync(store)
    return {"calls": len(call_ids), "changed": changed}


def write_results(job: Job, store: Store, call_ids: Sequence[str], told: Told = _silent) -> int:
    """Score calls again, write what workers give back, several chunks in a transaction.

    Returns how many changed.
    """
    store.limit(WRITER_MEBIBYTES)
    done = changed = 0
    chunks = _each(job, call_ids, _Worker.chunk)
    while together := list(islice(chunks, WRITTEN_AT_ONCE // CHUNK)):
        store.replace_results([chunk.tables for chunk in together])
        done += sum(chunk.calls for chunk in together)
        changed += sum(chunk.changed for chunk in together)
        told(done, len(call_ids))
    return changed


def packs_of(rows: Iterable[Mapping[str, Any]], packs: Packs) -> dict[str, RulePack]:
    """Call id → the pack in force for it, for rows of `Snapshot.for_scoring`."""
    return {
        row["call_id"]: packs.of(row["business_line"], local_day_of(row["started_at"]))
        for row in rows
    }


def differs(before: Before, after: Rescored) -> bool:
    """Whether a call has another score, grade, veto or verdict."""
    card = after.scorecard
    now = {finding.rule: finding.verdict.value for finding in after.findings}
    return (before.score, before.grade, before.vetoed, before.verdicts) != (
        card.score, card.grade, card.vetoed, now,
    )  # fmt: skip


def rescored(job: Job, call_ids: Sequence[str], workers: int = 0) -> Iterator[list[Pair]]:
    """Old and new results, a chunk at a time, in no special order."""
    yield from _each(job, call_ids, _Worker.score, workers)


def _each(
    job: Job, call_ids: Sequence[str], step: Callable[[_Worker, Sequence[str]], T], workers: int = 0
) -> Iterator[T]:
    """What workers make of chunks of calls, as they finish."""
    chunks = [call_ids[k : k + CHUNK] for k in range(0, len(call_ids), CHUNK)]
    count = min(workers or os.cpu_count() or 1, len(chunks))
    if count <= 1 or len(call_ids) <= SMALL:
        worker = _Worker(job)
        yield from (step(worker, chunk) for chunk in chunks)
        return
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_start, initargs=(job,)
    ) as pool:
        yield from _in_flight(pool, step, chunks, 2 * count)


def _in_flight(
    pool: ProcessPoolExecutor,
    step: Callable[[_Worker, Sequence[str]], T],
    chunks: Iterable[Sequence[str]],
    most: int,
) -> Iterator[T]:
    """Hand out a few chunks at a time: results that nobody has taken yet cost memory."""
    running: set[Future[T]] = set()
    for chunk in chunks:
        running.add(pool.submit(_do, step, list(chunk)))
        if len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    yield from (future.result() for future in running)


class _Worker:
    """Scores chunks of calls from the published copy."""

    def __init__(self, job: Job) -> None:
        self.packs = Packs(job.pack, job.packs_folder)
        self.snapshot = Snapshot.open(job.db, job.timezone)
        self.snapshot.limit(READER_MEBIBYTES)
        self.advisers = Advisers(moods=Moods(models_folder(job.db)))

    def score(self, call_ids: Sequence[str]) -> list[Pair]:
        """Old and new results."""
        texts = self.snapshot.texts(call_ids)
        customers = {c for t in texts if (c := t.transcript.info.customer_id) is not None}
        history = self.snapshot.history(customers) if customers else {}
        return [self._pair(text, history) for text in texts]

    def chunk(self, call_ids: Sequence[str]) -> Chunk:
        """Results as tables: the writer, which is alone, has little left to do."""
        pairs = self.score(call_ids)
        tables = self.snapshot.result_tables([after for _, after in pairs])
        return Chunk(len(pairs), sum(differs(*pair) for pair in pairs), tables)

    def _pair(self, text: StoredText, history: dict[str, tuple[PastCall, ...]]) -> Pair:
        info = text.transcript.info
        known = history.get(info.customer_id or "", ())
        earlier = tuple(past for past in known if past.call_id != text.call_id)
        before = Before(
            text.call_id, text.score, text.grade, text.vetoed,
            {rule: verdict.value for rule, verdict in text.verdicts.items()},
        )  # fmt: skip
        return before, inspect_again(text, self.packs.of_call(info), earlier, self.advisers)


_worker: list[_Worker] = []


def _start(job: Job) -> None:
    _worker.append(_Worker(job))
    gc.collect()
    gc.set_threshold(GARBAGE_EVERY)
    gc.freeze()  # packs and expressions are never garbage: do not look at them again and again
    atexit.register(gc.unfreeze)  # else DuckDB complains of leaks at the end


def _do(step: Callable[[_Worker, Sequence[str]], T], call_ids: list[str]) -> T:
    return step(_worker[0], call_ids)
