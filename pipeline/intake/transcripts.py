"""Transcript files: chat logs, and voice calls that somebody else transcribed.

`.json` holds one object, `.jsonl` one per line; the format is the product's outer contract. A
transcript is identified by the hash of its own content, not of the file it lies in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.domain import Medium, Role, Segment, Transcript, Voice, Word
from pipeline.errors import BadInput, BadMetadata, BadTranscript
from pipeline.intake.metadata import decode_text, info_from
from pipeline.text import quotable


class _Word(BaseModel):
    text: str
    start: float = Field(ge=0, allow_inf_nan=False)
    end: float = Field(ge=0, allow_inf_nan=False)
    confidence: float | None = Field(None, ge=0, le=1)


class _Voice(BaseModel):
    """What `callqa transcribe` measured; see `Voice`."""

    loudness: float | None = Field(None, ge=-120, le=10, allow_inf_nan=False)  # LUFS
    clipped: float | None = Field(None, ge=0, le=1)
    pitch: float | None = Field(None, gt=0, le=2000)  # Hz
    movement: float | None = Field(None, ge=0, le=48)  # semitones
    speech: float | None = Field(None, ge=0, allow_inf_nan=False)
    pauses: int | None = Field(None, ge=0)
    longest_pause: float | None = Field(None, ge=0, allow_inf_nan=False)
    slope: float | None = Field(None, allow_inf_nan=False)


class _Segment(BaseModel):
    role: Literal["agent", "customer", "unknown"]
    text: str
    start: float | None = Field(None, ge=0, allow_inf_nan=False)
    end: float | None = Field(None, ge=0, allow_inf_nan=False)
    confidence: float | None = Field(None, ge=0, le=1)
    level: float | None = Field(None, ge=-120, le=3, allow_inf_nan=False)  # dBFS; 3: overdriven
    voice: _Voice | None = None
    words: list[_Word] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="allow")

    call_id: str = Field(min_length=1)
    channel: Literal["voice", "chat"]
    duration: float | None = Field(None, ge=0, allow_inf_nan=False)
    segments: list[_Segment]


@dataclass(frozen=True, slots=True)
class GivenTranscript:
    """A transcript that came in as text: enters the line after the recogniser."""

    transcript: Transcript
    paths: tuple[Path, ...]
    sha256: str


def read_transcripts(path: Path, zone: ZoneInfo) -> Iterator[GivenTranscript | BadInput]:
    """The transcripts of one file; a broken line comes as an error and the next ones go on."""
    try:
        text = decode_text(path)
    except BadMetadata as error:
        yield BadTranscript(str(error))
        return
    if not text.strip():
        yield BadTranscript(f"{path.name}: is empty. Export the chat log again.")
        return
    whole = path.suffix.lower() == ".json"
    lines = [(0, text)] if whole else list(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if not line.strip():
            continue
        where = path.name if whole else f"{path.name}, line {number}"
        try:
            yield parse_transcript(line, where, zone, (path,))
        except BadInput as error:
            yield error


def parse_transcript(
    text: str, where: str, zone: ZoneInfo, paths: tuple[Path, ...] = ()
) -> GivenTranscript:
    """One transcript object; raises BadTranscript naming the place, the field and the choices."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadTranscript(f"{where}: is not JSON ({error}). Export it again.") from error
    if not isinstance(data, dict):
        raise BadTranscript(
            f"{where}: must hold one object with call_id, channel and segments "
            "(several calls: one object per line in a .jsonl file)."
        )
    try:
        parsed = _File.model_validate(data)
    except ValidationError as error:
        raise BadTranscript(_explain(where, error)) from error
    segments = tuple(
        _segment(n, item, where, parsed.channel) for n, item in enumerate(parsed.segments)
    )
    if not any(segment.text.strip() for segment in segments):
        raise BadTranscript(f"{where}: holds no text. Check the export of this call.")
    info = info_from(data, where, zone, parsed.call_id)
    duration = parsed.duration or max((s.end for s in segments if s.end is not None), default=None)
    return GivenTranscript(
        Transcript(info, segments, duration, capabilities=_capabilities(info.medium, segments)),
        paths,
        content_of(data),
    )


def content_of(data: object) -> str:
    """The content hash of a transcript object."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _capabilities(medium: Medium, segments: tuple[Segment, ...]) -> frozenset[str]:
    found = set()
    if all(segment.role is not Role.UNKNOWN for segment in segments):
        found.add("roles")
    if medium is Medium.VOICE and all(segment.start is not None for segment in segments):
        found |= {"times", "overlap"}
    words = [word for segment in segments for word in segment.words]
    found |= {"words"} if words else set()
    found |= {"confidence"} if any(word.confidence is not None for word in words) else set()
    if any(segment.level is not None for segment in segments):
        found.add("loudness")
    return frozenset(found)


def _segment(number: int, item: _Segment, where: str, channel: str) -> Segment:
    timed = channel == "voice" and item.start is not None and item.end is not None
    if timed and (item.end or 0.0) < (item.start or 0.0):
        raise BadTranscript(
            f"{where}: segment {number} ends at {item.end} before it starts at {item.start}."
        )
    words = tuple(Word(w.text, w.start, w.end, w.confidence) for w in item.words)
    if "".join(word.text for word in words) != item.text:
        words = ()
    return Segment(
        role=Role(item.role),
        text=item.text,
        start=item.start if timed else None,
        end=item.end if timed else None,
        confidence=item.confidence,
        words=words if timed else (),
        level=item.level if channel == "voice" else None,
        voice=Voice(**item.voice.model_dump()) if item.voice and channel == "voice" else None,
    )


def _explain(where: str, error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    context: Mapping[str, Any] = first.get("ctx", {})
    if first["type"] == "missing":
        return f"{where}: `{field}` is missing. A transcript needs call_id, channel and segments."
    if first["type"] == "literal_error":
        return f"{where}: {field} is '{quotable(first['input'])}'; known: {context['expected']}."
    return f"{where}: {field}: {first['msg']}."
