"""The nightly job in plain functions: plan, process a batch, load, account. The flow wraps these.

Every finished call is one file in the spool at once, so that a killed run loses only the calls
that were under way. One call that fails never stops the others.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline import modelfiles
from pipeline.asr import ChannelAudio, ChannelText, Engine, EngineOptions, make_engine
from pipeline.audio import Decoder, gate_crosstalk, same_signal
from pipeline.domain import (
    CallReport,
    EngineInfo,
    Failure,
    Provenance,
    Recording,
    Seconds,
    Severity,
    Transcript,
    Verdict,
)
from pipeline.errors import BadRecording, CallqaError, TryAgain
from pipeline.intake import Found, GivenTranscript, discover
from pipeline.process import NO_ENGINE, Packs, assemble, inspect, provenance_of
from pipeline.settings import Settings
from pipeline.store import FileStamp, Store, write_spool

log = logging.getLogger(__name__)

Work = Recording | GivenTranscript
TRUNCATED: Seconds = 1.0
Event = Callable[["Done"], None]


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
    """What this run will do: batches of work, and what needs none."""

    batches: list[list[Work]] = field(default_factory=list)
    skipped: int = 0
    again: int = 0
    failures: list[Failure] = field(default_factory=list)
    growing: int = 0
    ignored: int = 0

    @property
    def calls(self) -> int:
        """Calls that will be processed."""
        return sum(len(batch) for batch in self.batches)

    @property
    def bytes(self) -> int:
        """Bytes of sound that will be decoded."""
        return sum(w.bytes for batch in self.batches for w in batch if isinstance(w, Recording))


class Line:
    """What every batch needs, made once per run: settings, packs, and the recogniser on demand."""

    def __init__(self, settings: Settings, spool: Path, run_id: str | None = None) -> None:
        self.settings = settings
        self.packs = Packs(settings.pack, settings.packs_dir)
        self.spool = spool
        self.run_id = run_id
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
        info = work.info if isinstance(work, Recording) else work.transcript.info
        pack = self.packs.of(info.business_line)
        made_by = engine if isinstance(work, Recording) else NO_ENGINE
        return provenance_of(work.sha256, pack, self._settings_hash, made_by)

    def finish(self, work: Work, transcript: Transcript) -> CallReport:
        """The rest of the line for a transcript, and its file in the spool."""
        pack = self.packs.of(transcript.info.business_line)
        provenance = self.provenance(work, transcript.engine or NO_ENGINE)
        report = inspect(transcript, pack, provenance, [str(path) for path in work.paths])
        write_spool(report, self.spool, self.run_id)
        return report


def engine_options(settings: Settings) -> EngineOptions:
    """The recogniser's plain values out of the settings."""
    asr = settings.asr
    return EngineOptions(
        model=asr.model,
        models_dir=str(settings.models_dir),
        device=asr.device,
        compute_type=asr.compute_type,
        beam_size=asr.beam_size,
        batch_size=asr.batch_size,
        language=asr.language,
        workers=asr.worker_count(),
        threads=asr.threads,
    )


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
    done = store.done()
    engine = line.engine_identity() if found.recordings else NO_ENGINE
    todo: list[Work] = []
    names: list[tuple[str, str]] = []
    for work in [*found.recordings, *found.transcripts]:
        before = done.get(work.sha256)
        if before is None or before != line.provenance(work, engine):
            todo.append(work)
            plan.again += before is not None
        else:
            plan.skipped += 1
            names += [(work.sha256, str(path)) for path in work.paths]
    if names:
        store.add_names(names)
    size = batch_size(len(todo), line.settings)
    plan.batches = [todo[start : start + size] for start in range(0, len(todo), size)]
    return plan


def batch_size(calls: int, settings: Settings) -> int:
    """Calls in one task: at least four tasks per worker, at most the setting."""
    share = calls // (4 * settings.asr.worker_count())
    return min(max(share, 1), settings.run.batch_calls)


# ── process ──────────────────────────────────────────────────────────────────────────────────────


def process_batch(batch: Sequence[Work], line: Line, event: Event) -> list[Failure]:
    """Every call of the batch through the line; a call that fails is returned, never raised.

    Raises TryAgain only when the machine itself is at fault (disk full, memory gone).
    """
    failures: list[Failure] = []
    recordings = [work for work in batch if isinstance(work, Recording)]
    for given in (work for work in batch if isinstance(work, GivenTranscript)):
        _guard(given, failures, event, lambda work=given: line.finish(work, work.transcript))
    if recordings:
        _transcribe_all(recordings, line, failures, event)
    return failures


def _transcribe_all(
    recordings: Sequence[Recording], line: Line, failures: list[Failure], event: Event
) -> None:
    """All recordings through one pass of the recogniser; if it breaks, the rest one by one."""
    waiting = {recording.sha256: recording for recording in recordings}
    try:
        for heard in listen(recordings, line.engine, line.settings):
            waiting.pop(heard.recording.sha256)
            _guard(heard.recording, failures, event, lambda item=heard: _heard(item, line))
    except CallqaError:
        raise
    except Exception:
        log.exception("the recogniser broke on a batch; its recordings are done one by one")
        for recording in waiting.values():
            _guard(recording, failures, event, lambda item=recording: _alone(item, line))


