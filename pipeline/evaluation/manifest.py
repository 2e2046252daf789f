"""What to measure: recordings, each with what is really said in it.

A manifest (CSV or JSON lines, encodings as for metadata) names a sound file per row in `audio` and
what is said in one of three ways: `text` of the whole recording, `text_0` and `text_1` of its
channels, or `transcript`, a file of the transcript format, whose segments say who speaks. Of a
folder every sound file is taken that has NAME.json (a transcript) or NAME.txt beside it.

A row that cannot be used is a failure that names the row and the remedy; the others go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline import modelfiles
from pipeline.asr.cleanup import simplify
from pipeline.domain import (
    BUSINESS_LINES,
    CallInfo,
    Failure,
    Medium,
    Recording,
    Role,
    Segment,
    Transcript,
)
from pipeline.errors import BadInput, BadMetadata, BadRecording, BadTranscript
from pipeline.evaluation.cer import readings
from pipeline.intake import discover, read_transcripts
from pipeline.intake.metadata import decode_text, info_from, table_rows
from pipeline.settings import Settings
from pipeline.text import quotable

NAMED_BY = ("audio", "file")
WAYS = ("text", "transcript", "text_0", "text_1")
ENDINGS = (".csv", ".tsv", ".txt", ".jsonl")


class Kind(StrEnum):
    """What a reference tells apart: nothing, channels, or who speaks."""

    WHOLE = "whole"
    CHANNELS = "channels"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Item:
    """A recording and what is said in it.

    `where`: for messages. `call`: what is one call when calls are resampled; two recordings of one
    conversation share it. `said` is in simplified script; its segments have a role, a channel, both
    or neither.
    """

    where: str
    name: str
    call: str
    recording: Recording
    kind: Kind
    said: Transcript


@dataclass(slots=True)
class Sample:
    """What is there to measure, what cannot be used, and sounds without a reference (a folder)."""

    items: list[Item] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    unreferenced: int = 0


def read_sample(source: Path, settings: Settings) -> Sample:
    """The recordings of a manifest or folder; raises BadInput when it cannot be read at all."""
    if source.is_dir():
        return _of_folder(source, settings)
    if not source.is_file():
        raise BadInput(f"{source}: there is no such manifest or folder")
    if source.suffix.lower() not in ENDINGS:
        raise BadInput(
            f"{source}: a manifest ends in .csv or .jsonl (one object per line); or name a folder "
            "of recordings with NAME.json or NAME.txt beside each"
        )
    return _of_manifest(source, settings.zone)


# ── a manifest ───────────────────────────────────────────────────────────────────────────────────


def _of_manifest(manifest: Path, zone: ZoneInfo) -> Sample:
    sample = Sample()
    seen: dict[str, str] = {}
    for line, values in table_rows(manifest, NAMED_BY):
        where, file = f"{manifest.name}, line {line}", str(manifest)
        try:
            if isinstance(values, BadMetadata):
                raise values
            file = _named(values, where)
            item = _of_row(file, values, (where, manifest.parent, zone))
            before = seen.setdefault(item.recording.sha256, where)
            if before != where:
                raise BadMetadata(
                    f"{where}: {file} holds the same sound as {before}. Remove one of the rows: "
                    "a call that counts twice makes the result look surer than it is."
                )
        except BadInput as error:
            sample.failures.append(Failure(file, error.stage, type(error).__name__, str(error)))
            continue
        sample.items.append(item)
    return sample


def _named(values: Mapping[str, Any], where: str) -> str:
    file = next((str(values[name]) for name in NAMED_BY if values.get(name)), "").strip()
    if not file:
        raise BadMetadata(f"{where}: the column `audio` is empty. Name the sound file.")
    return file.replace("\\", "/")


def _of_row(file: str, values: Mapping[str, Any], place: tuple[str, Path, ZoneInfo]) -> Item:
    where, folder, zone = place
    path = folder / file
    if not path.is_file():
        raise BadMetadata(
            f"{where}: there is no {file} in {folder}. Paths are taken from the manifest's folder; "
            "mend the name or remove the row."
        )
    given = [way for way in WAYS if values.get(way) is not None]
    if len({"text_" if way.startswith("text_") else way for way in given}) != 1:
        what = " and ".join(f"`{way}`" for way in given) or "none"
        raise BadMetadata(
            f"{where}: give what is said once, as `text`, as `transcript`, or as `text_0` and "
            f"`text_1` (here: {what})."
        )
    known = {name: values.get(name) for name in ("business_line", "agent_channel")}
    call, transcript = where, None
    if given == ["transcript"]:
        reference = folder / _text_of(values, "transcript", where).replace("\\", "/")
        transcript = _transcript(reference, where, zone)
        call = str(reference.resolve())
        own = transcript.info
        known = {
            "business_line": known["business_line"] or own.attributes.get("business_line")
            or own.business_line,
            "agent_channel": own.agent_channel if known["agent_channel"] is None
            else known["agent_channel"],
        }  # fmt: skip
    info = _info(known, where, zone, path.stem)
    recording = _recording(path, info, where)
    if transcript is not None:
        return _by_transcript(Item(where, file, call, recording, Kind.ROLES, transcript))
    texts = {way: _text_of(values, way, where) for way in given}
    return _by_text(Item(where, file, call, recording, Kind.WHOLE, Transcript(info, ())), texts)


def _text_of(values: Mapping[str, Any], name: str, where: str) -> str:
    if not isinstance(values[name], str):
        raise BadMetadata(f"{where}: `{name}` must be text.")
    return str(values[name])


def _info(known: Mapping[str, Any], where: str, zone: ZoneInfo, stem: str) -> CallInfo:
    info = info_from(known, where, zone, stem)
    if "business_line" in info.attributes:
        wrong = quotable(info.attributes["business_line"])
        raise BadMetadata(
            f"{where}: unknown business_line '{wrong}'; known: {', '.join(BUSINESS_LINES)}."
        )
    return info


def _recording(path: Path, info: CallInfo, where: str) -> Recording:
    try:
        return Recording(info, (path,), modelfiles.sha256(path), path.stat().st_size)
    except OSError as error:
        raise BadRecording(
            f"{where}: {path.name} cannot be read ({error.strerror}). Allow reading it."
        ) from error


def _transcript(path: Path, where: str, zone: ZoneInfo) -> Transcript:
    if not path.is_file():
        raise BadMetadata(f"{where}: there is no transcript {path}. Mend the name.")
    found = list(read_transcripts(path, zone))
    if len(found) != 1:
        raise BadTranscript(
            f"{where}: {path.name} holds {len(found)} transcripts. Name a file that holds one."
        )
    if isinstance(found[0], BadInput):
        raise BadTranscript(f"{where}: {found[0]}")
    return found[0].transcript


# ── a folder ─────────────────────────────────────────────────────────────────────────────────────


def _of_folder(folder: Path, settings: Settings) -> Sample:
    pattern = settings.intake.name_pattern
    found = discover([folder], settings.zone, name_pattern=pattern, settle_seconds=0)
    sample = Sample(failures=found.failures)
    for recording in found.recordings:
        name = str(recording.path.relative_to(folder))
        try:
            item = _beside(recording, name, settings.zone)
        except BadInput as error:
            sample.failures.append(Failure(name, error.stage, type(error).__name__, str(error)))
            continue
        if item is None:
            sample.unreferenced += 1
        else:
            sample.items.append(item)
    return sample


def _beside(recording: Recording, name: str, zone: ZoneInfo) -> Item | None:
    """The reference beside a recording: NAME.json with segments, else NAME.txt; None: neither."""
    for path in _candidates(recording.path, ".json"):
        if "segments" in json.loads(decode_text(path)):  # others are metadata, read by `discover`
            said = _transcript(path, name, zone)
            call = str(path.resolve())
            return _by_transcript(Item(name, name, call, recording, Kind.ROLES, said))
    for path in _candidates(recording.path, ".txt"):
        nothing = Transcript(recording.info, ())
        item = Item(name, name, str(path.resolve()), recording, Kind.WHOLE, nothing)
        return _by_text(item, {"text": decode_text(path)})
    return None


def _candidates(sound: Path, ending: str) -> Iterator[Path]:
    """NAME.json for NAME.wav and NAME.x.wav, the longer name first."""
    stem = sound.stem
    while stem:
        path = sound.with_name(stem + ending)
        if path.is_file():
            yield path
            return
        stem = stem.rpartition(".")[0]


# ── references ───────────────────────────────────────────────────────────────────────────────────


def _by_text(item: Item, texts: Mapping[str, str]) -> Item:
    """A reference in words alone: of the whole recording, or of each channel."""
    agent = item.recording.info.agent_channel
    segments = []
    for way, text in texts.items():
        channel = None if way == "text" else int(way[-1])
        role = Role.UNKNOWN
        if channel is not None and agent is not None:
            role = Role.AGENT if channel == agent else Role.CUSTOMER
        segments.append(Segment(role, text, channel=channel))
    kind = Kind.WHOLE if "text" in texts else Kind.CHANNELS
    return _checked(replace(item, kind=kind), segments, item.recording.info)


def _by_transcript(item: Item) -> Item:
    """A reference that says who speaks; whole where it does not say so of everything."""
    said = item.said
    if said.info.medium is Medium.CHAT:
        raise BadTranscript(f"{item.where}: the transcript is of a chat. Take that of the call.")
    segments = sorted(said.segments, key=lambda s: 0.0 if s.start is None else s.start)
    if any(segment.start is None for segment in said.segments):
        segments = list(said.segments)
    known = all(segment.role is not Role.UNKNOWN for segment in segments)
    kind = Kind.ROLES if known else Kind.WHOLE
    return _checked(replace(item, kind=kind), segments, said.info)


def _checked(item: Item, segments: list[Segment], info: CallInfo) -> Item:
    """The item with its reference as rules read it; BadMetadata where it holds no word."""
    simple = tuple(replace(s, text=simplify(s.text), words=()) for s in segments)
    if not readings("".join(segment.text for segment in simple))[0]:
        raise BadMetadata(f"{item.where}: the reference holds no letter, digit or Han character.")
    roles = all(segment.role is not Role.UNKNOWN for segment in simple)
    capabilities = frozenset({"roles"} if roles else ())
    line = replace(info, business_line=item.recording.info.business_line)
    return replace(item, said=Transcript(line, simple, capabilities=capabilities))
