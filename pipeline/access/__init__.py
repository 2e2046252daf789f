"""Who may see and do what on the dashboard: accounts, roles, signing in, what exists for whom.

::

    roles.RIGHTS ─ one table: role → pages, calls, acts          docs/access.md shows it
    accounts     ─ names, roles, Argon2id hashes  ┐
    sessions     ─ who is signed in               ├ NAME.duckdb.d/access.sqlite (0600)
    tries        ─ failures and locks             ┘
    signing_in   ─ Door: sign in and out, change one's password   on the audit trail
    managing     ─ Manager: `callqa users …`                      on the audit trail
    person       ─ Person: its rights, and the Scope of every read of the store

A page is given a reader for which nothing out of scope exists (`Snapshot.within`), so no address
and no widget can ask for more than the role may see.
"""

from pipeline.access.accounts import Account, Accounts, Post
from pipeline.access.managing import Manager
from pipeline.access.person import SINGLE, Person
from pipeline.access.roles import ASSIGNABLE, RIGHTS, Act, JobRole, Page, Rows, table
from pipeline.access.signing_in import Door, Refused, Why

__all__ = [
    "ASSIGNABLE",
    "RIGHTS",
    "SINGLE",
    "Account",
    "Accounts",
    "Act",
    "Door",
    "JobRole",
    "Manager",
    "Page",
    "Person",
    "Post",
    "Refused",
    "Rows",
    "Why",
    "table",
]
