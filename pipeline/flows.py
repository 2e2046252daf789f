"""The nightly flow: Prefect around the plain functions of `pipeline.nightly`.

One task per batch of calls; several batches at once in threads that share one recogniser. Works
with no Prefect server running (Prefect then starts its own for the run) and sends no telemetry.
Parameters, states and artifacts hold folder names and counts, never names of calls or people.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
os.environ.setdefault("PREFECT_CLI_PROMPT", "false")

from prefect import flow, task
from prefect import settings as prefect_settings
from prefect._internal.concurrency.threads import get_global_loop, get_run_sync_loop
from prefect.artifacts import create_markdown_artifact
from prefect.futures import PrefectFuture, as_completed
from prefect.schedules import Cron
from prefect.task_runners import ThreadPoolTaskRunner

from pipeline import __version__, again, authority, night, nightly, reporting
from pipeline.account import Account, Done, Plan
from pipeline.alerts import Watching
from pipeline.errors import TryAgain
from pipeline.listening import worker_count
from pipeline.prefect_server import own_server
from pipeline.progress import RunProgress
from pipeline.settings import Settings, load_settings
from pipeline.store import Store

RETRY_DELAYS = [5.0, 30.0]


def run(inputs: Sequence[Path], db: Path, config: Path | None = None) -> dict[str, Any]:
    """One nightly run from start to end; returns the summary of the outer format."""
    names = [str(path) for path in inputs]
    with _server(services=False):
        try:
            summary: dict[str, Any] = nightly_flow(names, str(db), str(config) if config else None)
        finally:
            _end_loops()
    return summary


@flow(name="callqa-nightly", validate_parameters=False, persist_result=False)
def nightly_flow(inputs: list[str], db: str, config: str | None = None) -> dict[str, Any]:
    """Look, plan, process in batches, load and publish as batches finish."""
    settings = load_settings(None if config is None else Path(config))
    paths = [Path(name) for name in inputs]
    with Store.open(Path(db), settings.timezone) as store:
        line = night.line_of(settings, store)
        store.load_spool()
        plan = nightly.make_plan(nightly.look(paths, settings, store), line, store)
        line.run_id = store.start_run(again.joined(paths), {"callqa": __version__})
        account = Account(plan)
        with Watching(settings, store.layout.db) as alerts:
            with RunProgress(account) as progress:
                _work(plan, line, store, Ears(progress.add, alerts.published))
            store.load_spool()
            nightly.settle(store, line, plan.outdated)
            summary = night.close(store, account, paths, line, started=True)
        reporting.after_night(store.layout.db, settings, summary)
    _publish_summary(summary)
    return summary


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told while a run works: of each call that is done, and of each publish."""

    done: Callable[[Done], None]
    published: Callable[[], None]


def _work(plan: Plan, line: nightly.Line, store: Store, ears: Ears) -> None:
    """All batches, as many at once as there are workers; loaded as they finish."""

    @task(
        name="inspect-batch",
        task_run_name="batch-{number}",
        retries=len(RETRY_DELAYS),
        retry_delay_seconds=RETRY_DELAYS,
        retry_condition_fn=_may_pass,
        persist_result=False,
    )
    def inspect_batch(number: int) -> int:
        return len(nightly.process_batch(plan.batches[number], line, ears.done))

    published = time.monotonic()
    workers = worker_count(line.settings)
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers)
    with runner:
        futures: dict[PrefectFuture[int], int] = {
            runner.submit(inspect_batch, {"number": number}): number
            for number in range(len(plan.batches))
        }
        for future in as_completed(list(futures)):
            try:
                future.result()
            except Exception as error:  # one batch that fails never stops the others
                for failure in nightly.give_up(plan.batches[futures[future]], line, error):
                    ears.done(Done(failure.file, failure=failure))
            store.load_spool()
            if time.monotonic() - published > line.settings.run.publish_every_seconds:
                store.publish()
                ears.published()
                published = time.monotonic()


def _may_pass(_task: object, _run: object, state: Any) -> bool:  # noqa: ANN401
    """Retry what may pass by itself, not our bugs."""
    try:
        state.result()
    except TryAgain:
        return True
    except Exception:
        return False
    return False


def _publish_summary(summary: dict[str, Any]) -> None:
    """A Markdown artifact with counts; failures by stage and class, without names."""
    lines = ["# callqa nightly run", "", "| | |", "| --- | ---: |"]
    for name in ("recordings", "processed", "skipped", "failed", "audio_seconds", "wall_seconds"):
        lines.append(f"| {name} | {summary[name]} |")
    lines += [f"| findings: {name} | {count} |" for name, count in summary["findings"].items()]
    kinds: dict[str, int] = {}
    for failure in summary["failures"]:
        kind = f"{failure['stage']}: {failure['error']}"
        kinds[kind] = kinds.get(kind, 0) + 1
    if kinds:
        lines += ["", "| failures | |", "| --- | ---: |"]
        lines += [f"| {kind} | {count} |" for kind, count in sorted(kinds.items())]
    create_markdown_artifact("\n".join(lines), key="callqa-nightly", description="Run summary")


def serve(inputs: Sequence[Path], db: Path, config: Path | None, settings: Settings) -> None:
    """Schedule the nightly run by cron, in the centre's time zone, until stopped.

    Prefect's short-lived server schedules nothing, silently; so a whole one is started on this
    machine unless PREFECT_API_URL names one.
    """
    if settings.raw.keep:
        authority.needed_keys(settings)  # now, not at one in the morning
    with _server(services=True) as url:
        _log(f"Prefect at {url}: state of the runs, retries, artifacts")
        nightly_flow.serve(
            name="nightly",
            schedule=Cron(settings.run.cron, timezone=settings.timezone),
            parameters={
                "inputs": [str(path.resolve()) for path in inputs],
                "db": str(db.resolve()),
                "config": None if config is None else str(config.resolve()),
            },
            limit=1,
            pause_on_shutdown=False,
            print_starting_message=False,
        )


@contextmanager
def _server(*, services: bool) -> Iterator[str]:
    """Prefect's address: the one of PREFECT_API_URL, else a server of our own that ends with us."""
    given = prefect_settings.PREFECT_API_URL.value()
    if given:
        yield str(given)
        return
    with own_server(services=services) as url:
        os.environ["PREFECT_API_URL"] = url  # for the processes of scheduled runs
        with prefect_settings.temporary_settings({prefect_settings.PREFECT_API_URL: url}):
            try:
                yield url
            finally:
                del os.environ["PREFECT_API_URL"]


def _end_loops() -> None:
    """End Prefect's background threads while its server is there to take what they still send.

    They begin again when they are needed. Left running, they try for a minute to reach a server
    that has ended, and what they hold outlives the interpreter: DuckDB's binding reports leaks.
    """
    for loop in (get_run_sync_loop(), get_global_loop()):
        loop.shutdown()
        loop.thread.join(5.0)


def _log(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)  # noqa: T201
