"""The nightly job in plain functions: look, plan, process a batch. The flow wraps these.

Every finished call is one file in the spool at once, so that a killed run loses only the calls
that were under way. One call that fails never stops the others.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline import modelfiles
from pipeline.account import Done, Plan, Work
from pipeline.asr import Engine, make_engine
from pipeline.domain import (
    CallInfo,
    CallReport,
    EngineInfo,
    Failure,
    Provenance,
    Recording,
    Transcript,
)
from pipeline.errors import BadPack, BadRecording, CallqaError, TryAgain
from pipeline.intake import Found, GivenTranscript, discover
from pipeline.learning.files import MODELS
from pipeline.listening import Heard, Watch, engine_options, listen, worker_count
from pipeline.process import NO_ENGINE, Packs, inspect, make_advisers, provenance_of
from pipeline.rescore import Job, packs_of, write_results
from pipeline.rules import RulePack
from pipeline.settings import Settings
from pipeline.store import FileStamp, Removals, Snapshot, Store, write_spool
from pipeline.vault import Vault

log = logging.getLogger(__name__)

Event = Callable[[Done], None]


class Line:
    """What every batch needs, made once per run: settings, packs, and the recogniser on demand."""

    def __init__(self, settings: Settings, spool: Path, vault: Vault | None = None) -> None:
        """`vault`: where originals are sealed; None keeps no raw text."""
        self.vault = vault
        self.settings = settings
        self.packs = Packs(settings.pack, settings.packs_dir)
        self.advisers = make_advisers(settings, spool.parent / MODELS)
        self.spool = spool
        self.watch = Watch(spool.parent / "in_work")
        self.through: set[str] = set()
        self.run_id: str | None = None
        self._settings_hash = settings.result_hash()
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    @property
    def engine(self) -> Engine:
        """The recogniser; loaded at the first recording, so that chats need no model."""
        with self._lock:
            if self._engine is None:
                self._engine = make_engine(self.settings.asr.engine, engine_options(self.settings))
            return self._engine

    def engine_identity(self) -> EngineInfo:
        """Name, model and revision without loading the weights."""
        asr = self.settings.asr
        _, revision = modelfiles.locate(asr.model, self.settings.models_dir)
        return EngineInfo(asr.engine, asr.model, revision, "")

    def provenance(self, work: Work, engine: EngineInfo) -> Provenance:
        """What a result of this work made now stands on."""
        made_by = engine if isinstance(work, Recording) else NO_ENGINE
        pack = self.packs.of_call(_info(work))
        return provenance_of(work.sha256, pack, self._settings_hash, made_by)

    def finish(self, work: Work, transcript: Transcript) -> CallReport:
        """The rest of the line for a transcript; its original is sealed, then its file spooled."""
        pack = self.packs.of_call(_info(work))
        provenance = self.provenance(work, transcript.engine or NO_ENGINE)
        sources = [str(path.absolute()) for path in work.paths]
        report = inspect(transcript, pack, provenance, sources, advisers=self.advisers)
        if self.vault is not None:  # first, so that no kill leaves a report without its original
            self.vault.put(work.sha256, transcript)
        write_spool(report, self.spool, self.run_id)
        return report


# ── plan ─────────────────────────────────────────────────────────────────────────────────────────


def look(inputs: Sequence[Path], settings: Settings, store: Store) -> Found:
    """What lies in the input, hashing only files that changed."""
    known = {
        (stamp.path, stamp.size, stamp.mtime_ns): stamp.sha256
        for stamp in store.file_hashes().values()
    }
    found = discover(
        inputs,
        settings.zone,
        name_pattern=settings.intake.name_pattern,
        settle_seconds=settings.intake.settle_seconds,
        known_hashes=known,
    )
    fresh = [FileStamp(*key, digest) for key, digest in found.hashes.items() if key not in known]
    if fresh:
        store.remember_files(fresh)
    return found


def make_plan(found: Found, line: Line, store: Store) -> Plan:
    """Skip what was done with the same provenance; the rest in batches that keep all cores busy."""
    plan = Plan(failures=list(found.failures), growing=len(found.growing), ignored=found.ignored)
    done, removed = store.done(), Removals(store).marked()
    engine = line.engine_identity() if found.recordings else NO_ENGINE
    todo: list[Work] = []
    names: list[tuple[str, str]] = []
    everything: list[Work] = [*found.recordings, *found.transcripts]
    packs: dict[str, RulePack] = {}
    for work in everything:
        if work.sha256 in removed:  # it came back: the next purge removes it again
            names += [(work.sha256, str(path.absolute())) for path in work.paths]
            plan.removed += 1
            continue
        before = done.get(work.sha256)
        try:
            now = line.provenance(work, engine)
        except BadPack as error:  # before its sound is transcribed for nothing
            plan.failures.append(_failure(work, error))
            continue
        if before is None or _must_be_read(before, now, line):
            todo.append(work)
            packs[now.pack_hash] = line.packs.of_call(_info(work))
            plan.again += before is not None
            continue
        names += [(work.sha256, str(path.absolute())) for path in work.paths]
        if before == now:
            plan.skipped += 1
        else:
            plan.outdated.append(work.sha256)
    if names:
        plan.new_names = store.add_names(names)
    store.remember_packs(packs.values())  # before any score, so that none is left without its pack
    size = batch_size(len(todo), line.settings)
    plan.batches = [todo[start : start + size] for start in range(0, len(todo), size)]
    return plan


def _must_be_read(before: Provenance, now: Provenance, line: Line) -> bool:
    """Whether more than the pack has changed since a recording was stored.

    Else its stored text is scored again, which asks no language model; a chat is quickly read.
    """
    if before == now:
        return False
    heard = now.model != "" and replace(before, pack_hash=now.pack_hash) == now
    return not heard or line.advisers.judge is not None


def batch_size(calls: int, settings: Settings) -> int:
    """Calls in one task: at least four tasks per worker, at most the setting."""
    share = calls // (4 * worker_count(settings))
    return min(max(share, 1), settings.run.batch_calls)


# ── afterwards ───────────────────────────────────────────────────────────────────────────────────


def settle(store: Store, line: Line, outdated: Sequence[str] = ()) -> int:
    """Score stored calls again: those of a changed pack, and those to be compared with others.

    Rules about several calls of a customer are answered here, when all calls are stored. Returns
    how many calls were scored. Killed in between, the next run goes on.
    """
    contents = sorted({*outdated, *store.uncompared()})
    if not contents:
        return 0
    store.publish()
    job = Job(store.layout.db, line.settings.timezone, line.settings.pack, line.settings.packs_dir)
    with Snapshot.open(store.layout.db, line.settings.timezone) as snapshot:
        rows = snapshot.for_scoring(contents=contents)
    store.remember_packs(packs_of(rows, line.packs).values())
    write_results(job, store, [row["call_id"] for row in rows])
    return len(rows)


# ── process ──────────────────────────────────────────────────────────────────────────────────────


def process_batch(batch: Sequence[Work], line: Line, event: Event) -> list[Failure]:
    """Every call of the batch through the line; a call that fails is returned, never raised.

    Raises TryAgain only when the machine itself is at fault (disk full, memory gone); called again
    with the same batch it goes on with the calls that are not through yet.
    """
    failures: list[Failure] = []
    rest = [work for work in batch if work.sha256 not in line.through]
    recordings = [work for work in rest if isinstance(work, Recording)]

    def told(done: Done, work: Work) -> None:
        line.through.add(work.sha256)
        if done.failure:
            failures.append(done.failure)
        event(done)

    for given in (work for work in rest if isinstance(work, GivenTranscript)):
        told(_guard(given, partial(line.finish, given, given.transcript)), given)
    if recordings:
        for recording, done in _transcribe_all(recordings, line):
            told(done, recording)
    return failures


def give_up(batch: Sequence[Work], line: Line, error: Exception) -> list[Failure]:
    """Failures of the calls of a batch that could not be brought through, whatever was tried."""
    message = f"given up after several tries: {error}. Mend the cause and run again."
    kind = type(error).__name__
    stage = getattr(error, "stage", "run")
    return [
        Failure(_name(work), stage, kind, f"{Path(_name(work)).name}: {message}")
        for work in batch
        if work.sha256 not in line.through
    ]


def _transcribe_all(
    recordings: Sequence[Recording], line: Line
) -> Iterator[tuple[Recording, Done]]:
    """All recordings through one pass of the recogniser; if it breaks, the rest one by one."""
    waiting = {recording.sha256: recording for recording in recordings}
    try:
        for heard in listen(recordings, line.engine, line.settings, line.watch):
            waiting.pop(heard.recording.sha256)
            yield heard.recording, _guard(heard.recording, partial(_heard, heard, line))
    except CallqaError:
        raise
    except Exception:
        log.exception("the recogniser broke on a batch; its recordings are done one by one")
        for recording in waiting.values():
            yield recording, _guard(recording, partial(_alone, recording, line))


def _alone(recording: Recording, line: Line) -> CallReport:
    (heard,) = listen([recording], line.engine, line.settings, line.watch)
    return _heard(heard, line)


def _heard(heard: Heard, line: Line) -> CallReport:
    if heard.error is not None:
        raise heard.error
    if heard.transcript is None:
        raise BadRecording(f"{heard.recording.path.name}: gave neither sound nor an error")
    return line.finish(heard.recording, heard.transcript)


def _guard(work: Work, step: Callable[[], CallReport]) -> Done:
    """Run one call's step; what it raises becomes its Failure, with stage, class and message."""
    file = _name(work)
    try:
        return Done.of(file, step())
    except OSError as error:
        raise TryAgain(f"the result could not be written: {error.strerror or error}") from error
    except CallqaError as error:
        return Done(file, failure=_failure(work, error))
    except Exception as error:
        log.exception("our bug while processing %s", file)
        message = f"{Path(file).name}: a bug in callqa ({type(error).__name__}). See the log."
        return Done(file, failure=Failure(file, "run", type(error).__name__, message))


def _failure(work: Work, error: CallqaError) -> Failure:
    """The failure of a call by an error of ours."""
    also = ", ".join(path.name for path in work.paths[1:])
    message = f"{error} (Also found as: {also}.)" if also else str(error)
    return Failure(_name(work), error.stage, type(error).__name__, message)


def _info(work: Work) -> CallInfo:
    return work.info if isinstance(work, Recording) else work.transcript.info


def _name(work: Work) -> str:
    return str(work.paths[0]) if work.paths else work.sha256[:12]
