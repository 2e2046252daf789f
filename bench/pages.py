"""How long the questions of each page take in a large database, p50 and p95.

    python -m bench.pages FOLDER [--calls 1000000] [--turns 40] [--times 15]

Generated calls are scored and stored by the ordinary way and copied inside the database until there
are enough: own ids, days over a year, 800 agents in 20 teams. 20,000 reviews and 400 held calls lie
beside them. Every question is asked of a reader as the dashboard opens it, without the dashboard's
cache, in turn; the database lies in FOLDER and is used again when it has as many calls.

Not as in life: sentences repeat from copy to copy (each ends with its copy's number), and words
have no times of their own, so the file is smaller than a site's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from bench.generated_calls import generate
from pipeline.agents import agents_of_month, forms_of
from pipeline.intake.transcripts import parse_transcript
from pipeline.process import Packs, inspect, provenance_of
from pipeline.sampling import board
from pipeline.store import (
    Assignments,
    Decision,
    Filters,
    Layout,
    People,
    ReviewDraft,
    Snapshot,
    Store,
    agents_calls,
)

ZONE = ZoneInfo("Asia/Shanghai")
DISTINCT = 500
REVIEWS, HELD = 20_000, 400
LAST_DAY = date(2026, 11, 28)
CALLS = """
UPDATE calls SET
    content_sha256 = sha256(call_id),
    started_at = TIMESTAMPTZ '{last} 18:00:00+08' - {ago},
    processed_at = TIMESTAMPTZ '{last} 23:00:00+08' - {ago},
    agent_id = 'A' || (hash(call_id || 'a') % 800),
    agent_name = '坐席' || (hash(call_id || 'a') % 800),
    team = '第' || (hash(call_id || 'a') % 800 % 20) || '组'
"""
AGO = "to_seconds((hash(call_id) % 31536000)::BIGINT)"
FLAGGED = Filters(flagged=True)
MONTH = Filters(since=date(2026, 11, 1), until=LAST_DAY)


def main() -> None:
    """Fill the database, ask, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    db = options.folder / f"calls_{options.calls}_{options.turns}.duckdb"
    if not Layout(db.absolute()).people.exists():
        fill(db, options.calls, options.turns)
        write_reviews(db)
    with Snapshot.open(db) as snapshot:
        with duckdb.connect(str(db), read_only=True) as connection:
            for table in ("calls", "segments", "findings"):
                rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                print(f"{table}: {rows and rows[0]:,}")
        print(f"file: {db.stat().st_size / 2**30:.1f} GiB\n")
        print("| page | question | p50 | p95 |\n| --- | --- | ---: | ---: |")
        for page, name, ask in questions(snapshot):
            took = sorted(seconds(ask) for _ in range(options.times))
            worst = took[min(round(0.95 * len(took)), len(took) - 1)]
            print(f"| {page} | {name} | {statistics.median(took):.2f} s | {worst:.2f} s |")


def fill(db: Path, calls: int, turns: int) -> None:
    """Score some calls, then copy them inside the database."""
    began, packs = time.perf_counter(), Packs()
    reports = []
    for number, call in enumerate(generate(min(DISTINCT, calls), turns)):
        transcript = parse_transcript(json.dumps(call), "generated", ZONE).transcript
        pack = packs.of_call(transcript.info)
        reports.append(inspect(transcript, pack, provenance_of(str(number), pack, "s")))
    with Store.open(db) as store:
        store.remember_packs([packs.of_call(r.transcript.info) for r in reports])
        store.save(reports)
    copies = -(-calls // len(reports))
    with duckdb.connect(str(db)) as connection:
        connection.execute("SET preserve_insertion_order = false; SET memory_limit = '6GB'")
        for table in (
            "segments",
            "findings",
            "control_points",
            "metrics",
            "private_spans",
            "calls",
        ):
            text = ", text || ' ' || k AS text" if table == "segments" else ""
            connection.execute(
                f"CREATE TEMP TABLE source AS SELECT * FROM {table};"
                f"INSERT INTO {table} SELECT s.* REPLACE (s.call_id || '-' || k AS call_id{text})"
                f" FROM source AS s, range(1, {copies}) AS r(k);"
                "DROP TABLE source"
            )
        connection.execute(CALLS.format(last=LAST_DAY, ago=AGO))
    with Store.open(db) as store:
        store.publish()
    print(f"filled in {time.perf_counter() - began:.0f} s")


def write_reviews(db: Path) -> None:
    """Decisions of ten people, and calls that they hold."""
    with Snapshot.open(db) as snapshot:
        rows = snapshot.list_calls(FLAGGED, "newest", REVIEWS // 2 + HELD).to_pylist()
    people = People.open(db)
    for number, row in enumerate(rows[HELD:]):
        draft = ReviewDraft(
            f"质检{number % 10}", row["call_id"], row["content_sha256"], Decision.CONFIRM
        )
        rule = Decision.REJECT if number % 5 == 0 else Decision.CONFIRM
        if row["top_rule"]:
            people.add_review(replace(draft, rule=row["top_rule"], decision=rule))
        people.add_review(draft)
    work = Assignments(people)
    work.assign("主管", "质检1", [(row["content_sha256"], row["call_id"]) for row in rows[:HELD]])


def questions(snapshot: Snapshot) -> list[tuple[str, str, Callable[[], object]]]:
    """Page, what is asked, how."""
    some = snapshot.list_calls(FLAGGED, "newest", 1).to_pylist()[0]
    half = replace(FLAGGED, since=LAST_DAY - timedelta(days=30))
    return [
        ("overview", "totals", snapshot.totals),
        ("overview", "totals of a month", lambda: snapshot.totals(MONTH)),
        ("overview", "by day", snapshot.by_day),
        ("overview", "by team", lambda: snapshot.by("team")),
        ("overview", "control points", snapshot.control_points),
        ("overview", "rules", snapshot.rules),
        ("queue", "values of the filters", snapshot.choices),
        ("queue", "most urgent first", lambda: snapshot.list_calls(FLAGGED)),
        ("queue", "most urgent of 30 days", lambda: snapshot.list_calls(half)),
        ("queue", "newest first", lambda: snapshot.list_calls(FLAGGED, "newest")),
        ("queue", "free ones", lambda: snapshot.list_calls(replace(half, free=True))),
        ("queue", "under a rule", lambda: snapshot.list_calls(Filters(rule=some["top_rule"]))),
        ("queue", "count", lambda: snapshot.count_calls(FLAGGED)),
        ("call", "everything of one", lambda: snapshot.call(some["call_id"])),
        ("agents", "figures of a month", lambda: agents_of_month(snapshot, MONTH)),
        ("agents", "form of one", lambda: forms_of(snapshot, replace(MONTH, agent="A1"))),
        ("sampling", "month", lambda: board(snapshot, date(2026, 11, 1), date(2026, 11, 30))),
        ("sampling", "agents", lambda: agents_calls(snapshot, date(2026, 11, 1), LAST_DAY)),
    ]


def seconds(ask: Callable[[], object]) -> float:
    """How long a question takes."""
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
