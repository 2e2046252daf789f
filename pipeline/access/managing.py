"""What is done to accounts, at the terminal or on the page: first on the audit trail.

At the terminal whoever may write the file may; on the page an operator, but not to their own
account. An account's name never becomes an operating-system user in the trail: `who` is the user
of the process, `subject` the account, `account` in the details who did it on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.access import tries
from pipeline.access.accounts import Accounts, Post, canonical
from pipeline.authority import signed_trail
from pipeline.errors import BadInput, NotAllowed
from pipeline.files import need_database
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Manager:
    """The acts on the accounts of one database; `by`: the account that acts, None at the terminal.

    NotAllowed when somebody would change their own account: nobody gives themselves a role.
    """

    settings: Settings
    db: Path
    by: str | None = None

    @property
    def accounts(self) -> Accounts:
        """The accounts; BadInput where there is no database."""
        need_database(self.db)
        return Accounts.of(self.db)

    def add(self, name: str, post: Post, via: str = "password") -> str | None:
        """Add an account; gives its first password."""
        name, post, accounts = canonical(name), post.checked(), self.accounts
        if any(account.name == name for account in accounts.list()):
            raise BadInput(f"there is an account '{name}' already; `callqa users role` changes it")
        self._note("user_added", name, post, via=via)
        return accounts.add(name, post, via)

    def give(self, name: str, post: Post) -> None:
        """Give an account another role."""
        account, post = self.accounts.get(name), post.checked()
        self._note("user_role", account.name, post, before=str(account.post.role))
        self.accounts.give(account.name, post)

    def disable(self, name: str) -> None:
        """Let nobody sign in with it, and end its sessions."""
        self._note("user_disabled", self.accounts.get(name).name)
        self.accounts.disable(name)

    def enable(self, name: str) -> None:
        """Let its owner sign in again."""
        self._note("user_enabled", self.accounts.get(name).name)
        self.accounts.enable(name)

    def reset(self, name: str) -> str:
        """Give it a new first password, and unlock it."""
        account = self.accounts.get(name)
        if account.via != "password":
            raise BadInput(f"'{name}' signs in by the identity provider and has no password here")
        self._note("user_reset", account.name)
        tries.forget(self.accounts.path, account.name)
        return self.accounts.reset(account.name)

    def unlock(self, name: str) -> None:
        """Forget failed tries."""
        account = self.accounts.get(name)
        self._note("user_unlocked", account.name)
        tries.forget(self.accounts.path, account.name)

    def _note(self, action: str, name: str, post: Post | None = None, **more: str) -> None:
        """Write it into the trail, unless somebody would change their own account."""
        if name == self.by:
            raise NotAllowed("your own account is changed by somebody else")
        details: dict[str, object] = dict(more)
        if self.by is not None:
            details["account"] = self.by
        if post is not None:
            details |= {"agent_id": post.agent_id, "team": post.team}
        role = None if post is None else str(post.role)
        trail = signed_trail(self.settings, self.db)
        trail.append(action, subject=name, role=role, details=details)
