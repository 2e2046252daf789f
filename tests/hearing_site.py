"""A database with a recording, and who may hear it: shared by the tests of hearing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import authority
from pipeline.audit import Entry, Trail, operating_user, verify
from pipeline.settings import PeopleSettings, RawSettings, Settings
from pipeline.store import Snapshot
from tests.dashboards import databases
from tests.dashboards.databases import HEARD
from tests.vault.keys import a_key_file, a_line

REASON = "客户投诉 4711"
CODE = "ABCD-EFGH"


def settings_of(folder: Path, role: str | None = "compliance", *, key: bool = True) -> Settings:
    file = a_key_file(folder / "raw.keys") if key else None
    people = {} if role is None else {operating_user(): role}
    raw, privileged = RawSettings(key_file=file), PeopleSettings(privileged=people)
    return Settings(raw=raw, people=privileged)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return databases.original(tmp_path)


@pytest.fixture(params=[True, False], ids=["key", "no key"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    return settings_of(tmp_path, key=request.param)


def row(db: Path, call_id: str = HEARD) -> dict[str, Any]:
    with Snapshot.open(db) as snapshot:
        return snapshot.call(call_id).call


def entries(db: Path) -> list[Entry]:
    return Trail.beside(db).read().entries()


def actions(db: Path) -> list[str]:
    return [entry.action for entry in entries(db)]


def assert_whole(settings: Settings, db: Path) -> None:
    """Every entry is in its place, and signed where there is a key."""
    keys = authority.keys_of(settings)
    assert verify(Trail.beside(db).read()).problems == []
    if keys is not None:
        found = verify(Trail.beside(db).read(), authority.signing_of(keys))
        assert (found.problems, found.signed) == ([], found.entries)


def spoil(trail: Trail) -> Callable[[], None]:
    """A folder in the place of the trail: nothing can be appended; gives the way back."""
    kept = trail.path.read_bytes() if trail.path.exists() else None
    trail.path.unlink(missing_ok=True)
    trail.path.mkdir()

    def mend() -> None:
        trail.path.rmdir()
        if kept is not None:
            trail.path.write_bytes(kept)

    return mend


def write_settings(folder: Path, language: str = "zh") -> Path:
    file = folder / "callqa.yaml"
    keys = a_key_file(folder / "raw.keys", a_line("k1"))
    people = {"privileged": {operating_user(): "compliance"}}
    values = {"raw": {"key_file": str(keys)}, "people": people, "language": language}
    file.write_text(json.dumps(values))
    return file
