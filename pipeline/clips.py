"""A briefing with the clips it quotes in one archive: private data and the agent's name silenced.

Only of recordings that still lie there; what has none is said.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.audio import render
from pipeline.briefing import Briefing
from pipeline.briefing.document import QUOTES, Export
from pipeline.briefing.files import file_name, written
from pipeline.briefing.words import Words
from pipeline.casebook import nameless
from pipeline.domain import Moment
from pipeline.errors import CallqaError
from pipeline.redaction import Stretch, hidden_of, recording_of
from pipeline.store import Snapshot, StoredCall

BEFORE, AFTER = 2.0, 6.0  # seconds around the quote
LONGEST = 40.0
EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The archive; `missing` says of which moments there is no clip, and why."""

    data: bytes
    clips: int
    missing: tuple[str, ...]


def bundle(snapshot: Snapshot, briefing: Briefing, form: str, export: Export) -> Bundle:
    """The document with the clips of its quotes, which it names."""
    clips: dict[tuple[str, int], str] = {}
    sounds: list[tuple[str, bytes]] = []
    missing: list[str] = []
    silent: list[Moment] = []
    with TemporaryDirectory(prefix="callqa-") as folder:
        for name, moment in moments(briefing):
            try:
                sound = _cut(snapshot, moment, Path(folder) / "clip.wav")
            except (CallqaError, OSError) as error:
                missing.append(str(error))
                silent.append(moment)
                continue
            clips[moment.call_id, moment.segment] = name
            sounds.append((name, sound))
    document = written(briefing, form, replace(export, clips=clips))
    own = file_name(briefing, form, export.language)
    told = [_silent(silent, export.language)] if silent else []
    data = _archive([(own, document), *sounds, *told])
    return Bundle(data, len(sounds), tuple(dict.fromkeys(missing)))


def _silent(quotes: Sequence[Moment], language: str) -> tuple[str, bytes]:
    """A note for whoever opens the archive: the quotes that have no clip."""
    words = Words(language)
    lines = [words("no_clip", call=one.call_id, turn=one.segment + 1) for one in quotes]
    text = "\r\n".join(("\ufeff" + words("no_clips"), *lines, ""))
    return words("no_clips_file"), text.encode()


def moments(briefing: Briefing) -> Iterator[tuple[str, Moment]]:
    """Those that are quoted and can be heard, with the name of their clip."""
    done: set[tuple[str, int]] = set()
    for number, item in enumerate(briefing.shown, 1):
        for place, moment in enumerate(item.problem.moments[:QUOTES], 1):
            key = moment.call_id, moment.segment
            if moment.start is not None and key not in done:
                done.add(key)
                yield f"clips/{number:02}-{place}.wav", moment


def _cut(snapshot: Snapshot, moment: Moment, target: Path) -> bytes:
    """The sound around a moment without what is private; CallqaError where there is none."""
    call = snapshot.call(moment.call_id)
    source = recording_of(call)
    private = hidden_of(call)
    if private is None:
        raise CallqaError(f"call {moment.call_id}: not all private data can be placed in time")
    assert moment.start is not None
    start = max(moment.start - BEFORE, 0.0)
    end = min((moment.end or moment.start) + AFTER, start + LONGEST)
    render(source, sorted((*private, *_naming(call))), target, part=(start, end))
    return target.read_bytes()


def _naming(call: StoredCall) -> Iterator[Stretch]:
    """Turns in which the agent is named, whole; as the recogniser or a person heard them."""
    heard = {one.segment: one.text or "" for one in call.corrections}
    for row in call.segments:
        said = row["text"] + "\n" + heard.get(row["segment"], "")
        if row["start"] is not None and nameless(said, call.call) != said:
            yield row["start"], row["end"]


def _archive(files: list[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