def _alone(recording: Recording, line: Line) -> CallReport:
    (heard,) = listen([recording], line.engine, line.settings)
    return _heard(heard, line)


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording after the recogniser: its transcript, or why there is none."""

    recording: Recording
    transcript: Transcript | None = None
    error: CallqaError | None = None


def _heard(heard: Heard, line: Line) -> CallReport:
    if heard.error is not None:
        raise heard.error
    if heard.transcript is None:
        raise BadRecording(f"{heard.recording.path.name}: gave neither sound nor an error")
    return line.finish(heard.recording, heard.transcript)


def _guard(
    work: Work, failures: list[Failure], event: Event, step: Callable[[], CallReport]
) -> None:
    """Run one call's step; what it raises becomes its Failure, with stage, class and message."""
    file = str(work.paths[0]) if work.paths else work.sha256[:12]
    try:
        event(Done.of(file, step()))
    except OSError as error:
        raise TryAgain(f"{file}: the result could not be written: {error.strerror}") from error
    except CallqaError as error:
        _failed(Failure(file, error.stage, type(error).__name__, str(error)), failures, event)
    except Exception as error:
        log.exception("our bug while processing %s", file)
        message = f"{Path(file).name}: a bug in callqa ({type(error).__name__}). See the log."
        _failed(Failure(file, "run", type(error).__name__, message), failures, event)


def _failed(failure: Failure, failures: list[Failure], event: Event) -> None:
    failures.append(failure)
    event(Done(failure.file, failure=failure))


class _Feed:
    """Decodes recordings into channels for the recogniser, and keeps what the decoder said.

    Lazily pulled by the engine: a recording is decoded when its turn comes, block by block.
    """

    def __init__(self, recordings: Sequence[Recording], settings: Settings) -> None:
        self._recordings = recordings
        self._vocabulary = settings.asr.vocabulary
        self.decoders: dict[str, Decoder] = {}
        self.errors: dict[str, CallqaError] = {}
        self.notes: dict[str, list[str]] = {}

    def __iter__(self) -> Iterator[ChannelAudio]:
        for recording in self._recordings:
            notes = self.notes.setdefault(recording.sha256, [])
            try:
                decoder = Decoder(recording.path)
                self.decoders[recording.sha256] = decoder
                yield from self._channels(recording, decoder, notes)
                _check_whole(recording.path, decoder, notes)
            except CallqaError as error:
                self.errors[recording.sha256] = error

    def _channels(
        self, recording: Recording, decoder: Decoder, notes: list[str]
    ) -> Iterator[ChannelAudio]:
        words = self._vocabulary.get(recording.info.business_line)
        hotwords = " ".join(words.hotwords) if words and words.hotwords else None
        mono = False
        for number, block in enumerate(decoder.blocks()):
            samples = block.samples
            if number == 0 and same_signal(samples):
                mono = True
                notes.append("both channels carry the same signal: treated as mono")
            samples = samples[:1] if mono else gate_crosstalk(samples)
            for channel in range(samples.shape[0]):
                yield ChannelAudio(
                    key=recording.sha256,
                    channel=channel,
                    samples=samples[channel],
                    start=block.start,
                    hotwords=hotwords,
                    prompt=words.prompt if words else None,
                )


def _check_whole(path: Path, decoder: Decoder, notes: list[str]) -> None:
    """A recording that ends before its header says would fail rules about its end: refuse it."""
    damage = decoder.damage
    if damage.missing > max(TRUNCATED, 0.02 * decoder.format.duration):
        raise BadRecording(
            f"{path.name}: is cut off: its header promises "
            f"{decoder.format.duration + damage.missing:.0f} s, only {decoder.format.duration:.0f} s "
            "are there. Upload the whole recording again."
        )
    if damage.bad_frames:
        notes.append(f"{damage.bad_frames} damaged frames were passed over")


def listen(
    recordings: Sequence[Recording], engine: Engine, settings: Settings
) -> Iterator[Heard]:
    """Transcripts of recordings, in order, as the recogniser finishes them."""
    feed = _Feed(recordings, settings)
    texts: dict[str, list[ChannelText]] = {}
    waiting = list(recordings)
    for text in engine.transcribe(feed):
        while waiting and waiting[0].sha256 != text.key:
            yield _conclude(waiting.pop(0), feed, texts, engine)
        texts.setdefault(text.key, []).append(text)
    for recording in waiting:
        yield _conclude(recording, feed, texts, engine)


def _conclude(
    recording: Recording, feed: _Feed, texts: Mapping[str, list[ChannelText]], engine: Engine
) -> Heard:
    if recording.sha256 in feed.errors:
        return Heard(recording, error=feed.errors[recording.sha256])
    transcript = assemble(
        recording,
        texts.get(recording.sha256, []),
        feed.decoders[recording.sha256].format,
        engine.info,
        feed.notes[recording.sha256],
    )
    return Heard(recording, transcript)


# ── account ──────────────────────────────────────────────────────────────────────────────────────


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
            "recordings": plan.calls + plan.skipped + len(plan.failures),
            "processed": self.processed,
            "skipped": plan.skipped,
            "failed": len(failures),
            "left_for_next_run": plan.growing,
            "ignored_files": plan.ignored,
            "audio_seconds": round(self.audio_seconds, 1),
            "wall_seconds": round(time.monotonic() - self.started, 1),
            "findings": dict(self.findings),
            "failures": [asdict(failure) for failure in failures],
        }


def exit_code(summary: Mapping[str, object]) -> int:
    """0 all done, 3 some recordings failed."""
    return 3 if summary["failed"] else 0
