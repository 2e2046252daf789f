"""Copies of recordings in which private data is not heard: `callqa redact`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline import privacy
from pipeline.audio import render
from pipeline.domain import CallInfo, Transcript
from pipeline.errors import BadInput, BadSettings, CallqaError
from pipeline.files import need_database
from pipeline.redaction import (
    Row,
    Stretch,
    check_target,
    hidden_of,
    hidden_stretches,
    masked_rows,
    recording_of,
)
from pipeline.relistening import Again, listen_again
from pipeline.settings import Settings
from pipeline.store import AUDIO, People, Snapshot, note_copy


@dataclass(frozen=True, slots=True)
class Hiding:
    """How it is hidden: `fill` beep or silence; `strict`: every turn with a number, whole.

    `listen_again`: the recogniser listens to the copy and what it still hears is hidden too.
    """

    fill: str = "beep"
    strict: bool = False
    listen_again: bool = True


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was hidden in a copy: `kinds` counts private data, `seconds` is all that is hidden.

    `rounds`: how often the copy was listened to, 0 for never; `added` stretches were hidden because
    digits were still heard there, `whole` of them turns after the last round.
    """

    source: str
    target: str
    stretches: int
    seconds: float
    kinds: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rounds: int = 0
    added: int = 0
    whole: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """What a copy is made from: private spans, masked segments, when something is not heard."""

    info: CallInfo
    spans: Sequence[Row]
    rows: Sequence[Row]
    stretches: tuple[Stretch, ...] | None
    notes: tuple[str, ...]


def redact_file(source: Path, target: Path, how: Hiding, settings: Settings) -> Redacted:
    """Transcribe a recording, find what is private, write a copy without it."""
    from pipeline.oneoff import transcribe  # with the recogniser: a dashboard does without

    check_target(source, target, how.fill)
    item = next(iter(transcribe([source], settings)))
    if isinstance(item, CallqaError):
        raise item
    spans = privacy.find_private(item)
    rows = masked_rows(item, spans)
    sounds, own = [asdict(sound) for sound in item.sounds], [asdict(span) for span in spans]
    stretches = hidden_stretches(rows, own, strict=how.strict, sounds=sounds)
    return _write(
        source, target, how, _Found(item.info, own, rows, stretches, _unheard(item)), settings
    )


def redact_call(call_id: str, db: Path, target: Path, how: Hiding, settings: Settings) -> Redacted:
    """Write a copy of a stored call's recording without what is private."""
    need_database(db)
    with Snapshot.open(db, settings.timezone) as snapshot:
        call = snapshot.call(call_id)
    source = recording_of(call, "or give the file itself: callqa redact FILE -o OUT")
    check_target(source, target, how.fill)
    found = _Found(
        CallInfo(
            call_id,
            business_line=call.call["business_line"],
            agent_channel=call.call["agent_channel"],
        ),
        call.private_spans,
        call.heard or call.segments,
        hidden_of(call, strict=how.strict),
        ("removed",) if call.removed else (),
    )
    done = _write(source, target, how, found, settings)
    content = str(call.call["content_sha256"])
    facts = {"what": AUDIO, "format": target.suffix[1:], "content_sha256": content}
    try:
        note_copy(People.open(db), target, target, **facts)  # so that an erasure finds it
    except CallqaError:
        target.unlink()
        raise
    return done


def summary(done: Redacted, language: str) -> str:
    """What was hidden, in words; no private text."""
    kinds = "、".join(f"{kind} {count}" for kind, count in done.kinds.items()) or "—"
    if language == "en":
        text = f"{done.target}: {done.stretches} stretches, {done.seconds} s hidden ({kinds})"
        again = f"; the copy was listened to {done.rounds} times, {done.added} stretches added"
        whole = f", {done.whole} of them whole turns"
        not_again = "; the copy was not listened to again"
        warn = "; parts were not understood, and what is not recognised cannot be found: listen"
    else:
        text = f"{done.target}：隐去 {done.stretches} 处，共 {done.seconds} 秒（{kinds}）"
        again = f"；副本重听 {done.rounds} 遍，补隐 {done.added} 处"
        whole = f"，其中整句 {done.whole} 处"
        not_again = "；副本未重听"
        warn = "；有的部分未能识别，未识别的内容无法隐去，请人工听取"
    text += again + (whole if done.whole else "") if done.rounds else not_again
    return text + (warn if done.notes else "")


def _unheard(transcript: Transcript) -> tuple[str, ...]:
    return (*transcript.notes, *(("removed",) if transcript.removed else ()))


def _write(source: Path, target: Path, how: Hiding, found: _Found, settings: Settings) -> Redacted:
    spans, stretches = found.spans, found.stretches
    if stretches is None:
        raise BadInput(f"{source}: not all private data can be placed in time; nothing was written")
    again = (
        _again(source, how, found, stretches, settings) if how.listen_again else Again(stretches)
    )
    temporary = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        render(source, again.stretches, temporary, how.fill)
        temporary.replace(target)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
    numbers = {(s.get("group") or f"{s['segment']}.{s['start_char']}", s["kind"]) for s in spans}
    seconds = round(sum(end - start for start, end in again.stretches), 2)
    kinds = dict(sorted(Counter(kind for _, kind in numbers).items()))
    return Redacted(
        str(source), str(target), len(again.stretches), seconds, kinds, found.notes,
        again.rounds, again.added, again.whole,
    )  # fmt: skip


def _again(
    source: Path, how: Hiding, found: _Found, stretches: Sequence[Stretch], settings: Settings
) -> Again:
    """Listen to the copy; BadSettings where there is no recogniser for it."""
    from pipeline.oneoff import listener

    try:
        listen = listener(settings)
    except BadSettings as error:
        raise BadSettings(
            f"{error} (the copy is listened to again; without that: --no-listen-again)"
        ) from error
    try:
        return listen_again(
            source, found.rows, stretches, how.fill, lambda copy: listen(copy, found.info)
        )
    except OSError as error:
        raise BadInput(f"the copy to listen to cannot be written: {error.strerror}") from error
