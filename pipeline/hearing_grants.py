"""Who hears an original recording: a grant made at the terminal, redeemed once on the dashboard.

::

    callqa hear c-1 --reason …    permit → entry `hear` → a code, shown once; its hash is kept
    the call's page               code → entry `heard` → this session plays the original
                                  wrong, used, expired code → entry `hear_failed`, counted

The trail is what permits: a grant counts only with its `hear` entry, signed where keys are named,
of somebody whose role stands in the settings of the dashboard too.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from pipeline.audio import render
from pipeline.audit import Entry, Trail
from pipeline.authority import Request, keys_of, needed_keys, permit, signed_trail, signing_of
from pipeline.domain import Segment
from pipeline.errors import BadInput, TryAgain
from pipeline.files import need_database
from pipeline.grant_files import GrantFiles, hash_of
from pipeline.modelfiles import sha256
from pipeline.redaction import check_target, recording_of
from pipeline.settings import Settings
from pipeline.store import AUDIO, Layout, People, Snapshot, StoredCall, note_copy
from pipeline.vault import Vault

VALID = timedelta(minutes=15)
MOST_TRIES = 5
CODE_BYTES = 20

GRANTED, HEARD, FAILED = "hear", "heard", "hear_failed"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which call somebody wants to hear, and why; `granted_by`: see `authority.Request`."""

    call_id: str
    reason: str
    granted_by: Path | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A code that opens the original of one call once, until a moment; kept nowhere but here."""

    call_id: str
    code: str
    entry: Entry
    until: datetime


@dataclass(frozen=True, slots=True)
class Copy:
    """An original recording written to a file, and the entry that permitted it."""

    call_id: str
    file: Path
    entry: Entry


class Refusal(StrEnum):
    """Why a code opens nothing."""

    WRONG = "wrong"
    OTHER_CALL = "other_call"
    EXPIRED = "expired"
    USED = "used"
    NO_ROLE = "no_role"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Granted:
    """Whose grant was redeemed: its entry on the trail, and until when it counts."""

    who: str
    role: str
    entry: int
    until: datetime

    @property
    def seconds_left(self) -> float:
        """How long the original may still be heard; 0 when it may not."""
        return max((self.until - datetime.now(UTC)).total_seconds(), 0.0)


# ── at the terminal ──────────────────────────────────────────────────────────────────────────────


def grant(settings: Settings, db: Path, wish: Wish) -> Grant:
    """A code for the dashboard, after the trail has it in writing.

    Raises NotAllowed without a role (the try is in the trail too), BadInput for an unknown call,
    one without a recording or a reason too short, BadSettings where the entry could not be signed,
    TryAgain when the trail or the grant cannot be written: then there is no code.
    """
    request = Request(GRANTED, wish.reason, wish.call_id, wish.granted_by)
    role, call, _ = _permitted(settings, db, request)
    content = str(call.call["content_sha256"])
    trail, files = signed_trail(settings, db), _files(db)
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    until = datetime.now(UTC) + VALID
    about = {"content": content, "grant": hash_of(code), "until": until.isoformat()}
    entry = _append(trail, request, role, about)
    note = {"content": content, "entry": entry.seq, "until": until.isoformat()}
    try:
        files.add(code, note)
    except TryAgain as error:
        trail.append(FAILED, subject=wish.call_id, role=role, details=_cause(entry, error))
        raise
    shown = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
    return Grant(wish.call_id, shown, entry, until)


def copy(settings: Settings, db: Path, wish: Wish, target: Path) -> Copy:
    """Write the original into a file for its owner alone (0600), after the trail has it in writing.

    Raises as `grant`, and BadInput where the file cannot be written.
    """
    about = {"file": str(target.absolute())}
    request = Request(GRANTED, wish.reason, wish.call_id, wish.granted_by, about)
    role, call, source = _permitted(settings, db, request)
    check_target(source, target)
    trail = signed_trail(settings, db)
    entry = _append(trail, request, role, {"content": call.call["content_sha256"]})
    try:
        _write_copy(source, target, db, str(call.call["content_sha256"]))
    except (BadInput, OSError) as error:
        trail.append(FAILED, subject=wish.call_id, role=role, details=_cause(entry, error))
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{target} cannot be written: {error.strerror}") from error
    return Copy(wish.call_id, target, entry)


def original_of(call: StoredCall) -> Path:
    """The recording of a call; BadInput where there is none, or another one in its place."""
    source = recording_of(call)
    if sha256(source) != call.call["content_sha256"]:
        raise BadInput(
            f"{source.name} is not the recording of call {call.call['call_id']} any more: it was "
            "replaced or changed. Put the original back"
        )
    return source


def _permitted(settings: Settings, db: Path, request: Request) -> tuple[str, StoredCall, Path]:
    need_database(db)
    role = permit(settings, db, request)
    with Snapshot.open(db, settings.timezone) as snapshot:
        call = snapshot.call(str(request.subject))
    return role, call, original_of(call)


def _append(trail: Trail, request: Request, role: str, more: Mapping[str, Any]) -> Entry:
    return trail.append(
        request.action,
        subject=request.subject,
        reason=request.reason.strip(),
        role=role,
        details={**request.said, **more},
    )


def _cause(entry: Entry, error: Exception) -> dict[str, object]:
    return {"entry": entry.seq, "error": type(error).__name__}


def _write_copy(source: Path, target: Path, db: Path, content: str) -> None:
    number, name = mkstemp(target.suffix.lower(), ".callqa-", target.absolute().parent)  # 0600
    os.close(number)
    temporary = Path(name)
    try:
        render(source, (), temporary)
        facts = {"what": AUDIO, "format": target.suffix[1:], "content_sha256": content}
        note_copy(People.open(db), temporary, target, **facts)  # so that an erasure finds it
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


# ── on the dashboard ─────────────────────────────────────────────────────────────────────────────


def redeem(
    settings: Settings, db: Path, call: Mapping[str, Any], code: str, account: str = ""
) -> Granted | Refusal:
    """Use up a code; when this gives Granted, the entry `heard` is on the disk.

    `account`: who is signed in to the dashboard and hears it, for the trail.

    Of several processes one gets it. Raises TryAgain when the trail or the folder of grants cannot
    be written (the code can then be used again), BadSettings when the entry could not be signed.
    """
    trail, files, digest = signed_trail(settings, db), _files(db), hash_of(code)
    by = {"account": account} if account else {}
    with files.one_at_a_time() as tries:
        if len(tries.recent()) >= MOST_TRIES:
            return Refusal.TOO_MANY
        note, used = files.find(digest)
        entry = _entry_of(settings, trail, note, digest)
        why = _objection(settings, entry, call, used) if entry else Refusal.WRONG
        if entry is None or why is not None:
            tries.count()
            details = {"why": str(why), "entry": entry and entry.seq, **by}
            trail.append(FAILED, subject=call["call_id"], details=details)
            return why or Refusal.WRONG
        with files.using(digest):
            details = {"entry": entry.seq, "granted_to": entry.who, **by}
            trail.append(HEARD, subject=call["call_id"], details=details)
    return Granted(entry.who, str(entry.role), entry.seq, _until(entry))


def read_granted(
    settings: Settings, db: Path, call: Mapping[str, Any], granted: Granted, account: str = ""
) -> dict[int, Segment]:
    """The raw segments of a call for whoever redeemed a code of `callqa hear`, while it counts.

    On the trail first, as `unmask`, with the entry of the code, whose reason holds here too.
    Raises BadSettings without a key, BadSeal when the original does not open, TryAgain when the
    time is over or the trail cannot be written: then nothing was opened.
    """
    if not granted.seconds_left:
        raise TryAgain("the time of this grant is over")
    keys = needed_keys(settings)
    trail, content = Trail.beside(db, signing_of(keys)), str(call["content_sha256"])
    by = {"account": account} if account else {}
    details = {"content": content, "entry": granted.entry, "granted_to": granted.who, **by}
    said = {"subject": str(call["call_id"]), "role": granted.role}
    entry = trail.append("unmask", details=details, **said)
    try:
        return dict(enumerate(Vault.beside(db, keys).get(content).segments))
    except BadInput as error:
        why = {"entry": entry.seq, "error": type(error).__name__}
        trail.append("unmask_failed", details=why, **said)
        raise


def _entry_of(
    settings: Settings, trail: Trail, note: Mapping[str, Any], digest: str
) -> Entry | None:
    """The entry `hear` behind a grant, vouched for by a key where the settings name keys."""
    entry = next((e for e in trail.read().entries() if e.seq == note.get("entry")), None)
    if entry is None or entry.action != GRANTED or entry.details.get("grant") != digest:
        return None
    keys = keys_of(settings)
    if keys is None:
        return entry
    known = entry.key is not None and entry.key in keys.keys
    vouched = known and signing_of(keys).fits(entry.hash, str(entry.key), entry.mac)
    return entry if vouched else None


def _objection(
    settings: Settings, entry: Entry, call: Mapping[str, Any], used: bool
) -> Refusal | None:
    """Why the code of this entry does not open this call."""
    if used:
        return Refusal.USED
    if entry.details["content"] != call["content_sha256"]:
        return Refusal.OTHER_CALL
    if datetime.now(UTC) >= _until(entry):
        return Refusal.EXPIRED
    if settings.people.privileged.get(entry.who) != entry.role:
        return Refusal.NO_ROLE
    return None


def _until(entry: Entry) -> datetime:
    return datetime.fromisoformat(str(entry.details["until"]))


# ── what both stand on ───────────────────────────────────────────────────────────────────────────


def _files(db: Path) -> GrantFiles:
    return GrantFiles(Layout(db.absolute()).grants)
