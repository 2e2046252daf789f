"""One-off commands: transcribe or score given files, without a database; and their JSON."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pipeline import process
from pipeline.asr import Engine, EngineOptions, make_engine
from pipeline.domain import CallInfo, CallReport, PastCall, Recording, Segment, Transcript
from pipeline.errors import BadInput, BadRecording, CallqaError
from pipeline.intake import discover, read_transcripts
from pipeline.intake.transcripts import GivenTranscript, parse_transcript
from pipeline.listening import engine_options, listen
from pipeline.process import Packs, inspect, make_advisers, past_call, provenance_of
from pipeline.rules import Advisers, ExampleResult, Library, run_rule_examples
from pipeline.rules.catalogue import packs_named
from pipeline.rules.marked_yaml import BrokenPack
from pipeline.settings import Settings


def score(
    files: Sequence[Path], settings: Settings, pack: str | None
) -> Iterator[CallReport | BadInput]:
    """Reports of the transcripts in the files (`-`: standard input), broken ones as errors.

    Rules about several calls of a customer compare those that are given together.
    """
    packs, advisers = Packs(pack, settings.packs_dir), make_advisers(settings)
    scorer = _Scorer(packs, settings.result_hash(), advisers)
    given = list(_given(files, settings))
    history = scorer.histories([item for item in given if not isinstance(item, BadInput)])
    for item in given:
        if isinstance(item, BadInput):
            yield item
            continue
        info = item.transcript.info
        earlier = history.get(info.customer_id or "", ())
        earlier = tuple(past for past in earlier if past.call_id != info.call_id)
        yield scorer.report(item, earlier or None)


@dataclass(frozen=True, slots=True)
class _Scorer:
    """What every given transcript is scored with."""

    packs: Packs
    settings_hash: str
    advisers: Advisers

    def report(self, item: GivenTranscript, history: tuple[PastCall, ...] | None) -> CallReport:
        """One transcript through the line."""
        pack = self.packs.of_call(item.transcript.info)
        provenance = provenance_of(item.sha256, pack, self.settings_hash)
        sources = [str(path) for path in item.paths]
        return inspect(item.transcript, pack, provenance, sources, history, self.advisers)

    def histories(self, given: Sequence[GivenTranscript]) -> dict[str, tuple[PastCall, ...]]:
        """The calls of every customer of whom several are given, as later calls see them."""
        count = Counter(item.transcript.info.customer_id for item in given)
        history: dict[str, tuple[PastCall, ...]] = {}
        for item in given:
            info = item.transcript.info
            customer = info.customer_id
            if customer and count[customer] > 1 and self.packs.of_call(info).compares_calls:
                past = past_call(self.report(item, None))
                if past is not None:
                    history[customer] = (*history.get(customer, ()), past)
        return history


def _given(files: Sequence[Path], settings: Settings) -> Iterator[GivenTranscript | BadInput]:
    for path in files:
        if str(path) == "-":
            yield from _standard_input(settings)
        elif not path.is_file():
            yield BadInput(f"{path}: there is no such file")
        else:
            yield from read_transcripts(path, settings.zone)


def _standard_input(settings: Settings) -> Iterator[GivenTranscript | BadInput]:
    """One object, or one per line."""
    text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    lines = text.splitlines()
    whole = len(lines) > 1 and not lines[0].rstrip().endswith("}")
    for number, line in enumerate([text] if whole else lines, 1):
        if not line.strip():
            continue
        try:
            yield parse_transcript(line, f"standard input, line {number}", settings.zone)
        except BadInput as error:
            yield error


def transcribe(files: Sequence[Path], settings: Settings) -> Iterator[Transcript | CallqaError]:
    """Transcripts of sound files in order, errors in their place."""
    found = discover(
        files, settings.zone, name_pattern=settings.intake.name_pattern, settle_seconds=0
    )
    yield from (CallqaError(failure.message) for failure in found.failures)
    if not found.recordings:
        return
    engine = _engine(settings.asr.engine, engine_options(settings))
    recordings: list[Recording] = found.recordings
    for heard in listen(recordings, engine, settings):
        if heard.transcript is not None:
            yield heard.transcript
        elif heard.error is not None:
            yield heard.error


def listener(settings: Settings) -> Callable[[Path, CallInfo], Transcript]:
    """What transcribes one file after the other as the recording of a call.

    Raises BadSettings where the recogniser cannot be loaded; it raises BadRecording for a bad file.
    """
    engine = _engine(settings.asr.engine, engine_options(settings))

    def hear(path: Path, info: CallInfo) -> Transcript:
        recording = Recording(info, (path,), str(path), path.stat().st_size)
        heard = next(iter(listen([recording], engine, settings)))
        if heard.transcript is None:
            raise heard.error or BadRecording(f"{path.name}: nothing was heard")
        return heard.transcript

    return hear


@lru_cache(maxsize=1)
def _engine(name: str, options: EngineOptions) -> Engine:
    """The recogniser; a command that listens several times loads it once."""
    return make_engine(name, options)


def transcript_text(transcript: Transcript) -> str:
    """A transcript to read on a terminal."""
    names = {"agent": "客服", "customer": "客户", "unknown": "未知"}
    lines = [f"# {transcript.info.call_id} ({transcript.duration or 0:.1f} s)"]
    for turn in transcript.segments:
        lines.append(f"{turn.start or 0:7.2f} {names[turn.role]}: {turn.text}")
    return "\n".join(lines)


def transcript_json(transcript: Transcript) -> dict[str, Any]:
    """The outer format of `callqa transcribe --json`."""
    return {
        **_info_json(transcript.info),
        "duration": transcript.duration,
        "segments": [_segment_json(segment) for segment in transcript.segments],
        "engine": None if transcript.engine is None else asdict(transcript.engine),
        "capabilities": sorted(transcript.capabilities),
        "removed": [asdict(item) for item in transcript.removed],
        "notes": list(transcript.notes),
        "language": transcript.language,
        "sounds": [asdict(sound) for sound in transcript.sounds],
        "roles": None if transcript.roles is None else asdict(transcript.roles),
    }


def _info_json(info: CallInfo) -> dict[str, Any]:
    return {
        "call_id": info.call_id,
        "channel": str(info.medium),
        "business_line": info.business_line,
        "direction": info.direction,
        "started_at": None if info.started_at is None else info.started_at.isoformat(),
        "agent": asdict(info.agent),
        "customer": {"id": info.customer_id},
        "attributes": dict(info.attributes),
        "missing": list(info.missing),
    }


def _segment_json(segment: Segment) -> dict[str, Any]:
    return {
        "role": str(segment.role),
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "confidence": segment.confidence,
        "level": segment.level,
        "speaker": segment.speaker,
        "voice": None if segment.voice is None else asdict(segment.voice),
        "words": [asdict(word) for word in segment.words],
    }


def report_json(report: CallReport) -> dict[str, Any]:
    """The outer format of `callqa score --json`."""
    card = report.scorecard
    return {
        "call_id": report.info.call_id,
        "pack": card.pack,
        "pack_version": card.pack_version,
        "pack_hash": card.pack_hash,
        "score": card.score,
        "grade": card.grade,
        "vetoed": card.vetoed,
        "kind": str(card.kind),
        "findings": [_plain(finding) for finding in report.findings],
        "control_points": [_plain(item) for item in card.items],
        "human_items": [{**_plain(i), "levels": dict(i.levels)} for i in card.human_items],
        "private_spans": [
            {
                "kind": span.kind,
                "segment": span.segment,
                "start_char": span.start_char,
                "end_char": span.end_char,
                "role": str(span.role),
                "class": str(span.data_class),
                "valid": span.valid,
                **({} if span.group is None else {"group": span.group}),
            }
            for span in report.private_spans
        ],
        "masked_segments": [
            {"role": str(segment.role), "text": segment.text}
            for segment in report.transcript.segments
        ],
    }


def _plain(item: Any) -> dict[str, Any]:  # noqa: ANN401 - any of the domain's dataclasses
    return asdict(item)


def test_examples(
    settings: Settings,
    pack: str | None,
    rule: str | None = None,  # noqa: PT028 - no test of ours
) -> Iterator[tuple[str, Sequence[ExampleResult]]]:
    """The examples of one pack or of all, in every version, through the real line.

    A rule that several packs inherit from one file is run once. `rule`: only of that one.
    """
    library = Library(() if settings.packs_dir is None else (settings.packs_dir,))
    prepare = partial(process.prepare, advisers=make_advisers(settings))
    done: dict[tuple[int, str], list[ExampleResult]] = {}
    for named in packs_named(library, pack):
        if isinstance(named, BrokenPack):
            raise named
        results: list[ExampleResult] = []
        for one in named.pack.rules:
            if rule not in (None, one.id):
                continue
            key = id(one), named.name if one.prerequisite else ""
            if key not in done:
                done[key] = list(run_rule_examples(one, prepare, named.pack))
            results += done[key]
        yield named.name, results
