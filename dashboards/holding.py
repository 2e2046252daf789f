"""Who works on which call, for whoever is signed in: taken, given, given back; never cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboards import data, signed
from dashboards.options import door
from pipeline.access import Act, Person
from pipeline.errors import BadInput
from pipeline.store import Assignment, Assignments, Filters

Row = Mapping[str, Any]
LOOKED_AT = 200  # calls of a list among which the next free one is sought
MOST_ASSIGNED = 500


def of(call: Row) -> Assignment | None:
    """Who has a call; None when nobody has, or for a role that reviews nothing."""
    return _assignments().of(call["content_sha256"]) if signed.may(Act.REVIEW) else None


def holders() -> list[str]:
    """Everybody who has a call."""
    if not signed.may(Act.REVIEW):
        return []
    return sorted({row["holder"] for row in _assignments().held().to_pylist()})


def people_to_assign() -> list[str]:
    """Names of accounts that may review; empty where there are no accounts."""
    signed.who().need(Act.ASSIGN)
    accounts = door().accounts.list()
    return [
        account.name
        for account in accounts
        if account.state != "disabled" and Person(account.name, account.post.role).may(Act.REVIEW)
    ]


def claim(typed: str, call: Row) -> None:
    """Take a call; TryAgain when somebody else has it."""
    _assignments().claim(signed.acting(Act.REVIEW, typed), _subject(call))


def take_over(typed: str, call: Row) -> None:
    """Take a call from somebody; only for whoever assigns calls."""
    name = signed.acting(Act.REVIEW, typed)
    signed.who(active=True).need(Act.ASSIGN)
    _assignments().assign(name, name, [_subject(call)], take_over=True)


def give_back(typed: str, call: Row) -> None:
    """Let go of a call of one's own; of somebody else's only whoever assigns calls."""
    name = signed.acting(Act.REVIEW, typed)
    now = _assignments().of(call["content_sha256"])
    if now is not None and now.holder != name:
        signed.who().need(Act.ASSIGN)
    _assignments().give_back(name, _subject(call))


def claim_next(typed: str, filters: Filters, sort: str, besides: str | None = None) -> str | None:
    """The next call to review: one's own first, then the first of the list that nobody has.

    `besides` is the call_id that one comes from. Returns its call_id; None when nothing is left.
    """
    name = signed.acting(Act.REVIEW, typed)
    own, free = (
        [
            row
            for row in data.list_calls(
                replace(filters, holder=holder, free=free or None), sort, LOOKED_AT, 0
            )
            if row["review_state"] != "reviewed" and row["call_id"] != besides
        ]
        for holder, free in ((name, False), (None, True))
    )
    if own:
        return str(own[0]["call_id"])
    taken = _assignments().claim_first(name, map(_subject, free))
    return taken and taken[1]


def assign(typed: str, holders: Sequence[str], filters: Filters, sort: str, count: int) -> int:
    """Give the first `count` free calls of a list to people in turn; returns how many it were."""
    name = signed.acting(Act.REVIEW, typed)
    signed.who(active=True).need(Act.ASSIGN)
    if not holders:
        raise BadInput("say who gets the calls")
    wanted = replace(filters, holder=None, free=True)
    rows = data.list_calls(wanted, sort, min(count, MOST_ASSIGNED), 0)
    subjects = [_subject(row) for row in rows if row["review_state"] != "reviewed"]
    return sum(
        _assignments().assign(name, holder, subjects[at :: len(holders)])
        for at, holder in enumerate(holders)
    )


def _assignments() -> Assignments:
    return Assignments(data.people())


def _subject(call: Row) -> tuple[str, str]:
    return str(call["content_sha256"]), str(call["call_id"])
