"""The master database: the only writer. Readers use `Snapshot`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import duckdb

from pipeline.domain import CallReport, Failure, Provenance
from pipeline.errors import BadInput
from pipeline.files import storable
from pipeline.store import loader, migrations, published
from pipeline.store.connection import TIMEZONE, limit, rows_of, sql, zone
from pipeline.store.layout import Layout
from pipeline.store.loader import ResultTables
from pipeline.store.lock import WriterLock
from pipeline.store.masterfile import MasterFile
from pipeline.store.packs import UsedPack
from pipeline.store.spool import SpoolDamageError, Spooled, read_spool, write_spool

BATCH = 500  # calls per transaction
STALE_SECONDS = 3600.0  # a temporary spool file older than this belongs to a dead process


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What the hash cache knows of a file: same path, size and mtime = same content."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


class Store:
    """One open master database, held by this process alone until `close`."""

    def __init__(self, layout: Layout, timezone: str, lock: WriterLock, file: MasterFile) -> None:
        """Use `Store.open`."""
        self.layout = layout
        self.file = file
        self.timezone = timezone
        self._lock = lock
        self._run_id: str | None = None

    @classmethod
    def open(
        cls, db: Path, timezone: str = TIMEZONE, migrations_folder: Path = migrations.FOLDER
    ) -> Self:
        """Create or open `db` and bring it to this code's schema.

        Raises `TryAgain` when another process has it open, `BadInput` when it is not ours, newer
        than this code, or cannot be created.
        """
        zone(timezone)
        if db.is_dir():
            raise BadInput(f"{db} is a folder; give --db the path of a file")
        layout = Layout(db.absolute())
        layout.make()
        lock = WriterLock(layout.lock, layout.db)
        try:
            file = MasterFile(layout, timezone)
            try:
                migrations.migrate(file.connection, layout.db, migrations_folder)
            except BaseException:
                file.close()
                raise
        except BaseException:
            lock.release()
            raise
        _drop_stale(layout)
        return cls(layout, timezone, lock, file)

    def close(self) -> None:
        """Write everything to the file and let others in; may be called twice."""
        self.file.close()
        self._lock.release()

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

    # ── what need not be done again ──────────────────────────────────────────────────────────────

    def done(self) -> dict[str, Provenance]:
        """Content hash → what its stored result was made with. Load the spool first."""
        rows = rows_of(self.file.connection, sql("select_done"))
        results = (Provenance(**{k: str(v) for k, v in row.items()}) for row in rows)
        return {provenance.content_sha256: provenance for provenance in results}

    def file_hashes(self) -> dict[str, FileStamp]:
        """Return the hash cache by path."""
        rows = rows_of(self.file.connection, "SELECT path, size, mtime_ns, sha256 FROM files")
        return {str(row["path"]): FileStamp(**row) for row in rows}  # type: ignore[arg-type]

    def remember_files(self, stamps: Iterable[FileStamp]) -> None:
        """Add to the hash cache; a path that is known gets its new stamp."""
        unique = {storable(stamp.path): stamp for stamp in stamps}
        rows: list[dict[str, object]] = [{**asdict(s), "path": path} for path, s in unique.items()]
        with self.file.transaction():
            loader.replace_rows(self.file.connection, "files", rows, "path")

    def remember_packs(self, packs: Iterable[UsedPack]) -> int:
        """Keep the content of packs that calls are scored with, once per hash; returns the new."""
        with self.file.transaction():
            return loader.insert_packs(self.file.connection, packs)

    def add_names(self, pairs: Iterable[tuple[str, str]]) -> int:
        """Remember (content hash, path) of files whose content is stored; returns the new ones."""
        pairs = list(pairs)
        with self.file.transaction():
            new = loader.insert_names(self.file.connection, pairs)
            loader.clear_failures(self.file.connection, (), (path for _, path in pairs))
        return new

    # ── finished calls ───────────────────────────────────────────────────────────────────────────

    def save(self, reports: Iterable[CallReport]) -> int:
        """Store finished calls at once; returns how many. For small inputs and tests."""
        for report in reports:
            write_spool(report, self.layout.spool, self._run_id)
        return self.load_spool()

    def load_spool(self) -> int:
        """Load every waiting spool file, `BATCH` calls a transaction; returns how many calls.

        Idempotent by content hash: a killed loader starts again. A damaged file goes to `spool/bad`
        with a row in `failures` and blocks nothing.
        """
        for path in self.layout.spool.glob("*.json"):
            path.replace(self.layout.loading / path.name)  # claimed: a newer result may arrive
        waiting = sorted(self.layout.loading.glob("*.json"))
        return sum(
            self._load_files(waiting[start : start + BATCH])
            for start in range(0, len(waiting), BATCH)
        )

    def record_failures(
        self, failures: Iterable[Failure], contents: Mapping[str, str] | None = None
    ) -> None:
        """Store failures; `contents`: content hashes by file. A later success clears them."""
        with self.file.transaction():
            loader.insert_failures(self.file.connection, failures, contents or {}, self._run_id)

    def limit(self, mebibytes: int, threads: int = 1) -> None:
        """Use little memory until the file is opened anew: other processes work meanwhile."""
        limit(self.file.connection, mebibytes, threads)

    # ── scoring again ────────────────────────────────────────────────────────────────────────────

    def uncompared(self) -> list[str]:
        """Contents whose rules about several calls of a customer are open or outdated.

        These are new calls, and later calls of the same customers, under packs with such rules.
        """
        rows = rows_of(self.file.connection, sql("list_uncompared"))
        return [str(row["content_sha256"]) for row in rows]

    def replace_results(self, parts: Sequence[ResultTables]) -> None:
        """Put new results in place of old ones in one transaction; old ones are kept aside.

        The rules about several calls are answered in them.
        """
        with self.file.transaction():
            loader.replace_results(self.file.connection, ResultTables.joined(parts))

    # ── runs ─────────────────────────────────────────────────────────────────────────────────────

    def start_run(self, source: str, versions: Mapping[str, str] | None = None) -> str:
        """Note that a run began; the id it returns is put on everything stored from now on."""
        now = datetime.now(UTC)
        self._run_id = f"r-{now:%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"
        row: dict[str, object] = {
            "run_id": self._run_id,
            "started_at": now,
            "ended_at": None,
            "input": storable(source),
            "summary": None,
            "exit_code": None,
            "versions": json.dumps({"duckdb": duckdb.__version__, **(versions or {})}),
        }
        with self.file.transaction():
            loader.insert(self.file.connection, "runs", [row])
        return self._run_id

    def finish_run(self, summary: Mapping[str, object], exit_code: int) -> None:
        """Note how the run that `start_run` began has ended."""
        if self._run_id is None:
            raise ValueError("finish_run without start_run")
        text = json.dumps(summary, ensure_ascii=True)
        values = {"run_id": self._run_id, "summary": text, "exit_code": exit_code}
        with self.file.transaction():
            self.file.connection.execute(sql("finish_run"), values)

    def publish(self, keep: int = published.KEEP) -> Path:
        """Give readers everything stored so far; returns the new read-only copy.

        Of the copies the last `keep` stay.
        """
        return self.file.publish(keep)

    def _load_files(self, paths: list[Path]) -> int:
        entries: list[Spooled] = []
        bad: dict[Path, Exception] = {}
        for path in paths:
            try:
                entries.append(read_spool(path))
            except SpoolDamageError as error:
                bad[path] = error
        try:
            loaded = self._load_entries(entries, bad)
        except loader.UNLOADABLE as error:
            if len(paths) > 1:  # halve until the one that cannot be loaded stands alone
                middle = len(paths) // 2
                return self._load_files(paths[:middle]) + self._load_files(paths[middle:])
            bad = {paths[0]: error}
            loaded = self._load_entries([], bad)
        for path in paths:
            if path in bad:
                path.replace(self.layout.bad / path.name)
            else:
                path.unlink()
        return loaded

    def _load_entries(self, entries: list[Spooled], bad: Mapping[Path, Exception]) -> int:
        failures = [self._failure(path, error) for path, error in bad.items()]
        contents = {failure.file: path.stem for path, failure in zip(bad, failures, strict=True)}
        with self.file.transaction():
            loaded = loader.load_batch(
                self.file.connection, entries, zone(self.timezone), self._run_id
            )
            loader.insert_failures(self.file.connection, failures, contents, self._run_id)
        return loaded

    def _failure(self, path: Path, error: Exception) -> Failure:
        target = self.layout.bad / path.name
        message = f"{error}; set aside as {target}, run again to process that call once more"
        return Failure(str(target), "store", type(error).__name__, message)


def _drop_stale(layout: Layout) -> None:
    """Remove half-written spool files of processes that were killed long ago."""
    for path in layout.spool.glob(".*.tmp"):
        if time.time() - path.stat().st_mtime > STALE_SECONDS:
            path.unlink(missing_ok=True)
