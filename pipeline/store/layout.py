"""Where everything of one database lies on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BadInput


@dataclass(frozen=True, slots=True)
class Layout:
    """The master file `db` and the folder `db.d/` beside it."""

    db: Path

    @property
    def folder(self) -> Path:
        """Everything but the master file."""
        return self.db.with_name(self.db.name + ".d")

    @property
    def published(self) -> Path:
        """Read-only copies and the pointer to the newest."""
        return self.folder / "published"

    @property
    def pointer(self) -> Path:
        """One line: the file name of the newest published copy."""
        return self.published / "CURRENT"

    @property
    def spool(self) -> Path:
        """Finished calls that wait to be loaded."""
        return self.folder / "spool"

    @property
    def loading(self) -> Path:
        """Spool files that a loader has claimed."""
        return self.spool / "loading"

    @property
    def bad(self) -> Path:
        """Damaged spool files, set aside for a person to look at."""
        return self.spool / "bad"

    @property
    def people(self) -> Path:
        """What people wrote: reviews and later appeals."""
        return self.folder / "people.sqlite"

    @property
    def access(self) -> Path:
        """Accounts of the dashboard, and who is signed in."""
        return self.folder / "access.sqlite"

    @property
    def alerts(self) -> Path:
        """Alerts and the messages about them that wait, went or failed: ids and figures only."""
        return self.folder / "alerts.sqlite"

    @property
    def grants(self) -> Path:
        """Codes to hear originals, as hashes."""
        return self.folder / "grants"

    @property
    def search(self) -> Path:
        """The search index: a file of masked text per day, which can always be made again."""
        return self.folder / "search"

    @property
    def lock(self) -> Path:
        """Held by the one writing process; holds its process number."""
        return self.folder / "writer.lock"

    def make(self) -> None:
        """Create the folders; a clear error where that is impossible."""
        try:
            for folder in (self.published, self.loading, self.bad):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"cannot create {self.folder} for the database {self.db}: {error.strerror}; "
                "choose a folder that exists and may be written to"
            ) from error
