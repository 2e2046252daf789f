"""The weekly briefing for whoever is signed in: read, written into, taken along."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from dashboards import data, hearing, problem_data, signed
from dashboards.address import whole
from dashboards.data import Stamp, snapshot
from dashboards.language import language
from dashboards.options import options, settings
from dashboards.serving import TICKETS, Attachment
from pipeline.access import Act, Page, Person, Rows
from pipeline.authority import signed_trail
from pipeline.briefing import Briefing, check, gather, weeks_there
from pipeline.briefing.document import Export
from pipeline.briefing.files import MEDIA, file_name, written
from pipeline.clips import bundle, moments
from pipeline.domain import BriefingText, BriefingVersion
from pipeline.errors import BadInput, NotAllowed
from pipeline.store import Briefings, Cases
from pipeline.weeks import Week

DOWNLOAD = "download"
TAKES_CLIPS = (Act.BRIEF, Act.HEAR, Act.EXPORT)
Written = tuple[tuple[int, ...], problem_data.Changed]


def own_team() -> str | None:
    """The team of whoever sees one alone: there is no other briefing for them."""
    person = _reader()
    return person.team if person.rights.rows is Rows.TEAM else None


def weeks(team: str | None) -> list[Week]:
    """The weeks that hold calls of theirs, latest first."""
    _reader()
    return _weeks(data.stamp(), own_team() or team)


@st.cache_data(max_entries=50, ttl=3600, show_spinner=False)
def _weeks(key: Stamp, team: str | None) -> list[Week]:
    *_, scope = key
    return weeks_there(snapshot().within(scope), team)


def briefing(week: Week, team: str | None) -> Briefing:
    """As it stands now; BadInput for a week without calls."""
    _reader()
    return _now(data.stamp(), week, own_team() or team)


def _now(key: Stamp, week: Week, team: str | None) -> Briefing:
    written_now = _written_now(week, team), problem_data.changed()
    return _gathered(key, written_now, week, team)


@st.cache_data(max_entries=20, ttl=600, show_spinner=False)
def _gathered(key: Stamp, written_now: Written, week: Week, team: str | None) -> Briefing:
    _, changed = written_now
    *_, scope = key
    return gather(
        snapshot().within(scope), week, team,
        lambda _, week, team: problem_data.look(key, changed, week, team),
    )  # fmt: skip


def _written_now(week: Week, team: str | None) -> tuple[int, ...]:
    """What people wrote last that a briefing shows: its texts, the week's before, the cases."""
    kept = Briefings(data.people())
    found = [kept.latest(str(one), team or "") for one in (week, week.back(1))]
    cases = [case.now.id for case in Cases(data.people()).all()]
    return (*(version.id if version else 0 for version in found), max(cases, default=0))


def versions(week: Week, team: str | None) -> list[BriefingVersion]:
    """Who wrote into it, oldest first."""
    _reader()
    return Briefings(data.people()).versions(str(week), own_team() or team or "")


def save(
    typed: str, subject: tuple[Week, str | None], text: BriefingText, previous: int | None
) -> BriefingVersion:
    """Keep what somebody wrote; checked for private data and names."""
    name = signed.acting(Act.BRIEF, typed)
    _reader()
    check(text, snapshot())
    week, team = subject
    return Briefings(data.people()).save(
        name, (str(week), own_team() or team or ""), text, previous
    )


def link(week: Week, team: str | None, form: str) -> str:
    """Where this session gets it as a file; it is made when somebody asks for it."""
    lang, own = language(), own_team() or team

    def make(person: Person) -> Attachment:
        return attachment(data.stamp_of(person), person, (week, own), (form, lang))

    key = ("briefing", str(week), own, form, lang)
    return whole(TICKETS.download(_reader().session, key, make, Act.BRIEF))


def attachment(
    key: Stamp, person: Person, subject: tuple[Week, str | None], how: tuple[str, str]
) -> Attachment:
    """The file, noted on the audit trail before it is given."""
    (week, team), (form, lang) = subject, how
    found = _now(key, week, team)
    details = {"what": "briefing", "by": person.name, "team": team or "", "format": form}
    trail = signed_trail(settings(), options().db)
    trail.append(DOWNLOAD, subject=str(week), role=str(person.role), details=details)
    today = datetime.now(settings().zone).date()
    export = Export(lang, today, settings().dashboard_url or "")
    name = file_name(found, form, lang)
    if form == "zip":
        *_, scope = key
        clips = bundle(snapshot().within(scope), found, "docx", export)
        return Attachment(name, "application/zip", clips.data)
    return Attachment(name, MEDIA[form], written(found, form, export))


@dataclass(frozen=True, slots=True)
class Clips:
    """How many quotes of a briefing can be heard, and why the others cannot, with how many each."""

    there: int
    missing: tuple[tuple[str, int], ...]


def may_take_clips() -> bool:
    """Whether whoever is here may take the recordings along that a briefing quotes."""
    return all(_reader().may(act) for act in TAKES_CLIPS)


def clips_of(found: Briefing) -> Clips:
    """What can be heard of its quotes now; nothing is cut yet."""
    if not may_take_clips():
        raise NotAllowed("this role takes no recordings along")
    reasons = Counter(_silent(moment.call_id) for _, moment in moments(found))
    there = reasons.pop("", 0)
    return Clips(there, tuple(sorted(reasons.items())))


def _silent(call_id: str) -> str:
    """Why nothing of a call can be heard; empty where something can."""
    try:
        heard = hearing.find(data.call(call_id))
    except BadInput:
        return "gone"
    return "" if heard.source is not None else str(heard.silent)


def clips_link(week: Week, team: str | None) -> str:
    """Where this session gets it as Word with its clips; cut when somebody asks for it."""
    lang, own = language(), own_team() or team

    def make(person: Person) -> Attachment:
        if not all(person.may(act) for act in TAKES_CLIPS):
            raise NotAllowed("this role takes no recordings along")
        return attachment(data.stamp_of(person), person, (week, own), ("zip", lang))

    key = ("briefing", str(week), own, "zip", lang)
    return whole(TICKETS.download(_reader().session, key, make, Act.BRIEF))


def _reader() -> Person:
    person = signed.who()
    if Page.BRIEFING not in person.pages:
        raise NotAllowed("this role reads no briefings")
    return person
