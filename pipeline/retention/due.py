"""What is due to go by the periods of the settings, and what a hold keeps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.audio import SUFFIXES
from pipeline.errors import BadSettings
from pipeline.files import path_of
from pipeline.settings import Keep, Settings
from pipeline.store import Candidate, HeldCalls, Holds, Part, People, Removals, Store
from pipeline.vault import contents_of, folder_of, path_in

DEFAULT = "default"


@dataclass(slots=True)
class Due:
    """Contents that are due, by part; `held` are kept by a hold, `lines` count by business line.

    `orphans`: originals older than the period of `default` that belong to no stored call.
    `returned`: contents that were removed before and whose files lie in the input again.
    `undated`: calls of unknown date, which are taken to be held when they were processed.
    """

    parts: dict[Part, list[str]] = field(default_factory=lambda: {part: [] for part in Part})
    lines: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    held: dict[str, int] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    undated: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to remove."""
        return not (any(self.parts.values()) or self.orphans or self.returned)

    def summary(self) -> dict[str, object]:
        """All of it for JSON."""
        return {
            "parts": {part.value: contents for part, contents in self.parts.items()},
            "lines": {line: dict(counts) for line, counts in self.lines.items()},
            "held": self.held,
            "orphans": self.orphans,
            "returned": self.returned,
            "undated": self.undated,
        }


def find_due(settings: Settings, store: Store, now: datetime) -> Due:
    """Look at every stored call; nothing is changed.

    Raises BadSettings when a period reaches back before the calendar.
    """
    cutoffs = {line: _cutoffs(line, keep, now) for line, keep in settings.retention.items()}
    removals, db = Removals(store), store.layout.db
    held = HeldCalls(Holds(People.open(db)).in_force())
    due, holds, audio = Due(), Counter[str](), list[Candidate]()
    known = set()
    for call in removals.candidates():
        known.add(call.content_sha256)
        part, audio_due, original_due = _of(call, cutoffs)
        if part is None and not audio_due and not original_due:
            continue
        hold = held.of(call.customer_id, call.agent_id, call.content_sha256)
        if hold is not None:
            holds[str(hold.id)] += 1
            continue
        due.undated += not call.dated
        if part:
            _add(due, call, Part.EVERYTHING)
            continue
        if audio_due and call.channel == "voice":
            audio.append(call)
        if original_due and path_in(folder_of(db), call.content_sha256).exists():
            _add(due, call, Part.ORIGINAL)
    _add_audio(due, audio, removals)
    due.held = dict(holds)
    due.orphans = list(_orphans(db, known, cutoffs.get(DEFAULT, {})))
    due.returned = sorted(removals.names(removals.marked("gone")))
    return due


def _cutoffs(line: str, keep: Keep, now: datetime) -> dict[str, datetime]:
    """What was held before is due, by part of a call."""
    periods = {"audio": keep.audio, "originals": keep.originals, "results": keep.results}
    try:
        return {part: period.before(now) for part, period in periods.items() if period}
    except ValueError as error:
        raise BadSettings(
            f"settings: retention.{line}: reaches back before the calendar"
        ) from error


def _of(
    call: Candidate, cutoffs: Mapping[str, Mapping[str, datetime]]
) -> tuple[Part | None, bool, bool]:
    """Whether everything, the recording, or the original of a call is due."""
    own = cutoffs.get(call.business_line, cutoffs.get(DEFAULT, {}))
    past = {part for part, moment in own.items() if call.held_at < moment}
    return (Part.EVERYTHING if "results" in past else None, "audio" in past, "originals" in past)


def _add(due: Due, call: Candidate, part: Part) -> None:
    due.parts[part].append(call.content_sha256)
    due.lines[call.business_line][part.value] += 1


def _add_audio(due: Due, calls: list[Candidate], removals: Removals) -> None:
    """Of calls whose sound is due, those of which a file is still there."""
    names = removals.names(call.content_sha256 for call in calls)
    for call in calls:
        if any(_may_lie_there(path_of(name)) for name in names.get(call.content_sha256, ())):
            _add(due, call, Part.AUDIO)


def _may_lie_there(path: Path) -> bool:
    """Whether a recording does, or nobody can tell; a voice call may come as a transcript too."""
    try:
        return path.suffix.lower() in SUFFIXES and path.exists()
    except OSError:
        return True


def _orphans(db: Path, known: set[str], cutoffs: Mapping[str, datetime]) -> Iterator[str]:
    """Originals of no stored call (it failed after sealing, or its results went), by file time."""
    moment = cutoffs.get("originals", cutoffs.get("results"))
    if moment is None:
        return
    folder = folder_of(db)
    for content in contents_of(folder):
        if content not in known and path_in(folder, content).stat().st_mtime < moment.timestamp():
            yield content
