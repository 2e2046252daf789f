"""What keeps a dead server from slowing a night down."""

from __future__ import annotations

import threading
import time

from pipeline.domain import Seconds


class Breaker:
    """After `limit` failures in a row nothing is tried for `pause` seconds; then one try decides.

    Safe to use from several threads.
    """

    def __init__(self, limit: int = 5, pause: Seconds = 60.0) -> None:
        self.limit, self.pause = limit, pause
        self._failures = 0
        self._until = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether nothing is tried just now."""
        with self._lock:
            return self._failures >= self.limit and time.monotonic() < self._until

    def may_try(self) -> bool:
        """Whether the caller may try; after a pause only the first one who asks may."""
        with self._lock:
            if self._failures < self.limit:
                return True
            now = time.monotonic()
            if now < self._until:
                return False
            self._until = now + self.pause
            return True

    def succeeded(self) -> bool:
        """A try went well; True when it ends a time of failures."""
        with self._lock:
            was_open, self._failures = self._failures >= self.limit, 0
            return was_open

    def failed(self) -> bool:
        """A try failed; True when it is the one that makes the pauses begin."""
        with self._lock:
            self._failures += 1
            if self._failures >= self.limit:
                self._until = time.monotonic() + self.pause
            return self._failures == self.limit
