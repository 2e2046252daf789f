"""One table: what each role may open, do, and of which calls. Pages and docs are made from it.

To change what a role may, change its line; the tests try every role on every page and object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class JobRole(StrEnum):
    """What somebody is here for. SINGLE: the one user of a machine without accounts."""

    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    TRAINER = "trainer"
    AGENT = "agent"
    COMPLIANCE = "compliance"
    OPERATOR = "operator"
    SINGLE = "single"


class Page(StrEnum):
    """Pages of the dashboard, by the name in their address."""

    OVERVIEW = "overview"
    QUEUE = "queue"
    CALL = "call"
    SEARCH = "search"
    ALERTS = "alerts"
    AGENTS = "agents"
    SAMPLING = "sampling"
    APPEALS = "appeals"
    CALIBRATION = "calibration"
    CASES = "cases"
    PROBLEMS = "problems"
    BRIEFING = "briefing"
    RULES = "rules"
    ADMIN = "admin"


class Rows(StrEnum):
    """Which calls."""

    ALL = "all"
    TEAM = "team"
    OWN = "own"
    NONE = "none"


class Act(StrEnum):
    """What is done or seen on pages.

    HEAR recordings with private data silenced; ORIGINAL: enter a code for the whole sound; REVIEW:
    confirm, reject, add findings, say what models misread, take calls; ASSIGN them to others;
    FORM: an agent's monthly form, seen and downloaded; MONTH: the monthly report with its ranking
    and its list of rewards and penalties; APPEAL against findings of one's own calls, OPINE on the
    team's appeals,
    RULE on appeals; CUSTOMER: customer numbers, file names and attributes; EXAMPLE: make a case of
    a passage; AGREE: change its agreed answer, retire it; ARRANGE: name, merge, split and hide
    common problems; BRIEF: write into the weekly briefing and take it along; EXPORT: take a clip
    with private data silenced, or a call's form, out of the dashboard; SAMPLES: which calls are to
    be listened to; DRAW such plans; RATE calls blind in rounds of calibration; CALIBRATE: make and
    close rounds, and see all of them; BACKTEST a changed pack; RUNS and failures, and RETRY what
    failed; the AUDIT trail; USERS: who has an account; MANAGE accounts, one's own apart;
    ACKNOWLEDGE alerts; CHANNELS: what became of the messages about them.
    """

    HEAR = "hear"
    ORIGINAL = "original"
    REVIEW = "review"
    ASSIGN = "assign"
    FORM = "form"
    MONTH = "month"
    APPEAL = "appeal"
    OPINE = "opine"
    RULE = "rule"
    EXAMPLE = "example"
    AGREE = "agree"
    ARRANGE = "arrange"
    BRIEF = "brief"
    EXPORT = "export"
    CUSTOMER = "customer"
    SAMPLES = "samples"
    DRAW = "draw"
    RATE = "rate"
    CALIBRATE = "calibrate"
    BACKTEST = "backtest"
    RUNS = "runs"
    RETRY = "retry"
    AUDIT = "audit"
    USERS = "users"
    MANAGE = "manage"
    ACKNOWLEDGE = "acknowledge"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may; `pages` in the order of the menu, the first is where it begins."""

    pages: tuple[Page, ...]
    rows: Rows
    acts: frozenset[Act]


CALLS = (Page.OVERVIEW, Page.QUEUE, Page.CALL, Page.SEARCH)


def _rights(pages: tuple[Page, ...], rows: Rows, *acts: Act) -> Rights:
    return Rights(pages, rows, frozenset(acts))


RIGHTS: Final[Mapping[JobRole, Rights]] = {
    JobRole.INSPECTOR: _rights(
        (*CALLS, Page.AGENTS, Page.SAMPLING, Page.APPEALS, Page.CALIBRATION, Page.CASES,
         Page.PROBLEMS, Page.BRIEFING, Page.RULES), Rows.ALL,
        Act.HEAR, Act.ORIGINAL, Act.REVIEW, Act.FORM, Act.EXAMPLE, Act.EXPORT, Act.CUSTOMER,
        Act.SAMPLES, Act.RATE,
    ),
    JobRole.SUPERVISOR: _rights(
        (*CALLS, Page.ALERTS, Page.AGENTS, Page.SAMPLING, Page.APPEALS, Page.CALIBRATION,
         Page.CASES, Page.PROBLEMS, Page.BRIEFING, Page.RULES, Page.ADMIN), Rows.ALL,
        Act.HEAR, Act.ORIGINAL, Act.REVIEW, Act.ASSIGN, Act.FORM, Act.MONTH, Act.RULE,
        Act.EXAMPLE, Act.AGREE, Act.ARRANGE, Act.BRIEF, Act.EXPORT, Act.CUSTOMER, Act.SAMPLES,
        Act.DRAW, Act.RATE, Act.CALIBRATE, Act.BACKTEST, Act.RUNS, Act.USERS, Act.ACKNOWLEDGE,
        Act.CHANNELS,
    ),
    JobRole.LEADER: _rights(
        (*CALLS, Page.ALERTS, Page.AGENTS, Page.APPEALS, Page.CASES, Page.PROBLEMS, Page.BRIEFING),
        Rows.TEAM,
        Act.HEAR, Act.FORM, Act.MONTH, Act.OPINE, Act.BRIEF, Act.CUSTOMER, Act.ACKNOWLEDGE,
    ),
    JobRole.TRAINER: _rights(
        (*CALLS, Page.AGENTS, Page.CASES, Page.PROBLEMS, Page.BRIEFING, Page.RULES), Rows.ALL,
        Act.HEAR, Act.AGREE, Act.ARRANGE, Act.BRIEF, Act.EXPORT,
    ),
    JobRole.AGENT: _rights(
        (*CALLS, Page.AGENTS, Page.APPEALS, Page.CASES), Rows.OWN, Act.HEAR, Act.FORM, Act.APPEAL
    ),
    JobRole.COMPLIANCE: _rights(
        (*CALLS, Page.ALERTS, Page.SAMPLING, Page.APPEALS, Page.CASES, Page.RULES, Page.ADMIN),
        Rows.ALL,
        Act.HEAR, Act.ORIGINAL, Act.EXPORT, Act.CUSTOMER, Act.SAMPLES, Act.AUDIT, Act.USERS,
        Act.ACKNOWLEDGE, Act.CHANNELS,
    ),
    JobRole.OPERATOR: _rights(
        (Page.ADMIN, Page.ALERTS), Rows.NONE,
        Act.RUNS, Act.RETRY, Act.USERS, Act.MANAGE, Act.CHANNELS,
    ),
    JobRole.SINGLE: _rights(tuple(Page), Rows.ALL, *(act for act in Act if act is not Act.MANAGE)),
}  # fmt: skip
ASSIGNABLE: Final = tuple(role for role in JobRole if role is not JobRole.SINGLE)


def table() -> list[tuple[str, ...]]:
    """Roles in lines, pages, calls and acts in columns, as `docs/access.md` shows it."""
    head = ("role", *Page, "calls", *Act)
    lines = [
        (
            str(role),
            *("yes" if page in rights.pages else "" for page in Page),
            str(rights.rows),
            *("yes" if act in rights.acts else "" for act in Act),
        )
        for role, rights in RIGHTS.items()
        if role in ASSIGNABLE
    ]
    return [tuple(str(cell) for cell in head), *lines]
