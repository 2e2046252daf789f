"""The ends of a nightly run that need no Prefect: what a run works with, nothing new, the account.

Prefect's import alone takes seconds, so a run over a folder in which nothing is new does without.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import __version__, again, corrected, nightly, originals, reporting, search
from pipeline.account import Account, exit_code
from pipeline.alerts import Watching
from pipeline.domain import Failure
from pipeline.errors import CallqaError, TryAgain
from pipeline.learning.reading import read_new
from pipeline.problems import LEAST_NOTED, note
from pipeline.settings import Settings
from pipeline.store import Filters, ProblemRegister, Snapshot, Store
from pipeline.weeks import Week

log = logging.getLogger(__name__)


def line_of(settings: Settings, store: Store) -> nightly.Line:
    """What batches need; refuses at once when originals are to be kept and there is no key."""
    vault = originals.open_vault(settings, store.layout.db)
    return nightly.Line(settings, store.layout.spool, vault)


def nothing_new(inputs: Sequence[Path], db: Path, settings: Settings) -> dict[str, Any] | None:
    """The summary of a run in which no call is to be processed; None when there are some."""
    with Store.open(db, settings.timezone) as store:
        line = line_of(settings, store)
        store.load_spool()
        plan = nightly.make_plan(nightly.look(inputs, settings, store), line, store)
        if plan.calls:
            return None
        with Watching(settings, store.layout.db):
            settled = nightly.settle(store, line, plan.outdated)
            summary = close(store, Account(plan), inputs, line, settled=settled)
        reporting.after_night(store.layout.db, settings, summary)
        return summary


def close(
    store: Store,
    account: Account,
    inputs: Sequence[Path],
    line: nightly.Line,
    *,
    started: bool = False,
    settled: int = 0,
) -> dict[str, Any]:
    """Load the rest, read reasons and flags, store the account, publish, make it searchable."""
    loaded = store.load_spool()
    read = read_new(store)
    summary: dict[str, Any] = account.summary()
    failures = [Failure(**failure) for failure in summary["failures"]]
    nothing = not (loaded or settled or read or failures or account.plan.new_names)
    if not started and nothing:
        _make_searchable(store)  # nothing to do, unless a run was killed before it came to this
        return summary
    if not started:
        store.start_run(again.joined(inputs), {"callqa": __version__})
    store.record_failures(failures)
    store.finish_run(summary, exit_code(summary))
    store.publish()
    corrected.keep_all(store.layout.db, line.settings.timezone, line.packs)
    _make_searchable(store)
    _note_problems(store)
    return summary


def _note_problems(store: Store) -> None:
    """Once a week: the problems of the week that is over, so that the next ones know them."""
    with Snapshot.open(store.layout.db, store.timezone) as snapshot:
        week = Week.of(datetime.now(snapshot.zone).date()).back(1)
        newest = ProblemRegister(snapshot.people).newest_week()
        if newest is not None and newest >= week:
            return
        days = Filters(since=week.monday, until=week.sunday)
        if snapshot.count_calls(days) < LEAST_NOTED:
            return
        try:
            note(snapshot, week)
        except CallqaError as error:
            log.warning("%s", error)


def _make_searchable(store: Store) -> None:
    """What is published stays good when the search index cannot follow: the page says so."""
    try:
        search.sync(store)
    except TryAgain as error:
        log.warning("%s", error)
