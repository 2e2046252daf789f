"""Who is at the browser, and what exists for them."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.access.roles import RIGHTS, Act, JobRole, Page, Rights, Rows
from pipeline.errors import NotAllowed
from pipeline.store import Scope


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. `session` tells two browsers of one person apart.

    `must_change`: only the way to a new password is open. `via`: password, oidc or none.
    """

    name: str
    role: JobRole
    agent_id: str | None = None
    team: str | None = None
    must_change: bool = False
    via: str = "password"
    session: str = ""

    @property
    def rights(self) -> Rights:
        """The line of the table; nothing before the first password was changed."""
        return Rights((), Rows.NONE, frozenset()) if self.must_change else RIGHTS[self.role]

    @property
    def pages(self) -> tuple[Page, ...]:
        """What the menu shows."""
        return self.rights.pages

    def may(self, act: Act) -> bool:
        """Whether this person may do it."""
        return act in self.rights.acts

    def need(self, act: Act) -> None:
        """NotAllowed unless this person may do it."""
        if not self.may(act):
            raise NotAllowed(f"the role {self.role} may not do this ({act})")

    @property
    def scope(self) -> Scope:
        """What a reader for this person finds in the store.

        An agent without an agent number, or a leader without a team, finds nothing.
        """
        rows = self.rights.rows
        missing = (rows is Rows.OWN and not self.agent_id) or (rows is Rows.TEAM and not self.team)
        return Scope(
            calls=rows is not Rows.NONE and not missing,
            agent=self.agent_id if rows is Rows.OWN else None,
            team=self.team if rows is Rows.TEAM else None,
            customers=self.may(Act.CUSTOMER),
            runs=self.may(Act.RUNS),
        )


SINGLE = Person("", JobRole.SINGLE, via="none", session="single")
