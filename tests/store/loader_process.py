"""Run by the process tests: load the spool of a database, or read it and write reviews.

`python -m tests.store.loader_process load DB`
`python -m tests.store.loader_process publish DB SECONDS`
`python -m tests.store.loader_process read DB SECONDS NAME`
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pipeline.domain import CallReport
from pipeline.store import Decision, Filters, ReviewDraft, Snapshot, Store, master
from tests.store.reports import a_hash, a_report

LEAST = 3  # versions to be published, however slow the machine
PATIENCE = 30.0  # seconds more in which a reader waits for a second version


def load(db: Path) -> None:
    """Load in many small transactions, so that a kill falls between and into them."""
    master.BATCH = 5
    with Store.open(db) as store:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        store.load_spool()


def publish(db: Path, seconds: float) -> None:
    """Save ten calls and publish, again and again; on a busy machine longer than `seconds`."""
    end, number, published = time.monotonic() + seconds, 0, 0
    with Store.open(db) as store:
        while time.monotonic() < end or published < LEAST:
            reports: list[CallReport] = [a_report(str(number + i)) for i in range(10)]
            store.save([*reports, a_report("0", score=float(number % 100))])
            number += 10
            store.publish()
            published += 1
    sys.stdout.write(json.dumps({"calls": number, "published": published}))


def read(db: Path, seconds: float, name: str) -> None:
    """Ask everything a dashboard asks and write a review each time; print what was seen."""
    end, counts, reviews, versions = time.monotonic() + seconds, [], 0, set()
    snapshot = Snapshot.open(db)
    while time.monotonic() < (end if len(versions) > 1 else end + PATIENCE):
        snapshot.refresh()
        versions.add(snapshot.version)
        calls = int(str(snapshot.totals()["calls"]))
        table = snapshot.list_flagged(Filters(team="一组"), limit=1000)
        assert snapshot.count_calls() >= calls
        assert table.num_rows <= snapshot.count_calls()
        page = snapshot.call("c-0")
        assert len(page.segments) == 2
        counts.append(calls)
        draft = ReviewDraft(
            name, "c-0", a_hash("0"), Decision.COMMENT, rule=f"{name}-{reviews}", comment="看过"
        )
        snapshot.people.add_review(draft)
        reviews += 1
    sys.stdout.write(json.dumps({"counts": counts, "reviews": reviews, "versions": len(versions)}))


if __name__ == "__main__":
    what, path, *rest = sys.argv[1:]
    if what == "load":
        load(Path(path))
    elif what == "publish":
        publish(Path(path), float(rest[0]))
    else:
        read(Path(path), float(rest[0]), rest[1])
