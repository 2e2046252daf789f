"""The master file: its one connection, and the moments at which the file is closed for a while."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from pipeline.errors import TryAgain
from pipeline.files import sync_folder
from pipeline.store import loader, published
from pipeline.store.connection import connect, copy_into, create_file
from pipeline.store.layout import Layout


class MasterFile:
    """The file of a store; `connection` is another one after `publish` and `compact`.

    Opening takes tens of milliseconds: it is opened again when it is next used, if at all.
    """

    def __init__(self, layout: Layout, timezone: str) -> None:
        """Open it; it is created complete or not at all."""
        self.layout = layout
        self._timezone = timezone
        if not layout.db.exists():
            temporary = layout.folder / "new.duckdb"
            temporary.unlink(missing_ok=True)
            create_file(temporary)
            temporary.replace(layout.db)
        self._open: duckdb.DuckDBPyConnection | None = connect(layout.db, timezone=timezone)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The one connection to the file."""
        if self._open is None:
            self._open = connect(self.layout.db, timezone=self._timezone)
        return self._open

    def close(self) -> None:
        """Write everything to the file; may be called twice."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""
        return loader.transaction(self.connection, self.layout.db)

    def publish(self, keep: int = published.KEEP) -> Path:
        """Copy the file for readers; returns the copy. Of all copies the last `keep` stay.

        The file is closed while it is copied: an open one may have changes outside the file, and
        closing a copy's handle would drop DuckDB's own lock on it.
        """
        try:
            self.connection.execute("CHECKPOINT")
            self.close()
            return published.publish_copy(self.layout, keep)
        except (OSError, duckdb.IOException) as error:
            raise TryAgain(
                f"cannot publish {self.layout.db} into {self.layout.published}: {error}; "
                "make room or rights there; readers keep the version before"
            ) from error
        finally:
            self.close()

    def compact(self) -> None:
        """Write the file anew: what was deleted from tables stays in free blocks until then.

        Killed in between, the old file is there. Raises TryAgain when the disk is full.
        """
        temporary = self.layout.folder / "compact.duckdb"
        temporary.unlink(missing_ok=True)
        try:
            create_file(temporary)
            copy_into(self.connection, temporary)
            self.connection.execute("CHECKPOINT")  # a log that stays would not fit the new file
            self.close()
            temporary.replace(self.layout.db)
            sync_folder(self.layout.db.parent)
        except (OSError, duckdb.IOException) as error:
            raise TryAgain(
                f"cannot write {self.layout.db} anew: {error}; make room and run it again"
            ) from error
        finally:
            temporary.unlink(missing_ok=True)
            self.close()
