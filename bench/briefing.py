"""How long a briefing takes over many calls: gathered, and written in every format.

    python -m bench.briefing [--calls 100000] [--db FILE]

The calls are the generated history (`bench.history`), repeated under other ids; of these a quarter
lies in the week of the briefing. `--db`: an existing database, its last week.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import history
from pipeline.briefing import gather, weeks_there
from pipeline.briefing.document import Export
from pipeline.briefing.files import WRITERS, written
from pipeline.problems import hear, look
from pipeline.store import Snapshot


def main() -> None:
    """Print seconds of the wall and of the processor."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--calls", type=int, default=100_000)
    given.add_argument("--db", type=Path)
    asked = given.parse_args()
    with TemporaryDirectory(prefix="callqa-bench-") as folder:
        db = asked.db or Path(folder) / "calls.duckdb"
        if asked.db is None:
            with _timed("making the history"):
                history.make(db, times=max(round(asked.calls / history.CALLS), 1))
        _measure(db)


def _measure(db: Path) -> None:
    with Snapshot.open(db) as snapshot:
        week = weeks_there(snapshot)[0]
        with _timed("gather, the first time"):
            found = gather(snapshot, week)
        with _timed("gather again"):
            gather(snapshot, week)
        said = hear(snapshot, week)
        with _timed("gather after a review, as the pages do"):
            gather(snapshot, week, None, lambda *asked: look(*asked, said))
        now = found.headline.now
        print(f"{snapshot.count_calls():,} calls, {now.calls:,} of them in {week}")
    for form in WRITERS:
        with _timed(form):
            size = len(written(found, form, Export("zh", date(2026, 11, 23))))
        print(f"  {form}: {size / 1024:.0f} KiB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MiB")


class _timed:  # noqa: N801 - read as a word
    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        print(f"{self.what}: {wall:.1f} s ({cpu:.1f} s of the processor)", flush=True)


if __name__ == "__main__":
    main()
