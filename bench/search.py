"""Search over generated calls beside DuckDB's LIKE over the same sentences.

`python -m bench.search FOLDER [--calls 1000000] [--distinct 100000]`

`--distinct` calls are generated (seeded) and indexed as a run does it; that is what "build" says.
They are then repeated under other days and ids up to `--calls`, in the database and the index
(whose files are copied, each with the ids of its own calls): generating Chinese takes longer than
searching it. FOLDER needs about 10 GB for a million calls.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.files import write_atomically
from pipeline.search import Question, SearchIndex, parse, search, sync
from pipeline.search.index import _file_name
from pipeline.store import Filters, Scope, Snapshot, Store, days_with_text

PER_DAY, SEGMENTS, AGENTS, TEAMS = 10_000, 40, 500, 20
SAID = 0.2  # share of sentences that everybody says
EVERYDAY = (
    "您好，这里是某某银行，本次通话会被录音。", "请问有什么可以帮您？", "好的。", "嗯。", "是的。",
    "我想查一下我的余额。", "您的卡号是6222****1234。", "这款产品不保本，请您仔细阅读风险揭示书。",
    "请您稍等，我帮您核实一下身份信息。", "感谢您的来电，再见。", "请问还有其他问题吗？",
    "我要投诉你们的服务态度。", "已经为您登记了，三个工作日内回复您。",
)  # fmt: skip
PLANTED = "稳赚不赔的内部消息"  # said in one call of a thousand
CALLS = """
INSERT INTO calls BY NAME SELECT
    call_id, md5(call_id) || md5(call_id || 'x') AS content_sha256, 'voice' AS channel,
    ['bank', 'wealth', 'collection'][1 + number % 3] AS business_line, 'inbound' AS direction,
    TIMESTAMPTZ '2026-11-20 08:00+08' - to_days(CAST(number // $per_day AS INTEGER))
        + to_seconds(4 * (number % $per_day)) AS started_at,
    300.0 AS duration, 'A' || (number % $agents) AS agent_id,
    '坐席' || (number % $agents) AS agent_name, 't' || (number % $teams) AS team,
    '{}' AS attributes, [] AS missing, 's' AS settings_hash,
    '0' AS code_version, [] AS capabilities, [] AS notes, 'bank' AS pack, '1' AS pack_version,
    'p' AS pack_hash, 80.0 AS score, '良' AS grade, false AS vetoed, 0 AS fails,
    0 AS fails_critical,
    0 AS fails_major, 0 AS fails_minor, 0 AS unsure, 0 AS removed_count,
    TIMESTAMPTZ '2026-11-21 03:00+08' AS processed_at
FROM made
"""
FINDINGS = """
INSERT INTO findings BY NAME SELECT call_id, 0 AS finding, 'no_promise' AS rule, [] AS checks,
    '不得承诺' AS title, '' AS title_en, '2.1' AS control_point, 'fail' AS verdict,
    'major' AS severity, -5.0 AS points, '' AS why, 1.0 AS confidence, [] AS evidence,
    '' AS reference, '' AS suggestion,
    false AS key_point, false AS veto
FROM made WHERE number % 20 = 0
"""
SENTENCES = """
INSERT INTO segments BY NAME SELECT 'c-' || (n // $size) AS call_id, n % $size AS segment,
    ['agent', 'customer'][1 + n % 2] AS role, 7.0 * (n % $size) AS "start",
    7.0 * (n % $size) + 6 AS "end", text, [] AS words
FROM texts
"""


def main() -> None:
    """Print build, size and latencies."""
    given = argparse.ArgumentParser()
    given.add_argument("folder", type=Path)
    given.add_argument("--calls", type=int, default=1_000_000)
    given.add_argument("--distinct", type=int, default=100_000)
    given.add_argument("--tries", type=int, default=9)
    asked = given.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    asked.folder.mkdir(parents=True)
    db = asked.folder / "calls.duckdb"
    with Store.open(db):
        pass
    fill(db, asked.distinct)
    build(db, asked.distinct)
    repeat(db, asked.distinct, asked.calls)
    measure(db, asked.tries)


def fill(db: Path, calls: int) -> None:
    """Generate calls into the master."""
    began = time.monotonic()
    with duckdb.connect(str(db)) as master:
        _add_calls(master, [f"c-{k}" for k in range(calls)])
        number = 0
        for texts in sentences(calls * SEGMENTS):
            ids = pa.array(np.arange(number, number + len(texts)))
            master.register("texts", pa.table({"n": ids, "text": texts}))
            master.execute(SENTENCES, {"size": SEGMENTS})
            number += len(texts)
        characters = master.sql("SELECT sum(length(text)) FROM segments").fetchall()[0]
    made = f"{calls:,} calls, {number:,} sentences, {characters[0] / number:.1f} characters each"
    print(f"generated: {made}, {time.monotonic() - began:.0f} s", flush=True)


def _add_calls(master: duckdb.DuckDBPyConnection, ids: list[str]) -> None:
    master.register("made", pa.table({"call_id": ids, "number": list(range(len(ids)))}))
    sizes = {"per_day": PER_DAY, "agents": AGENTS, "teams": TEAMS}
    master.execute(CALLS, sizes)
    master.execute(FINDINGS)


def sentences(count: int, seed: int = 20261129) -> Iterator[list[str]]:
    """Words by how often jieba's dictionary counted them, and what everybody says."""
    spec = find_spec("jieba")
    assert spec is not None
    lines = (Path(str(spec.origin)).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" ")[:2] for line in lines]
    pairs = [(w, int(n)) for w, n in pairs if int(n) > 2 and "一" <= w[0] <= "鿿"]
    words = np.array([word for word, _ in pairs], dtype=object)
    up_to = np.cumsum([n for _, n in pairs], dtype=float)
    up_to /= up_to[-1]
    chance = np.random.default_rng(seed)
    for begin in range(0, count, 200_000):
        size = min(200_000, count - begin)
        lengths = chance.integers(2, 14, size)
        chosen = words[np.searchsorted(up_to, chance.random(int(lengths.sum())))].tolist()
        common = chance.random(size)
        ends = np.cumsum(lengths).tolist()
        texts, at = [], 0
        for k, end in enumerate(ends):
            if (begin + k) % (1000 * SEGMENTS) == 7:
                texts.append(f"这是{PLANTED}，{''.join(chosen[at:end])}。")
            elif common[k] < SAID:
                texts.append(EVERYDAY[int(common[k] / SAID * len(EVERYDAY))])
            else:
                texts.append(f"{''.join(chosen[at:end])}。")
            at = end
        yield texts


def build(db: Path, calls: int) -> None:
    """The index of what was generated, as a run makes it."""
    with Store.open(db) as store:
        store.publish()
        began, worked = time.monotonic(), _worked()
        days = sync(store)
        took, used = time.monotonic() - began, _worked() - worked
        size = sum(path.stat().st_size for path in store.layout.search.iterdir())
    number = calls * SEGMENTS
    print(f"build: {days} days, {took:.0f} s, {used:.0f} s of processor, "
          f"{number / used:,.0f} sentences/s and core, {size / 1e6:,.0f} MB, "
          f"{size / number:.0f} bytes a sentence", flush=True)  # fmt: skip


def _worked() -> float:
    import os

    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def repeat(db: Path, distinct: int, calls: int) -> None:
    """The same texts under other days and ids."""
    times = calls // distinct
    if times <= 1:
        return
    with duckdb.connect(str(db)) as master:
        master.execute("DELETE FROM calls")
        master.execute("DELETE FROM findings")
        ids = [f"c-{n}" if k == 0 else f"c-{n}-{k}" for k in range(times) for n in range(distinct)]
        _add_calls(master, ids)
        for k in range(1, times):
            master.execute(
                "INSERT INTO segments BY NAME SELECT * REPLACE (call_id || $k AS call_id) "
                "FROM segments WHERE NOT contains(substr(call_id, 3), '-')", {"k": f"-{k}"},
            )  # fmt: skip
    with Store.open(db) as store:
        store.publish()
        index = SearchIndex(store.layout)
        first = {day: path for day, path in index.files()}
        days = sorted(first, reverse=True)
        with Snapshot.open(db) as snapshot:
            rows = {row["day"]: row for row in days_with_text(snapshot)}
            for place, (day, row) in enumerate(sorted(rows.items(), reverse=True)):
                k, source = place // len(days), first[days[place % len(days)]]
                target = index.folder / _file_name(row)
                if k == 0:
                    source.replace(target)
                    first[day] = target
                    continue
                shutil.copyfile(source, target)
                with closing(sqlite3.connect(target)) as copied, copied:
                    copied.execute("UPDATE calls SET call_id = call_id || ?", (f"-{k}",))
            write_atomically(index.folder / "STATE", f"{snapshot.version}\n".encode())
        assert sync(store) == 0, "the index belongs to the database"
        size = sum(path.stat().st_size for path in index.folder.iterdir())
    print(f"in all: {calls:,} calls, {calls * SEGMENTS:,} sentences, {len(rows)} days, "
          f"index {size / 1e9:.2f} GB, database {db.stat().st_size / 1e9:.2f} GB",
          flush=True)  # fmt: skip


def measure(db: Path, tries: int) -> None:
    """p50 and worst of each question, beside LIKE."""
    with Snapshot.open(db) as whole:
        agent, team = whole.within(Scope(agent="A77")), whole.within(Scope(team="t7"))
        week = Filters(since=date(2026, 11, 10), until=date(2026, 11, 16))
        oldest = Filters(until=date(2026, 8, 20))
        cases: list[tuple[str, str, Snapshot, Filters, bool, str | None]] = [
            ("common word", "您好", whole, Filters(), False, None),
            ("word", "投诉", whole, Filters(), False, None),
            ("two words", "产品 风险", whole, Filters(), False, None),
            ("without", "产品 -风险", whole, Filters(), False, None),
            ("phrase often said", '"请您仔细阅读风险揭示书"', whole, Filters(), False, None),
            ("phrase, rare", f'"{PLANTED}"', whole, Filters(), False, None),
            ("rare word", "鹦鹉", whole, Filters(), False, None),
            ("two rare neighbours", '"的狮"', whole, Filters(), False, None),
            ("nothing there", '"鹦鹉投诉"', whole, Filters(), False, None),
            ("one character", "您", whole, Filters(), False, None),
            ("by sound, often", "公号核石", whole, Filters(), True, None),
            ("by sound, rare", "问赚不陪", whole, Filters(), True, None),
            ("word, said by customers", "投诉", whole, Filters(), False, "customer"),
            ("word in one week", "投诉", whole, week, False, None),
            ("word, old calls only", "投诉", whole, oldest, False, None),
            ("word, rule failed", "投诉", whole, Filters(rule="no_promise"), False, None),
            ("rare phrase, rule failed", PLANTED, whole, Filters(rule="no_promise"), False, None),
            ("word, own calls of an agent", "投诉", agent, Filters(), False, None),
            ("rare word, own calls", "鹦鹉", agent, Filters(), False, None),
            ("word, calls of a team", "投诉", team, Filters(), False, None),
        ]  # fmt: skip
        times: list[float] = []
        print(f"{'question':<30} {'hits':>7} {'first':>7} {'p50':>7} {'p95':>7}  ms")
        for name, typed, reader, filters, sound, role in cases:
            question = Question(parse(typed, sound=sound), filters, role)
            seen = _timed(lambda r=reader, q=question: search(r, q), tries)
            answer = search(reader, question)
            more = "+" if answer.more else "!" if answer.stopped else ""
            times += seen
            print(f"{name:<30} {answer.count:>6,}{more:<1} {_figures(seen)}", flush=True)
        print(f"{'all of them':<30} {'':>7} {_figures(times)}")
        for typed in ("您好", "投诉", PLANTED, "鹦鹉"):
            asked = Question(parse(f'"{typed}"'))
            mine = _timed(lambda q=asked: search(whole, q), tries)
            with closing(whole.cursor()) as cursor:
                like = _timed(lambda c=cursor, w=typed: _like(c, w), 2)
            ratio = statistics.median(like) / statistics.median(mine)
            print(f"LIKE '%{typed}%', newest 50: {statistics.median(like) * 1e3:,.0f} ms, "
                  f"search {statistics.median(mine) * 1e3:,.0f} ms: {ratio:.1f} times",
                  flush=True)  # fmt: skip


def _like(cursor: duckdb.DuckDBPyConnection, typed: str) -> int:
    query = (
        "SELECT c.call_id, c.started_at, s.segment, s.text FROM segments AS s "
        "JOIN calls AS c ON c.call_id = s.call_id WHERE s.text LIKE $like "
        "ORDER BY c.started_at DESC, c.call_id, s.segment LIMIT 50"
    )
    return len(cursor.execute(query, {"like": f"%{typed}%"}).fetchall())


def _timed(ask: Callable[[], object], tries: int) -> list[float]:
    seen = []
    for _ in range(tries):
        began = time.perf_counter()
        ask()
        seen.append(time.perf_counter() - began)
    return seen


def _figures(seen: list[float]) -> str:
    """First, p50 and p95 in milliseconds."""
    p95 = sorted(seen)[min(int(len(seen) * 0.95), len(seen) - 1)]
    return " ".join(f"{1e3 * value:7,.0f}" for value in (seen[0], statistics.median(seen), p95))


if __name__ == "__main__":
    main()
