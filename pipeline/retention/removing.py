"""Removing calls everywhere: input, originals, spool, copies, index, tables, reviews; the proof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.alerts import Outbox
from pipeline.audit import Entry, Trail
from pipeline.errors import CallqaError, TryAgain
from pipeline.files import path_of
from pipeline.intake import still_there, take_out
from pipeline.modelfiles import sha256
from pipeline.search import SearchIndex, sync
from pipeline.store import (
    AUDIO,
    FORMS,
    Copies,
    Copy,
    Gone,
    HeldCalls,
    Holds,
    Part,
    People,
    Removals,
    Store,
    forget,
    names_any,
    remains,
    take_out_of,
)
from pipeline.vault import folder_of, path_in

BATCH = 500
_HASH = re.compile(r"[0-9a-f]{64}")
SEARCHED = 2_000  # ids looked for at once; a purge of more does not search the tables


@dataclass(slots=True)
class Removed:
    """What went, counted by kind of thing, and what is left with the reason.

    `calls`: contents that are gone everywhere; `waiting`: contents that are not, because a file of
    theirs is left: mend the cause and purge or erase again. `by_hand`: exported files that cannot
    be read any more and may hold rows of these calls. `found`: where the search afterwards still
    found one of them; empty is the proof. `searched`: places and ids that it looked at.
    """

    calls: int = 0
    waiting: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    searched: Counter[str] = field(default_factory=Counter)

    @property
    def complete(self) -> bool:
        """Whether nothing is left anywhere."""
        return not (self.waiting or self.left or self.by_hand or self.found)

    def summary(self) -> dict[str, object]:
        """All of it for JSON and the audit trail: counts, and places where something is left."""
        return {
            "calls": self.calls,
            "waiting": self.waiting,
            "removed": {kind: count for kind, count in sorted(self.counts.items()) if count},
            "left": self.left,
            "by_hand": self.by_hand,
            "found": self.found,
            "searched": dict(self.searched),
        }


def remove_all(
    store: Store, contents: Sequence[str], why: str, customer: str | None = None
) -> Removed:
    """Remove these contents, and what an earlier, killed removal left, everywhere; then search.

    Raises TryAgain when the disk is full; running it again goes on.
    """
    removals, done, asked = Removals(store), Removed(), set(contents)
    before = removals.marked("marked")
    free = _not_held(store, before)
    if held := before.keys() - free - asked:
        done.left.append(f"{len(held)}: on legal hold since they were marked (`callqa hold list`)")
    pending = sorted({*asked, *free})
    everything = sorted({*pending, *removals.marked("deleted")})
    ids = removals.call_ids(everything)
    own = removals.own_paths(everything)
    names = {path for paths in removals.names(everything).values() for path in paths}
    for start in range(0, len(pending), BATCH):
        batch = pending[start : start + BATCH]
        removals.mark([content for content in batch if content in asked], Part.EVERYTHING, why)
        _remove(store, batch, customer, done)
    removals.settle()
    sync(store, create=False)
    waiting = set(removals.marked("marked"))
    done.waiting = len(waiting)
    through = set(everything) - waiting
    done.calls = len(through)
    if through:  # what waits keeps its rows, and is not looked for
        stay = {*removals.call_ids(waiting), *removals.own_paths(waiting)}
        kept = {path for paths in removals.names(waiting).values() for path in paths}
        sought = [word for word in (*ids, *own) if word not in stay]
        _search(store, _Sought(through, names - kept, sought, None if waiting else customer), done)
    return done


def write_down(trail: Trail, action: str, entry: Entry, done: Removed) -> None:
    """Append the result to the entry that began it; where that fails, the result says so itself."""
    try:
        trail.append(action, role=entry.role, details={"entry": entry.seq, **done.summary()})
    except TryAgain as error:
        why = error.__cause__ or error
        done.left.append(f"{trail.path}: the result, {action}, is not written down there: {why}")


def _not_held(store: Store, contents: Collection[str]) -> set[str]:
    """Without what somebody has put on hold since it was marked."""
    if not contents:
        return set()
    held = HeldCalls(Holds(People.open(store.layout.db)).in_force())
    calls = (call for call in Removals(store).candidates() if call.content_sha256 in contents)
    return set(contents) - {
        call.content_sha256
        for call in calls
        if held.of(call.customer_id, call.agent_id, call.content_sha256)
    }


def _remove(store: Store, batch: Sequence[str], customer: str | None, done: Removed) -> None:
    """One batch: files first, then the rows of what no file is left of."""
    removals, people = Removals(store), People.open(store.layout.db)
    ids = removals.call_ids(batch)
    left = remove_sound(store, batch, done)
    for content in batch:
        left |= _unlink(_inner(store, content), content, done)
    left |= _forget_in_search(store, batch, done)
    _take_out_of_copies(people, Gone.of(ids, batch, removals.own_paths(batch)), done)
    through = [content for content in batch if content not in left]
    done.counts["alerts"] += Outbox(store.layout.alerts).forget(through)
    done.counts["reviews"] += forget(people, through, customer)
    done.counts.update(removals.delete(through))  # last: the rows say what else there is to remove


def remove_sound(store: Store, contents: Sequence[str], done: Removed) -> set[str]:
    """Remove input files and redacted copies; returns the contents of which something is left."""
    names = Removals(store).names(contents)
    taken = take_out({content: map(path_of, paths) for content, paths in names.items()})
    left = dict(taken.left)
    copies, asked = Copies(People.open(store.layout.db)), set(contents)
    for copy in copies.all():
        if copy.what == AUDIO and copy.content_sha256 in asked:
            path = Path(copy.path)
            try:
                if path.is_file() and sha256(path) != copy.sha256:
                    done.by_hand.append(f"{path}: is no longer what was written")
                    continue
                path.unlink(missing_ok=True)
                done.counts["audio_copy"] += 1
                copies.forget(copy.path)
            except OSError as error:
                left.setdefault(copy.content_sha256 or "", []).append(f"{path}: {error.strerror}")
    done.counts.update(taken.counts)
    done.left += [line for lines in left.values() for line in lines]
    return set(left)


def remove_originals(store: Store, contents: Iterable[str], done: Removed) -> set[str]:
    """Delete sealed originals; returns contents of which one is left."""
    folder = folder_of(store.layout.db)
    left = (_unlink([path_in(folder, content)], content, done) for content in contents)
    return set().union(*left)


def _inner(store: Store, content: str) -> list[Path]:
    """Files of ours that are named after a content, half-written ones too."""
    layout = store.layout
    original = path_in(folder_of(layout.db), content)
    folders = (layout.spool, layout.loading, layout.bad, layout.folder / "in_work", original.parent)
    return [path for folder in folders for path in folder.glob(f"*{content}*")]


def _unlink(paths: Iterable[Path], content: str, done: Removed) -> set[str]:
    for path in paths:
        try:
            path.unlink()
            done.counts["original" if path.suffix == ".sealed" else "spool"] += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            done.left.append(f"{path}: {error.strerror}")
            return {content}
    return set()


def _forget_in_search(store: Store, batch: Sequence[str], done: Removed) -> set[str]:
    """Delete the days of the search index that hold these calls; they are made anew afterwards."""
    try:
        done.counts["search_day"] += SearchIndex(store.layout).forget(set(batch))
    except OSError as error:
        done.left.append(f"{error.filename}: {error.strerror}")
        return set(batch)
    return set()


def _take_out_of_copies(people: People, gone: Gone, done: Removed) -> None:
    copies = Copies(people)
    for copy in copies.all():
        if copy.what == AUDIO:
            continue
        try:
            if copy.what == FORMS:
                _remove_form(copies, copy, gone, done)
            else:
                done.counts["exported_row"] += take_out_of(copy, gone)
        except FileNotFoundError:
            copies.forget(copy.path)
        except (OSError, ValueError, CallqaError) as error:
            line = f"{copy.path}: {error}"
            if line not in done.by_hand:
                done.by_hand.append(line)


def _remove_form(copies: Copies, copy: Copy, gone: Gone, done: Removed) -> None:
    """A form as it was written can be made again without the calls; one filled in is a person's."""
    if not names_any(copy, gone):
        return
    if sha256(Path(copy.path)) != copy.sha256:
        raise ValueError("was filled in since it was written, and names such a call")
    Path(copy.path).unlink()
    copies.forget(copy.path)
    done.counts["form"] += 1


