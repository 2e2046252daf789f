"""Signing in and out of the dashboard; each on the audit trail, before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pipeline.access import passwords, tries
from pipeline.access.accounts import Account, Accounts, canonical
from pipeline.access.person import Person
from pipeline.access.sessions import Sessions
from pipeline.audit import Trail
from pipeline.authority import trail_of
from pipeline.errors import BadInput, CallqaError, NotAllowed
from pipeline.settings import Settings


class Why(StrEnum):
    """Why somebody was not signed in. WRONG: name, password, or an account that is disabled."""

    WRONG = "wrong"
    LOCKED = "locked"
    EXPIRED = "expired"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody was signed in; `until`: no try counts before."""

    why: Why
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """Where people sign in to one database."""

    settings: Settings
    db: Path

    @property
    def accounts(self) -> Accounts:
        """Who may."""
        return Accounts.of(self.db)

    @property
    def sessions(self) -> Sessions:
        """Who did."""
        access = self.settings.access
        path = self.accounts.path
        return Sessions(path, access.idle_minutes * 60, access.longest_hours * 3600)

    @property
    def needed(self) -> bool:
        """Whether people must sign in: as soon as there is an account, or the settings say so."""
        return self.settings.access.sign_in == "required" or self.accounts.any()

    def sign_in(self, name: str, password: str) -> str | Refused:
        """The token of a new session, or why not.

        Raises TryAgain when the trail cannot be written: then nobody is signed in.
        """
        name = _plain(name)
        tried = tries.begin(self.accounts.path, name)
        if tried.locked_until:
            return Refused(Why.LOCKED, datetime.fromtimestamp(tried.locked_until, UTC))
        account = self._account(name)
        right = passwords.fits(password, self.accounts.hash_of(name))
        if account is None or not right or account.state == "disabled":
            self._failed(account, tried)
            return Refused(Why.WRONG)
        if account.state == "expired":
            self._failed(account, tried)
            return Refused(Why.EXPIRED)
        token = self._begin(account, "password")
        tries.forget(self.accounts.path, name)
        return token

    def sign_in_by_provider(self, claim: str) -> str | Refused:
        """The token of a new session of the account that an identity provider vouches for."""
        account = self._account(_plain(claim))
        if account is None or account.via != "oidc" or account.state == "disabled":
            subject = account.name if account else None
            details = {"via": "oidc", "known": account is not None}
            self.trail().append("sign_in_failed", subject=subject, details=details)
            return Refused(Why.NO_ACCOUNT)
        return self._begin(account, "oidc")

    def sign_out(self, token: str) -> None:
        """End a session."""
        person = self.sessions.person(token)
        self.sessions.end(token)
        if person is not None:
            self.trail().append("sign_out", subject=person.name, role=str(person.role))

    def choose_password(self, token: str, old: str, new: str) -> str | Refused:
        """Change one's own password; ends all sessions of the account and begins a new one.

        Raises BadInput for a password that is too easy, NotAllowed when the session ended.
        """
        person = self.sessions.person(token)
        if person is None or person.via != "password":
            raise NotAllowed("sign in again, then change the password")
        tried = tries.begin(self.accounts.path, person.name)
        if tried.locked_until:
            return Refused(Why.LOCKED, datetime.fromtimestamp(tried.locked_until, UTC))
        account = self.accounts.get(person.name)
        if not passwords.fits(old, self.accounts.hash_of(person.name)):
            self._failed(account, tried)
            return Refused(Why.WRONG)
        tries.forget(self.accounts.path, person.name)
        self.accounts.set_password(person.name, new)
        self.trail().append("password_changed", subject=person.name, role=str(person.role))
        return self.sessions.begin(person.name, "password")

    def person(self, token: str, *, active: bool = False) -> Person | None:
        """Whose session it is; None when it ended."""
        return self.sessions.person(token, active=active)

    def trail(self) -> Trail:
        """The audit trail; the dashboard's user need not read the key: then it does not sign."""
        try:
            return trail_of(self.settings, self.db)
        except CallqaError:
            return Trail.beside(self.db)

    def _account(self, name: str) -> Account | None:
        try:
            return self.accounts.get(name)
        except BadInput:
            return None

    def _begin(self, account: Account, via: str) -> str:
        role = str(account.post.role)
        self.trail().append("sign_in", subject=account.name, role=role, details={"via": via})
        return self.sessions.begin(account.name, via)

    def _failed(self, account: Account | None, tried: tries.Try) -> None:
        """Names that nobody has are not written down: they may be passwords."""
        action = "sign_in_locked" if tried.locks else "sign_in_failed"
        details = {"failures": tried.failures, "known": account is not None}
        subject = account.name if account else None
        self.trail().append(action, subject=subject, details=details)


def _plain(name: str) -> str:
    """The form under which tries are counted, also of what cannot be a name."""
    try:
        return canonical(name)
    except BadInput:
        return name.strip().casefold()[:64]
