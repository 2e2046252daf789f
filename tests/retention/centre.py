"""A small call centre for tests: recordings on the disk, their calls in the store, originals."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import authority
from pipeline.audit import Trail
from pipeline.domain import CallReport, Failure
from pipeline.settings import Keep, Settings
from pipeline.store import Holds, People, Snapshot, Store
from pipeline.vault import Vault, folder_of, path_in
from tests.builders import a_dialogue
from tests.store.fresh import fresh
from tests.store.reports import SHANGHAI, a_hash, a_report
from tests.test_originals import settings_of

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)
REASON = "客户要求 4711"


class Centre:
    """Everything of one database in `folder`; calls are named by their content."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._folder, self._waiting = folder, list[CallReport]()
        self.settings: Settings = settings_of(folder).model_copy(update=settings)
        (folder / "in").mkdir(exist_ok=True)
        fresh(folder / "calls.duckdb")

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        if self._waiting:
            with Store.open(self._folder / "calls.duckdb") as store:
                store.save(self._waiting)
                store.publish()
            self._waiting = []
        return self._folder

    @property
    def db(self) -> Path:
        """The database."""
        return self.folder / "calls.duckdb"

    def call(self, content: str, held: str = "2026-11-20", **changes: Any) -> None:
        """A call whose recording and original lie on the disk; stored when somebody looks."""
        sound = self.sound(content)
        sound.write_text(content)
        started = datetime.fromisoformat(f"{held}T10:00").replace(tzinfo=SHANGHAI)
        changes = {"started_at": started, "sources": (str(sound),), **changes}
        self._waiting.append(a_report(content, **changes))
        vault = Vault.beside(self._folder / "calls.duckdb", authority.needed_keys(self.settings))
        vault.put(a_hash(content), a_dialogue("客户: 我的卡号"))

    def run(self, source: str, *failures: Failure) -> None:
        """A run that is over, with its failures as `callqa run` stores them."""
        with Store.open(self.db) as store:
            store.start_run(source)
            store.record_failures(failures)
            told = [{"file": failure.file, "message": failure.message} for failure in failures]
            store.finish_run({"failures": told}, 3)
            store.publish()

    def sound(self, content: str) -> Path:
        """Where the recording of a call lies."""
        return self._folder / "in" / f"{content}.wav"

    def original(self, content: str) -> Path:
        """Where the original of a call lies."""
        return path_in(folder_of(self.db), a_hash(content))

    def there(self, content: str) -> str:
        """What is there of a call: r(esults), a(udio), o(riginal)."""
        return self.all_there(content)[content]

    def all_there(self, *contents: str) -> dict[str, str]:
        """The same of several calls."""
        with Snapshot.open(self.db) as snapshot:
            found = {c: snapshot.for_scoring(contents=[a_hash(c)]) for c in contents}
        return {content: self._parts(content, results) for content, results in found.items()}

    def _parts(self, content: str, results: object) -> str:
        parts = {
            "r": bool(results),
            "a": self.sound(content).exists(),
            "o": self.original(content).exists(),
        }
        return "".join(name for name, found in parts.items() if found)

    def actions(self) -> list[str]:
        """The actions in the trail, without those of keeping originals."""
        return [entry.action for entry in Trail.beside(self.db).read().entries()]

    @property
    def holds(self) -> Holds:
        """Its legal holds."""
        return Holds(People.open(self.db))


def keep(**periods: str) -> Keep:
    """Periods as in the settings file."""
    return Keep.model_validate(periods)
