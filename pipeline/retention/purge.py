"""`callqa purge`: what is older than the periods of the settings goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.authority import trail_of
from pipeline.errors import BadSettings
from pipeline.files import need_database
from pipeline.retention.due import Due, find_due
from pipeline.retention.removing import (
    Removed,
    remove_all,
    remove_originals,
    remove_sound,
    write_down,
)
from pipeline.search import sync
from pipeline.settings import Settings
from pipeline.store import Part, Removals, Store


@dataclass(frozen=True, slots=True)
class Purged:
    """What was due, and what became of it; `removed` is None where it was only shown."""

    due: Due
    removed: Removed | None = None


def purge(
    settings: Settings, db: Path, *, apply: bool, now: datetime | None = None,
    granted_by: Path | None = None,
) -> Purged:  # fmt: skip
    """Show what is due, or remove it: written down before, and with its result after.

    Needs no role: whoever runs the night may. Raises BadSettings without any period, TryAgain
    while a run is writing.
    """
    need_database(db)
    if not settings.retention:
        raise BadSettings(
            "the settings name no period, so everything is kept: set `retention: {default: "
            "{audio: 2y, results: 5y}}`, for example (callqa.example.yaml shows more)"
        )
    with Store.open(db, settings.timezone) as store:
        store.load_spool()
        due = find_due(settings, store, now or datetime.now(settings.zone))
        pending = Removals(store).marked("marked", "deleted")
        if not apply or (due.nothing and not pending):
            return Purged(due, Removed() if apply else None)
        return Purged(due, _apply(settings, store, due, granted_by))


def _apply(settings: Settings, store: Store, due: Due, granted_by: Path | None) -> Removed:
    trail = trail_of(settings, store.layout.db)
    periods = {
        line: {part: str(period) for part, period in keep if period}
        for line, keep in settings.retention.items()
    }
    counts = {part.value: len(contents) for part, contents in due.parts.items()}
    counts |= {"orphans": len(due.orphans), "returned": len(due.returned)}
    details = {
        "retention": periods,
        "due": counts,
        "held": due.held,
        "settings": None if granted_by is None else str(granted_by.absolute()),
    }
    entry = trail.append("purge", details=details)
    removals = Removals(store)
    done = remove_all(store, [*due.parts[Part.EVERYTHING], *due.returned], "purge")
    for part, remove in ((Part.AUDIO, remove_sound), (Part.ORIGINAL, remove_originals)):
        left = remove(store, due.parts[part], done)
        removals.mark(
            [content for content in due.parts[part] if content not in left], part, "purge"
        )
    remove_originals(store, due.orphans, done)
    store.publish()
    sync(store, create=False)
    write_down(trail, "purged", entry, done)
    return done
