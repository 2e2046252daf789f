"""A database of four calls and an account of every role: shared by the tests of access.

Every call has words, a customer, a file and a rule of its own, so that one can tell by any of them
whether something of it is seen.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile

from pipeline import modelfiles
from pipeline.access import ASSIGNABLE, Accounts, Door, JobRole, Post
from pipeline.domain import CallReport, Failure
from pipeline.search import sync
from pipeline.settings import Settings
from pipeline.store import Store
from tests.store.fresh import fresh
from tests.store.reports import a_finding, a_report

AGENT, TEAM = "A1", "一组"
FAILED = Failure("/recordings/坏.wav", "decode", "BadRecording", "坏.wav: holds no sound")


@dataclass(frozen=True)
class Known:
    """A call of the database, and what only it has."""

    call_id: str
    agent: str
    team: str
    fruit: str
    hertz: int

    @property
    def customer(self) -> str:
        return f"U-{self.fruit}"

    @property
    def marks(self) -> tuple[str, ...]:
        """What is seen of it somewhere, if anything is."""
        return (self.call_id, f"{self.fruit}树", f"rule_{self.call_id}", f"规则{self.fruit}")

    @property
    def private(self) -> tuple[str, ...]:
        """What tells who its customer is."""
        return (self.customer, f"{self.fruit}.wav")

    def report(self, folder: Path) -> CallReport:
        wav = folder / f"{self.fruit}.wav"
        times = np.arange(8000 * 8) / 8000
        tone = 0.3 * np.sin(2 * np.pi * self.hertz * times)
        soundfile.write(wav, np.stack([tone, tone], axis=1), 8000, subtype="PCM_16")
        finding = a_finding(f"rule_{self.call_id}", title=f"规则{self.fruit}", title_en="")
        report = a_report(
            self.fruit,
            call_id=self.call_id,
            agent=self.agent,
            team=self.team,
            customer=self.customer,
            turns=(f"您好,请问{self.fruit}树怎么种。", "我的卡号是6222****1234。"),
            findings=(finding,),
            sources=(str(wav),),
        )
        content = modelfiles.sha256(wav)
        return replace(report, provenance=replace(report.provenance, content_sha256=content))


OWN = Known("call-own", AGENT, TEAM, "苹果", 400)
PEER = Known("call-peer", "A2", TEAM, "石榴", 500)
OTHER = Known("call-other", "B1", "二组", "樱桃", 600)
NOBODY = Known("call-nobody", "A' OR '1'='1", "没有", "芒果", 700)  # not in the database
STORED = (OWN, PEER, OTHER)
POSTS = {
    role: Post(
        role,
        AGENT if role is JobRole.AGENT else None,
        TEAM if role is JobRole.LEADER else None,
    )
    for role in ASSIGNABLE
}
VISIBLE = {
    role: {JobRole.AGENT: (OWN,), JobRole.LEADER: (OWN, PEER), JobRole.OPERATOR: ()}.get(
        role, STORED
    )
    for role in ASSIGNABLE
}
PASSWORD = "一句好记的话,很长很长"


def make(folder: Path) -> Path:
    """The database."""
    db = fresh(folder / "calls.duckdb")
    with Store.open(db) as store:
        store.start_run("recordings")
        store.save([known.report(folder) for known in STORED])
        store.record_failures([FAILED])
        store.finish_run({"processed": 3, "failed": 1}, 0)
        store.publish()
        sync(store)
    return db


def copied(db: Path, folder: Path) -> Path:
    """The same database with its accounts and sessions, and nothing that people wrote."""
    target = folder / db.parent.name
    shutil.copytree(db.parent, target, copy_function=os.link)
    beside = target / f"{db.name}.d"
    for name in ("people.sqlite", "people.sqlite-wal", "people.sqlite-shm"):
        (beside / name).unlink(missing_ok=True)
    shutil.copy(beside / "access.sqlite", folder / "access.sqlite")
    (folder / "access.sqlite").replace(beside / "access.sqlite")
    return target / db.name


def door_of(db: Path) -> Door:
    return Door(Settings(), db)


def people(db: Path) -> dict[JobRole, str]:
    """An account of every role, named like it, and a session of each, with a password of its own.

    Gives the tokens of the sessions.
    """
    accounts, sessions = Accounts.of(db), door_of(db).sessions
    tokens = {}
    for role in ASSIGNABLE:
        accounts.add(str(role), POSTS[role])
        accounts.set_password(str(role), PASSWORD)
        tokens[role] = sessions.begin(str(role), "password")
    return tokens
