"""One-off commands: transcribe or score given files, without a database; and their JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline import process
from pipeline.asr import make_engine
from pipeline.domain import CallInfo, CallReport, Recording, Segment, Transcript
from pipeline.errors import BadInput, CallqaError
from pipeline.intake import discover, read_transcripts
from pipeline.intake.transcripts import GivenTranscript, parse_transcript
from pipeline.listening import engine_options, listen
from pipeline.process import Packs, inspect, provenance_of
from pipeline.rules import ExampleResult, list_packs, load_pack, run_examples
from pipeline.settings import Settings


def score(
    files: Sequence[Path], settings: Settings, pack: str | None
) -> Iterator[CallReport | BadInput]:
    """Reports of the transcripts in the files (`-`: standard input), broken ones as errors."""
    packs = Packs(pack, settings.packs_dir)
    for item in _given(files, settings):
        if isinstance(item, BadInput):
            yield item
            continue
        chosen = packs.of(item.transcript.info.business_line)
        provenance = provenance_of(item.sha256, chosen, settings.result_hash())
        yield inspect(item.transcript, chosen, provenance, [str(path) for path in item.paths])


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
    engine = make_engine(settings.asr.engine, engine_options(settings))
    recordings: list[Recording] = found.recordings
    for heard in listen(recordings, engine, settings):
        if heard.transcript is not None:
            yield heard.transcript
        elif heard.error is not None:
            yield heard.error


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
        "findings": [_plain(finding) for finding in report.findings],
        "control_points": [_plain(item) for item in card.items],
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
    settings: Settings, pack: str | None
) -> Iterator[tuple[str, Sequence[ExampleResult]]]:
    """The examples of one pack or of all, through the real line."""
    search = () if settings.packs_dir is None else (settings.packs_dir,)
    for name in [pack] if pack else list_packs(search):
        yield name, run_examples(load_pack(name, search), process.prepare)
