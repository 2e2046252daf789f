"""Corrected turns as material for `callqa asr eval`: a clip each, and what was said in it.

Only turns without private data: a reference with stars, or a clip that is silent in places, would
measure nothing. Clips and manifest are noted as copies, so that an erasure finds them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.audio import render
from pipeline.corrected import in_force
from pipeline.domain import Correction, Seconds
from pipeline.errors import BadInput, CallqaError
from pipeline.files import need_database
from pipeline.privacy.masking import STAR
from pipeline.redaction import Stretch, hidden_of, recording_of
from pipeline.settings import Settings
from pipeline.store import AUDIO, Corrections, People, Snapshot, StoredCall, note_copy

Row = Mapping[str, Any]
MARGIN: Seconds = 0.2
MANIFEST = "corrections.jsonl"
PRIVATE, NO_TIMES, NO_RECORDING = "private", "no_times", "no_recording"


@dataclass(slots=True)
class Material:
    """How many turns were written, and why others were not."""

    written: int = 0
    left: Counter[str] = field(default_factory=Counter)


def write_material(db: Path, folder: Path, settings: Settings) -> Material:
    """Write clips and `corrections.jsonl` into a new or empty folder.

    Raises BadInput for a folder that holds something, or where nothing was corrected.
    """
    need_database(db)
    people, done = People.open(db), Material()
    contents = dict.fromkeys(one.content_sha256 for one in Corrections(people).all())
    if not contents:
        raise BadInput(f"{db}: nobody has corrected a turn yet")
    _prepare(folder)
    rows: list[dict[str, Any]] = []
    with Snapshot.open(db, settings.timezone) as snapshot:
        ids = {content: call_id for call_id, content in snapshot.contents().items()}
        for content in contents:
            if content in ids:
                rows += _of_call(snapshot.call(ids[content]), folder, people, done)
    manifest = folder / MANIFEST
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    manifest.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    note_copy(people, manifest, manifest, what="corrections", format="jsonl")
    done.written = len(rows)
    return done


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
        if any(folder.iterdir()):
            raise BadInput(f"{folder} holds something already; name a new folder")
    except OSError as error:
        raise BadInput(f"{folder} cannot be written: {error.strerror}") from error


def _of_call(
    call: StoredCall, folder: Path, people: People, done: Material
) -> list[dict[str, Any]]:
    """The rows of the manifest of one call, whose clips are written."""
    corrections = in_force(call)
    turns = {row["segment"]: row for row in call.segments}
    try:
        source, hidden = recording_of(call), hidden_of(call)
    except BadInput:
        done.left[NO_RECORDING] += len(corrections)
        return []
    rows = []
    for turn, one in corrections.items():
        why = _unfit(turns[turn], one, hidden)
        if why is not None:
            done.left[why] += 1
            continue
        target = folder / f"{call.call['content_sha256'][:12]}_{turn:04}.wav"
        _clip(source, turns[turn], hidden or (), target)
        content = str(call.call["content_sha256"])
        try:
            note_copy(people, target, target, what=AUDIO, format="wav", content_sha256=content)
        except CallqaError:
            target.unlink()
            raise
        rows.append(_line(call, one, target))
    return rows


def _unfit(turn: Row, one: Correction, hidden: Sequence[Stretch] | None) -> str | None:
    """Why a turn is no material."""
    if turn["start"] is None or turn["end"] is None:
        return NO_TIMES
    start, end = turn["start"] - MARGIN, turn["end"] + MARGIN
    told = STAR in f"{one.text}{one.heard}"
    if hidden is None or told or any(a < end and start < b for a, b in hidden):
        return PRIVATE
    return None


def _clip(source: Path, turn: Row, hidden: Sequence[Stretch], target: Path) -> None:
    """The seconds of a turn, of its own channel alone where there are two."""
    import soundfile

    part = max(turn["start"] - MARGIN, 0.0), turn["end"] + MARGIN
    try:
        render(source, hidden, target, part=part)
        samples, rate = soundfile.read(target, dtype="int16", always_2d=True)
        side = turn["channel"]
        if side is not None and side < samples.shape[1] > 1:
            soundfile.write(target, samples[:, side], rate, subtype="PCM_16")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _line(call: StoredCall, one: Correction, target: Path) -> dict[str, Any]:
    row = call.call
    return {
        "audio": target.name, "text": one.text, "business_line": row["business_line"],
        "heard": one.heard, "engine": row["engine"], "model": row["model"],
        "call_id": row["call_id"], "content_sha256": row["content_sha256"], "turn": one.segment,
        "corrected_by": one.who, "corrected_at": one.at.isoformat(timespec="seconds"),
    }  # fmt: skip