# ── the proof ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Sought:
    contents: set[str]
    names: set[str]
    texts: Sequence[str]  # ids of calls, and paths under which nothing else lies
    customer: str | None


def _search(store: Store, sought: _Sought, done: Removed) -> None:
    """Look everywhere once more; what is found is no removal."""
    contents, names = sought.contents, sought.names
    persons = [sought.customer] if sought.customer else []
    needles = [*contents, *sought.texts, *persons]
    if persons or len(needles) <= SEARCHED:
        for start in range(0, len(needles), SEARCHED):
            done.found += remains(store.file.connection, needles[start : start + SEARCHED])
        done.searched["ids"] = len(needles)
    done.searched["paths"] = len(names)
    done.found += [name for name in sorted(names) if still_there(path_of(name), contents)]
    roots = (store.layout.folder, folder_of(store.layout.db))
    for file in (file for root in roots for file in root.rglob("*") if file.is_file()):
        done.searched["files"] += 1
        if contents.intersection(_HASH.findall(file.name)):
            done.found.append(str(file))
    done.found += SearchIndex(store.layout).remains(contents)
    _search_people(store, [*contents, *persons], done)


def _search_people(store: Store, needles: Sequence[str], done: Removed) -> None:
    """The bytes of the files of reviews and of alerts, with what SQLite keeps beside them.

    Both hold the hash of a call; a call's id may be part of another one's.
    """
    long = [needle.encode() for needle in needles if len(needle) >= 12][:SEARCHED]
    for name in (store.layout.people, store.layout.alerts):
        for file in name.parent.glob(f"{name.name}*"):
            data = file.read_bytes()
            done.found += [str(file)] if any(needle in data for needle in long) else []
