"""Scoring stored calls again: calls a second, cores used, memory.

    python -m bench.rescore_speed [--calls 100000] [--turns 60]

2,000 generated calls are stored by the ordinary way and copied inside the database until there are
enough. Then `rescore` runs as the command does, in processes of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import threading
import time
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from bench.generated_calls import generate
from pipeline.intake.transcripts import parse_transcript
from pipeline.process import Packs, inspect, provenance_of
from pipeline.rescore import Job, rescore
from pipeline.store import Store

DISTINCT = 2_000
ZONE = ZoneInfo("Asia/Shanghai")


def main() -> None:
    """Fill a database, score it again, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        db = Path(scratch) / "calls.duckdb"
        given = db, options.calls, options.turns
        filling = get_context("spawn").Process(target=_prepare, args=given)
        filling.start()  # its memory is not that of scoring again
        filling.join()
        peak = _Peak()
        with Store.open(db) as store, peak:
            wall = time.perf_counter()
            counts = rescore(Job(db, "Asia/Shanghai", None, None), store, None, lambda *_: None)
            wall = time.perf_counter() - wall
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        cpu = children.ru_utime + children.ru_stime
        size = db.stat().st_size >> 20
        print(f"{counts['calls']} calls in {wall:.0f} s: {counts['calls'] / wall:.0f} calls/s")
        print(f"workers {cpu:.0f} CPU s ({cpu / wall:.2f} cores), database {size} MiB")
        print(f"peak memory of all processes {peak.mebibytes:.0f} MiB, "
              f"of this one {own.ru_maxrss >> 10} MiB")  # fmt: skip


def _prepare(db: Path, calls: int, turns: int) -> None:
    _fill(db, min(DISTINCT, calls), turns)
    _multiply(db, max(calls // DISTINCT, 1))


def _fill(db: Path, count: int, turns: int) -> None:
    packs = Packs()
    with Store.open(db) as store:
        reports = []
        for number, call in enumerate(generate(count, turns)):
            transcript = parse_transcript(json.dumps(call), "generated", ZONE).transcript
            pack = packs.of_call(transcript.info)
            reports.append(inspect(transcript, pack, provenance_of(f"{number:064}", pack, "s")))
        store.save(reports)


def _multiply(db: Path, times: int) -> None:
    """Copies of all calls with ids of their own; all of them scored by an unknown pack."""
    with duckdb.connect(str(db)) as connection:
        connection.execute("UPDATE calls SET pack_hash = 'old'")
        for table in ("segments", "findings", "control_points", "private_spans", "metrics"):
            connection.execute(
                f"INSERT INTO {table} SELECT {table}.* REPLACE (call_id || '-' || k AS call_id) "
                f"FROM {table}, range(1, {times}) AS r(k)"
            )
        connection.execute(
            "INSERT INTO calls SELECT calls.* REPLACE (call_id || '-' || k AS call_id, "
            "sha256(content_sha256 || k) AS content_sha256, "
            "customer_id || '-' || k AS customer_id) "
            f"FROM calls, range(1, {times}) AS r(k)"
        )


class _Peak:
    """Most memory that this process and its children hold together, looked at twice a second."""

    def __init__(self) -> None:
        self.mebibytes = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self.mebibytes = max(self.mebibytes, _resident() / 1024)


def _resident() -> float:
    """KiB of this process and its children; shared pages count once for each."""
    me = Path("/proc/self/task").resolve()
    children = (me / str(me.parent.name) / "children").read_text().split()
    pids = [me.parent.name, *children]
    total = 0
    for pid in pids:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except FileNotFoundError:
            continue
        line = next((x for x in status.splitlines() if x.startswith("VmRSS")), "VmRSS: 0")
        total += int(line.split()[1])
    return total


if __name__ == "__main__":
    main()
