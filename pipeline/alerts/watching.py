"""Alerts of a run: a thread of its own looks at what is published and sends it; a run never waits.

Whatever goes wrong here is logged; the run goes on. What is left goes with the next run, or with
`callqa alerts send`.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.alerts.drifts import judge_drifts
from pipeline.alerts.look import look
from pipeline.alerts.send import Delivered, send_due
from pipeline.errors import CallqaError
from pipeline.settings import Settings
from pipeline.store import Layout, Snapshot, newest

log = logging.getLogger(__name__)

TICK_SECONDS = 15.0  # how often what waits is tried again while nothing is published
END_SECONDS = 20.0  # how long the end of a run waits for messages


class Watching:
    """Use as a context around a run; `published` after each publish."""

    def __init__(self, settings: Settings, db: Path) -> None:
        self._settings = settings
        self._db = db
        self._news = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="alerts", daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look once more, drifts too, and wait some seconds for what is on its way."""
        self._over.set()
        self._news.set()
        self._thread.join(END_SECONDS)
        if self._thread.is_alive():
            log.warning("alerts: still sending; the rest goes with the next run, or now: "
                        "`callqa alerts send`")  # fmt: skip

    def published(self) -> None:
        """There is something new to look at; returns at once."""
        self._news.set()

    def _work(self) -> None:
        while True:
            news = self._news.wait(TICK_SECONDS)
            over = self._over.is_set()
            self._news.clear()
            try:
                if newest(Layout(self._db)) is not None:
                    alert_now(self._settings, self._db, END_SECONDS, news=news, drifts=over)
            except CallqaError as error:
                log.warning("alerts: %s", error)
            except Exception:
                log.exception("our bug in alerts; the run goes on")
            if over:
                return


def alert_now(
    settings: Settings, db: Path, seconds: float, *, news: bool = True, drifts: bool = False
) -> Delivered:
    """Look at the newest published results (`news`), send what is due, judge drifts and send those.

    Nothing new is begun after so many seconds.
    """
    end = time.monotonic() + seconds
    with Snapshot.open(db, settings.timezone) as snapshot:
        if news:
            look(snapshot, settings.alerts, datetime.now(UTC))
        done = send_due(snapshot, settings, end - time.monotonic())
        if drifts and settings.alerts.drift:
            judge_drifts(snapshot, settings.alerts, datetime.now(UTC))
            done += send_due(snapshot, settings, end - time.monotonic())
        return done
