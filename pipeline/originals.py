"""Originals: sealed by a run, shown to whoever may see them, sealed again; each act on the trail.

Settings say whether originals are kept; `pipeline.authority` knows keys and roles, `pipeline.vault`
seals and opens, `pipeline.audit` remembers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.audit import Entry, Trail
from pipeline.authority import Request, needed_keys, permit, signing_of
from pipeline.domain import Segment
from pipeline.errors import BadInput, BadSeal
from pipeline.files import need_database
from pipeline.settings import Settings
from pipeline.store import Layout, Snapshot, WriterLock, export
from pipeline.vault import Vault


def open_vault(settings: Settings, db: Path) -> Vault | None:
    """The vault that a run seals into; None while originals are not kept.

    The trail says when keeping them began, so that it has a signed entry from then on.
    """
    if not settings.raw.keep:
        return None
    keys = needed_keys(settings)
    vault = Vault.beside(db, keys)
    if not vault.folder.is_dir():
        Trail.beside(db, signing_of(keys)).append("raw_begin", details={"key": keys.active.id})
        vault.folder.mkdir(mode=0o750, exist_ok=True)
    return vault


# ── looking at one ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to see what: a call, one segment of it or all, and why.

    `granted_by`: see `authority.Request`.
    """

    call_id: str
    reason: str
    segment: int | None = None
    granted_by: Path | None = None


@dataclass(frozen=True, slots=True)
class Unmasked:
    """Raw segments by their number in the call, and the entry of the trail that permitted it."""

    call_id: str
    segments: dict[int, Segment]
    entry: Entry


def unmask(settings: Settings, db: Path, wish: Wish) -> Unmasked:
    """The raw segments of a call, after the trail has it in writing that they will be shown.

    Raises NotAllowed without a role (the try is in the trail too), BadInput for an unknown call or
    a reason too short, BadSeal when the original does not open, TryAgain when the trail cannot be
    written: then nothing was opened.
    """
    need_database(db)
    about = {"segment": wish.segment}
    request = Request("unmask", wish.reason, wish.call_id, wish.granted_by, about)
    role = permit(settings, db, request)
    keys = needed_keys(settings)
    with Snapshot.open(db) as snapshot:
        call = snapshot.call(wish.call_id)
    content = str(call.call["content_sha256"])
    _need_segment(wish, len(call.segments))
    trail = Trail.beside(db, signing_of(keys))
    said = {"subject": wish.call_id, "role": role}
    details = {**request.said, "content": content}
    entry = trail.append("unmask", reason=wish.reason.strip(), details=details, **said)
    try:
        segments = Vault.beside(db, keys).get(content).segments
        _need_segment(wish, len(segments))
    except BadInput as error:
        why = {"entry": entry.seq, "error": type(error).__name__}
        trail.append("unmask_failed", details=why, **said)
        raise
    chosen = range(len(segments)) if wish.segment is None else (wish.segment,)
    return Unmasked(wish.call_id, {number: segments[number] for number in chosen}, entry)


def _need_segment(wish: Wish, count: int) -> None:
    if wish.segment is not None and not 0 <= wish.segment < count:
        raise BadInput(
            f"--segment {wish.segment}: call {wish.call_id} has segments 0 to {count - 1}"
        )


def export_unmasked(
    settings: Settings, db: Path, out: Path, form: str, request: Request
) -> tuple[int, int]:
    """Write the table of segments with raw text where there are originals, for people with a role.

    Returns how many calls are unmasked and how many are not, having no original that opens; their
    text stays masked. Written down before and after. Errors as in `unmask`.
    """
    need_database(db)
    role = permit(settings, db, request)
    keys = needed_keys(settings)
    trail, reason = Trail.beside(db, signing_of(keys)), request.reason.strip()
    details = {**request.said, "file": str(out.absolute())}
    entry = trail.append("export_unmasked", role=role, reason=reason, details=details)
    with Snapshot.open(db) as snapshot:
        contents = snapshot.contents()
    texts = _RawTexts(Vault.beside(db, keys), contents)
    rows = export("segments", db, out, form, change=texts.change)
    done = {"rows": rows, "calls": len(texts.opened), "masked": len(texts.masked)}
    trail.append("exported_unmasked", role=role, details={"entry": entry.seq, **done})
    return len(texts.opened), len(texts.masked)


class _RawTexts:
    """Puts raw text in place of masked text; rows of one call come one after the other."""

    def __init__(self, vault: Vault, contents: Mapping[str, str]) -> None:
        self.opened: set[str] = set()
        self.masked: set[str] = set()
        self._vault = vault
        self._contents = contents
        self._last: tuple[str, tuple[Segment, ...]] = ("", ())

    def change(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The same rows, unmasked where the original opens."""
        return [self._row(row) for row in rows]

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        segments, number = self._segments(row["call_id"]), row["segment"]
        if number >= len(segments):
            return row
        raw = segments[number]
        words = [asdict(word) for word in raw.words]
        return {**row, "text": raw.text, "words": words}

    def _segments(self, call_id: str) -> tuple[Segment, ...]:
        if self._last[0] != call_id:
            try:
                segments = self._vault.get(self._contents[call_id]).segments
                self.opened.add(call_id)
            except BadSeal:
                segments = ()
                self.masked.add(call_id)
            self._last = (call_id, segments)
        return self._last[1]


# ── all of them ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Tally:
    """What was found in the vault: originals by key, those sealed again, damaged ones by reason.

    `without`: stored calls that have no original; `orphans`: originals of no stored call.
    """

    originals: int = 0
    resealed: int = 0
    keys: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)
    without: int = 0
    orphans: int = 0


def check(settings: Settings, db: Path) -> Tally:
    """Open every original, show none, compare with the calls of the newest published version.

    BadInput when there is no folder of originals, or no database.
    """
    vault = Vault.beside(db, needed_keys(settings))
    tally, kept = Tally(), set(vault.contents())
    with Snapshot.open(db) as snapshot:
        stored = set(snapshot.contents().values())
    tally.without, tally.orphans = len(stored - kept), len(kept - stored)
    for content in sorted(kept):
        with _counted(tally):
            vault.get(content)
            tally.keys[vault.key_of(content)] += 1
    return tally


def rotate(settings: Settings, db: Path) -> Tally:
    """Seal with the active key whatever is sealed with another one. Killed, it goes on next time.

    Damaged originals are left as they are and named. Raises TryAgain while a run is writing.
    """
    need_database(db)
    keys = needed_keys(settings)
    vault, trail, tally = Vault.beside(db, keys), Trail.beside(db, signing_of(keys)), Tally()
    contents = list(vault.contents())
    layout = Layout(db.absolute())
    layout.make()
    lock = WriterLock(layout.lock, layout.db)
    try:
        trail.append("raw_rotate", details={"key": keys.active.id, "originals": len(contents)})
        for content in contents:
            with _counted(tally):
                tally.resealed += vault.reseal(content)
                tally.keys[keys.active.id] += 1
        counts = {"resealed": tally.resealed, "damaged": len(tally.damaged)}
        trail.append("raw_rotated", details={"key": keys.active.id, **counts})
    finally:
        lock.release()
    return tally


@contextmanager
def _counted(tally: Tally) -> Iterator[None]:
    tally.originals += 1
    try:
        yield
    except BadSeal as error:
        tally.damaged.append(str(error))
