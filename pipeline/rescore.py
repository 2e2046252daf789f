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
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pipeline.domain import PastCall, Rescored
from pipeline.process import Packs, inspect_again
from pipeline.rules import RulePack, local_day_of
from pipeline.store import Snapshot, Store, StoredText

CHUNK = 100  # calls that one worker holds
WRITTEN_AT_ONCE = 1000
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
    pack_hash: str
    verdicts: dict[str, str]


Pair = tuple[Before, Rescored]


def rescore(
    job: Job, store: Store, since: datetime | None, told: Callable[[int, int], None]
) -> dict[str, int]:
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
    done = changed = 0
    for pairs in _gathered(rescored(job, call_ids), WRITTEN_AT_ONCE):
        store.replace_results([result for _, result in pairs], compared=True)
        done += len(pairs)
        changed += sum(differs(before, after) for before, after in pairs)
        told(done, len(call_ids))
    if call_ids:
        store.publish()
    return {"calls": done, "changed": changed}


def _gathered(chunks: Iterable[list[Pair]], least: int) -> Iterator[list[Pair]]:
    """Chunks put together: a transaction of many calls costs little more than one of few."""
    waiting: list[Pair] = []
    for chunk in chunks:
        waiting += chunk
        if len(waiting) >= least:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


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
    chunks = [call_ids[k : k + CHUNK] for k in range(0, len(call_ids), CHUNK)]
    count = min(workers or os.cpu_count() or 1, len(chunks))
    if count <= 1 or len(call_ids) <= SMALL:
        worker = _Worker(job)
        yield from map(worker.score, chunks)
        return
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_start, initargs=(job,)
    ) as pool:
        yield from _in_flight(pool, chunks, 2 * count)


def _in_flight(
    pool: ProcessPoolExecutor, chunks: Iterable[Sequence[str]], most: int
) -> Iterator[list[Pair]]:
    """Hand out a few chunks at a time: results that nobody has taken yet cost memory."""
    running: set[Future[list[Pair]]] = set()
    for chunk in chunks:
        running.add(pool.submit(_score, list(chunk)))
        if len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    yield from (future.result() for future in running)


class _Worker:
    """Scores chunks of calls from the published copy."""

    def __init__(self, job: Job) -> None:
        self.packs = Packs(job.pack, job.packs_folder)
        self.snapshot = Snapshot.open(job.db, job.timezone)

    def score(self, call_ids: Sequence[str]) -> list[Pair]:
        texts = self.snapshot.texts(call_ids)
        customers = {c for t in texts if (c := t.transcript.info.customer_id) is not None}
        history = self.snapshot.history(customers) if customers else {}
        return [self._pair(text, history) for text in texts]

    def _pair(self, text: StoredText, history: dict[str, tuple[PastCall, ...]]) -> Pair:
        info = text.transcript.info
        known = history.get(info.customer_id or "", ())
        earlier = tuple(past for past in known if past.call_id != text.call_id)
        before = Before(
            text.call_id, text.score, text.grade, text.vetoed, text.pack_hash,
            {rule: verdict.value for rule, verdict in text.verdicts.items()},
        )  # fmt: skip
        return before, inspect_again(text, self.packs.of_call(info), earlier)


_worker: list[_Worker] = []


def _start(job: Job) -> None:
    _worker.append(_Worker(job))
    gc.collect()
    gc.freeze()  # packs and expressions are never garbage: do not look at them again and again
    atexit.register(gc.unfreeze)  # else DuckDB complains of leaks at the end


def _score(call_ids: list[str]) -> list[Pair]:
    return _worker[0].score(call_ids)
