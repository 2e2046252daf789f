"""Who may do what, and in whose name it is written down: keys, roles, reasons.

Acts on originals and on what is removed go through `permit`: it needs a role of the settings and a
reason, and writes refused tries into the audit trail. Who is permitted appends the entry of the act
itself, before doing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from pipeline.audit import REFUSED, Signing, Trail, operating_user
from pipeline.errors import BadInput, BadSettings, CallqaError, NotAllowed
from pipeline.settings import Settings
from pipeline.vault import Keyring, parse_keys, read_key_file

REASON_CHARACTERS = 4


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def keys_of(settings: Settings) -> Keyring | None:
    """The keys of the settings; None where none are named. BadSettings when they cannot be used."""
    raw = settings.raw
    if raw.key_file is not None:
        return read_key_file(raw.key_file)
    text = raw.keys_in_environment()
    return None if text is None else parse_keys(text, f"environment variable {raw.key_env}")


def needed_keys(settings: Settings) -> Keyring:
    """The keys; BadSettings with the remedy where there are none."""
    keys = keys_of(settings)
    if keys is None:
        raise BadSettings(
            "originals need a key, and the settings name none: make one by `callqa raw new-key -o "
            f"FILE`, then set raw.key_file to FILE (or {settings.raw.key_env} to its line)"
        )
    return keys


def signing_of(keys: Keyring) -> Signing:
    """What signs the audit trail under these keys."""
    return Signing(keys.active.id, {key.id: key.signing for key in keys.keys.values()})


def trail_of(settings: Settings, db: Path) -> Trail:
    """The trail of a database; signed where the settings name keys, else only chained."""
    keys = keys_of(settings)
    return Trail.beside(db, signing_of(keys) if keys else None)


def signed_trail(settings: Settings, db: Path) -> Trail:
    """The trail; BadSettings where our entry would be the unsigned one after signed ones."""
    keys = keys_of(settings)
    if keys is not None:
        return Trail.beside(db, signing_of(keys))
    trail = Trail.beside(db)
    if any(entry.key is not None for entry in trail.read().entries()):
        raise BadSettings(
            f"the audit trail {trail.path} is signed, and there is no key here to sign with: name "
            f"it by raw.key_file (or {settings.raw.key_env}) for this user too"
        )
    return trail


# ── roles ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do, to what, and why.

    `granted_by` names the settings file, which goes into the trail: a role out of a file of one's
    own is seen there. `wish` says why in words, for the refusal.
    """

    action: str
    reason: str
    subject: str | None = None
    granted_by: Path | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, object]:
        """The details of the trail's entry, refused or not."""
        settings = None if self.granted_by is None else str(self.granted_by.absolute())
        return {**self.details, "settings": settings}


def permit(settings: Settings, db: Path, request: Request) -> str:
    """The role of this process's user.

    Raises NotAllowed without one (the try is in the trail), BadInput for a reason too short.
    """
    user = operating_user()
    role = settings.people.privileged.get(user)
    if role is None:
        _refuse(settings, db, request, user)
    if len(request.reason.strip()) < REASON_CHARACTERS:
        raise BadInput(
            f"--reason: say in at least {REASON_CHARACTERS} characters why this must be done"
        )
    return role


def _refuse(settings: Settings, db: Path, request: Request, user: str) -> NoReturn:
    try:
        trail = trail_of(settings, db)
    except CallqaError:  # as it should be: who has no role may not read the key either
        trail = Trail.beside(db)
    refusal = f"user {user} has no role that may do this (settings: people.privileged)."
    try:
        trail.append(
            request.action + REFUSED,
            subject=request.subject,
            reason=request.reason.strip(),
            details=request.said,
        )
    except CallqaError as error:
        raise NotAllowed(f"{refusal} This try could not be written down: {error}") from error
    raise NotAllowed(f"{refusal} This try is in the audit trail.")
