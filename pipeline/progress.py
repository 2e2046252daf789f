"""Progress of a run: a live bar on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.account import Account, Done

LINE_EVERY = 10.0


class RunProgress:
    """Counts finished calls; a call's name is shown only when it failed."""

    def __init__(self, account: Account, stream: TextIO | None = None) -> None:
        self._account = account
        self._stream = stream or sys.stderr
        self._total = account.plan.calls
        self._last_line = time.monotonic()
        self._begun = time.monotonic()
        self._bar: Progress | None = None
        self._task = None
        if self._stream.isatty():
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[speed]}"),
                console=Console(file=self._stream),
            )
            self._task = self._bar.add_task("质检 calls", total=self._total, speed="")

    def __enter__(self) -> Self:
        """Show the bar, or say what begins."""
        if self._bar:
            self._bar.start()
        else:
            plan = self._account.plan
            if plan.again:
                self._say(f"{plan.again} calls again: the rule pack, model or settings changed")
            self._say(
                f"{plan.calls} calls to do ({plan.bytes / 1e6:.0f} MB of sound), "
                f"{plan.skipped} done before, {len(plan.failures)} unusable files"
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the bar."""
        if self._bar:
            self._bar.stop()
        elif kind is None:
            self._say(self._status())

    def add(self, done: Done) -> None:
        """One more call is through."""
        self._account.add(done)
        if done.failure:
            self._say(f"failed [{done.failure.stage}] {done.failure.message}")
        if self._bar and self._task is not None:
            self._bar.update(self._task, advance=1, speed=self._rates())
        elif time.monotonic() - self._last_line >= LINE_EVERY:
            self._last_line = time.monotonic()
            self._say(self._status())

    def _status(self) -> str:
        done = self._account.processed + len(self._account.failures)
        return f"{done}/{self._total} calls, {self._rates()}"

    def _rates(self) -> str:
        """Hours of sound, times real time, remaining time."""
        account, spent = self._account, max(time.monotonic() - self._begun, 1e-6)
        done = account.processed + len(account.failures)
        left = (self._total - done) * spent / done if done else 0.0
        speed = f"{done / spent:.0f} calls/s"
        if account.audio_seconds:
            hours, times = account.audio_seconds / 3600, account.audio_seconds / spent
            speed = f"{hours:.2f} h of audio, {times:.1f}x real time"
        return f"{speed}, {_clock(left)} left"

    def _say(self, text: str) -> None:
        if self._bar:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            print(time.strftime("%H:%M:%S"), text, file=self._stream, flush=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
