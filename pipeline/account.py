"""What a run means to do and what it did: the plan, finished calls, and the sum at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from pipeline.domain import CallReport, Failure, Recording, Seconds, Severity, Verdict
from pipeline.files import storable
from pipeline.intake import GivenTranscript

Work = Recording | GivenTranscript


@dataclass(frozen=True, slots=True)
class Done:
    """One call is through: its file, and its result in brief or its failure."""

    file: str
    seconds: Seconds = 0.0
    failed_rules: tuple[Severity, ...] = ()
    unsure: int = 0
    failure: Failure | None = None

    @classmethod
    def of(cls, file: str, report: CallReport) -> Done:
        """The brief of a finished call; `seconds` counts sound that was transcribed."""
        return cls(
            file,
            (report.duration or 0.0) if report.audio else 0.0,
            tuple(f.severity for f in report.findings if f.verdict is Verdict.FAIL),
            sum(f.verdict is Verdict.UNSURE for f in report.findings),
        )


@dataclass(slots=True)
class Plan:
    """What this run will do: batches of work, and what needs none.

    `outdated`: contents of recordings that are only scored again, by another pack; their text is
    stored. `removed`: contents that were purged or erased and lie there again; left alone.
    """

    batches: list[list[Work]] = field(default_factory=list)
    skipped: int = 0
    removed: int = 0
    again: int = 0
    outdated: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    growing: int = 0
    new_names: int = 0
    ignored: int = 0

    @property
    def calls(self) -> int:
        """Calls that will be processed."""
        return sum(len(batch) for batch in self.batches)

    @property
    def bytes(self) -> int:
        """Bytes of sound that will be decoded."""
        return sum(w.bytes for batch in self.batches for w in batch if isinstance(w, Recording))


@dataclass(slots=True)
class Account:
    """What a run did, added up as calls finish; safe to use from several threads."""

    plan: Plan
    processed: int = 0
    audio_seconds: Seconds = 0.0
    findings: dict[str, int] = field(
        default_factory=lambda: {**{str(severity): 0 for severity in Severity}, "unsure": 0}
    )
    failures: list[Failure] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, done: Done) -> None:
        """Count one call."""
        with self._lock:
            if done.failure is not None:
                self.failures.append(done.failure)
                return
            self.processed += 1
            self.audio_seconds += done.seconds
            self.findings["unsure"] += done.unsure
            for severity in done.failed_rules:
                self.findings[severity] += 1

    def summary(self) -> dict[str, object]:
        """The outer format of a run's result (`callqa run --json`)."""
        plan = self.plan
        failures = [*plan.failures, *self.failures]
        return {
            "recordings": plan.calls
            + plan.skipped
            + plan.removed
            + len(plan.outdated)
            + len(plan.failures),
            "processed": self.processed,
            "skipped": plan.skipped,
            "removed_before": plan.removed,
            "rescored": len(plan.outdated),
            "failed": len(failures),
            "left_for_next_run": plan.growing,
            "ignored_files": plan.ignored,
            "audio_seconds": round(self.audio_seconds, 1),
            "wall_seconds": round(time.monotonic() - self.started, 1),
            "findings": dict(self.findings),
            "failures": [
                {name: storable(text) for name, text in asdict(failure).items()}
                for failure in failures
            ],
        }


def exit_code(summary: Mapping[str, object]) -> int:
    """0 all done, 3 some recordings failed."""
    return 3 if summary["failed"] else 0
