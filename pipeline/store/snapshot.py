"""Reading: the newest published copy, for dashboards and exports."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from pipeline.domain import PastCall, Rescored
from pipeline.errors import BadInput
from pipeline.store.assignments import Assignments
from pipeline.store.chances import ChanceTable, chance_sql, register_chances
from pipeline.store.connection import (
    TIMEZONE,
    limit,
    rows_of,
    set_timezone,
    sql,
    table_of,
    zone,
)
from pipeline.store.filters import GROUPS, SORTS, Filters, chosen_of, conditions, midnight
from pipeline.store.labels import Labels
from pipeline.store.layout import Layout
from pipeline.store.loader import ResultTables, result_tables
from pipeline.store.onecall import StoredCall, read_call
from pipeline.store.opening import open_newest
from pipeline.store.people import People
from pipeline.store.published import newest
from pipeline.store.scope import WHOLE, Scope, narrow
from pipeline.store.stored import StoredText, read_history, read_texts

Row = dict[str, Any]
PASS_SCORE = 60.0
EVERYTHING = Filters()


class Snapshot:
    """One published version, read-only. Share it: every method may be called from any thread."""

    def __init__(self, layout: Layout, timezone: str, pass_score: float) -> None:
        """Use `Snapshot.open`."""
        self.people = People(layout.people)
        self.layout = layout
        self._timezone = timezone
        self.zone = zone(timezone)
        self.pass_score = pass_score
        self._scope = WHOLE
        self._guard = threading.Lock()
        self._path, self._connection = open_newest(layout, timezone)

    @classmethod
    def open(cls, db: Path, timezone: str = TIMEZONE, pass_score: float = PASS_SCORE) -> Self:
        """Open the newest published version of `db`; `BadInput` when there is none.

        A call passes when its score is at least `pass_score` and it is not vetoed.
        """
        return cls(Layout(db.absolute()), timezone, pass_score)

    def within(self, scope: Scope) -> Self:
        """A reader of the version that is open now for which nothing else exists."""
        reader = copy(self)
        reader._scope = scope
        return reader

    def of_team(self, team: str) -> Self:
        """A reader of what this one has of a team; of nothing where it has another team alone."""
        scope = self._scope
        reaches = scope.calls and scope.team in (None, team)
        return self.within(replace(scope, calls=reaches, team=team))

    @property
    def whole(self) -> bool:
        """Whether nothing is out of this reader's scope."""
        scope = self._scope
        return scope.calls and scope.agent is None and scope.team is None and not scope.hidden

    @property
    def version(self) -> str:
        """Name of the version that is open, such as `v000042`: a key for caches."""
        return self._path.stem

    def refresh(self) -> bool:
        """Open a newer version when there is one (one small file is read); True when this did."""
        if newest(self.layout) in (self._path, None):
            return False
        with self._guard:
            if newest(self.layout) in (self._path, None):
                return False  # another thread opened it while this one waited
            # The old connection is let go, not closed: close() would close its cursors, which other
            # threads may be using; the file is freed with the last of them.
            self._path, self._connection = open_newest(self.layout, self._timezone)
        return True

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Open a connection of your own to this version: one per thread, close it after use."""
        with self._guard:
            cursor = self._connection.cursor()
        set_timezone(cursor, self._timezone)
        narrow(cursor, self._scope)
        return cursor

    def register_people(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Give a cursor what `chosen_calls` asks of people: `review_states` and `assigned`.

        And `learned_now` (sql/learned_now.sql): the reason and the flags that count.
        """
        cursor.register("review_states", self.people.latest_states())
        cursor.register("assigned", Assignments(self.people).held())
        cursor.register("labels_now", Labels(self.people).now())
        cursor.execute(sql("learned_now"))

    def limit(self, mebibytes: int, threads: int = 1) -> None:
        """Use little memory: one of several processes that read."""
        with closing(self.cursor()) as cursor:
            limit(cursor, mebibytes, threads)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, also after an error."""
        self.close()

    # ── overview ─────────────────────────────────────────────────────────────────────────────────

    def totals(self, filters: Filters = EVERYTHING) -> Row:
        """One row: calls, hours, mean_score, pass_rate, clean_rate, vetoed, with_fails and more."""
        return self._ask("count_totals", filters, pass_score=self.pass_score).to_pylist()[0]

    def by_day(self, filters: Filters = EVERYTHING) -> pa.Table:
        """Per local day: calls, hours, mean_score, pass_rate, vetoed, fails, fails_critical."""
        return self._ask("count_by_day", filters, pass_score=self.pass_score)

    def by(self, group: str, filters: Filters = EVERYTHING) -> pa.Table:
        """Per team, agent, business_line, grade or pack: key, label, calls, mean_score and more."""
        key, label = chosen_of("group", group, GROUPS)
        text = sql("count_by_group").replace("{key}", key).replace("{label}", label)
        return self._run(text, filters, pass_score=self.pass_score)

    def control_points(self, filters: Filters = EVERYTHING, limit: int = 50) -> pa.Table:
        """Worst first: pack, number, title, key_point, calls, fails, unsure, rate, points."""
        return self._ask("rank_control_points", filters, limit=limit)

    def judged_rules(self, filters: Filters, last: date, days: int) -> pa.Table:
        """Per rule what it hit, what people decided of that, and two spans of `days` until `last`.

        Columns: sql/judge_rules.sql.
        """
        middle = midnight(last - timedelta(days=days - 1), self.zone)
        begin = midnight(last - timedelta(days=2 * days - 1), self.zone)
        return self._ask("judge_rules", filters, middle=middle, begin=begin)

    def rules(self, filters: Filters = EVERYTHING, limit: int = 50) -> pa.Table:
        """Worst first: rule, title, title_en, severity, checks, calls, fails, unsure and more."""
        return self._ask("rank_rules", filters, limit=limit)

    def choices(self) -> Row:
        """Values for filters: business_lines, teams, agents, rules, packs and more; the SQL's."""
        with closing(self.cursor()) as cursor:
            self.register_people(cursor)
            return rows_of(cursor, sql("list_choices"))[0]

    # ── lists and one call ───────────────────────────────────────────────────────────────────────

    def list_calls(
        self,
        filters: Filters = EVERYTHING,
        sort: str = "newest",
        limit: int = 100,
        offset: int = 0,
        chances: ChanceTable | None = None,
    ) -> pa.Table:
        """List a page of calls with their state of review; columns: sql/list_calls.sql.

        `chances`: what makes the priority; without it the rules' records do.
        """
        chance, join = chance_sql(chances)
        text = sql("list_calls").replace("{order}", chosen_of("sort", sort, SORTS))
        text = text.replace("{chance}", chance).replace("{chance_join}", join)
        return self._run(text, filters, chances, limit=limit, offset=offset)

    def list_flagged(
        self,
        filters: Filters = EVERYTHING,
        sort: str = "priority",
        limit: int = 100,
        offset: int = 0,
    ) -> pa.Table:
        """`list_calls` of those with a failed or unsure finding, most urgent first."""
        return self.list_calls(replace(filters, flagged=True), sort, limit, offset)

    def count_calls(self, filters: Filters = EVERYTHING) -> int:
        """How many calls `list_calls` has in all; `Filters(flagged=True)` for `list_flagged`."""
        return int(self._ask("count_calls", filters).column("calls")[0].as_py())

    def call(self, call_id: str) -> StoredCall:
        """Everything of one call; `BadInput` for an id that nobody knows."""
        with closing(self.cursor()) as cursor:
            found = read_call(cursor, call_id, self.people)
        if found is None:
            raise BadInput(f"unknown call '{call_id}' in {self.version} of {self.layout.db}")
        return found

    def contents(self) -> dict[str, str]:
        """Content hash by call_id, of all calls."""
        with closing(self.cursor()) as cursor:
            rows = rows_of(cursor, "SELECT call_id, content_sha256 FROM calls")
        return {str(row["call_id"]): str(row["content_sha256"]) for row in rows}

    def count_of(self, column: str, value: str) -> int:
        """How many calls have this customer_id, agent_id or content_sha256."""
        chosen_of("column", column, dict.fromkeys(("customer_id", "agent_id", "content_sha256")))
        query = f"SELECT count(*) AS calls FROM calls WHERE {column} = $value"  # noqa: S608
        with closing(self.cursor()) as cursor:
            return int(str(rows_of(cursor, query, {"value": value})[0]["calls"]))

    # ── scoring again ────────────────────────────────────────────────────────────────────────────

    def for_scoring(
        self,
        since: datetime | None = None,
        contents: Iterable[str] | None = None,
        pack: str | None = None,
    ) -> list[Row]:
        """Calls, oldest first: all, those since a moment, of some contents, scored by a pack.

        Rows with call_id, business_line, started_at and pack_hash.
        """
        wanted = pa.array([] if contents is None else list(contents), pa.string())
        with closing(self.cursor()) as cursor:
            cursor.register("incoming", pa.table({"content_sha256": wanted}))
            given: Row = {"since": since, "chosen": contents is not None, "pack": pack}
            return rows_of(cursor, sql("list_for_scoring"), given)

    def texts(self, call_ids: Sequence[str]) -> list[StoredText]:
        """What is needed to score these calls again."""
        with closing(self.cursor()) as cursor:
            return read_texts(cursor, call_ids)

    def history(self, customers: Iterable[str]) -> dict[str, tuple[PastCall, ...]]:
        """All calls of these customers, oldest first, by customer."""
        with closing(self.cursor()) as cursor:
            return read_history(cursor, customers)

    def result_tables(self, results: Sequence[Rescored]) -> ResultTables:
        """New results in the shape in which the store writes them."""
        with closing(self.cursor()) as cursor:
            return result_tables(cursor, results)

    def old_scores(self, content_sha256: str) -> list[Row]:
        """Results of a call that were replaced, latest first, with the pack that made them."""
        query = "SELECT * FROM old_scores WHERE content_sha256 = $content ORDER BY replaced_at DESC"
        with closing(self.cursor()) as cursor:
            return rows_of(cursor, query, {"content": content_sha256})

    def pack_content(self, pack_hash: str) -> Row | None:
        """Everything that was in a rule pack when calls were scored with it.

        None for a hash that was never stored (by a callqa older than the table `packs`).
        """
        with closing(self.cursor()) as cursor:
            query = "SELECT content FROM packs WHERE pack_hash = $pack_hash"
            found = rows_of(cursor, query, {"pack_hash": pack_hash})
        content: Row | None = json.loads(str(found[0]["content"])) if found else None
        return content

    def last_run(self) -> Row | None:
        """Return the latest run, None before the first; `summary` and `versions` are JSON text."""
        rows = self._plain("select_last_run").to_pylist()
        return rows[0] if rows else None

    def failures(self) -> pa.Table:
        """Files that failed and have not succeeded since, latest first."""
        return self._plain("list_failures")

    # ── how a question is asked ──────────────────────────────────────────────────────────────────

    def _ask(self, name: str, filters: Filters, **values: object) -> pa.Table:
        return self._run(sql(name), filters, **values)

    def _run(
        self, text: str, filters: Filters, chances: ChanceTable | None = None, /, **values: object
    ) -> pa.Table:
        where, given = conditions(filters, self.zone, self.pass_score)
        query = sql("chosen_calls").replace("{conditions}", where) + text
        with closing(self.cursor()) as cursor:
            self.register_people(cursor)
            if chances is not None:
                register_chances(cursor, chances)
            return table_of(cursor, query, {**given, **values})

    def _plain(self, name: str) -> pa.Table:
        with closing(self.cursor()) as cursor:
            return table_of(cursor, sql(name))
