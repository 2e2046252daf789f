"""The problems that are shown, with whom they concern and where they are heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.domain import Gone, Hint, Problem, Severity, Trend, WeekCount
from pipeline.problems.concerned import Told, told
from pipeline.problems.material import Found, Material
from pipeline.problems.moments import Place, chosen, moment
from pipeline.store import Snapshot, said_at


@dataclass(frozen=True)
class Ranked:
    """A problem with its counts, before it is shown."""

    found: Found
    weeks: tuple[WeekCount, ...]
    trend: Trend
    chance: float | None
    weight: float


def filled(snapshot: Snapshot, material: Material, ranked: Sequence[Ranked]) -> list[Problem]:
    """Problems with everything that is told of them, in the same order."""
    last = len(material.weeks) - 1
    numbers = [n for n, row in enumerate(material.calls) if row["week"] == last]
    mine = {number: at for at, number in enumerate(numbers)}
    having = [frozenset(mine[n] for n in one.found.calls if n in mine) for one in ranked]
    rules = [material.rules[number] for number in numbers]
    whom = told([material.calls[number] for number in numbers], rules, having)
    places = [
        chosen([place for place in one.found.places if place.call in mine], material.calls)
        for one in ranked
    ]
    said = said_at(snapshot, (_turn(material, place) for own in places for place in own))
    moments = [
        tuple(moment(p, material.calls[p.call], said.get(_turn(material, p))) for p in own)
        for own in places
    ]
    titles = {one.rule["rule"]: one.rule["title"] for one in material.found if one.rule}
    parts = zip(ranked, whom, moments, strict=True)
    return [
        replace(_problem(one, concerned, titles), moments=heard) for one, concerned, heard in parts
    ]


def _turn(material: Material, place: Place) -> tuple[str, int]:
    return material.calls[place.call]["call_id"], place.segment


def _problem(one: Ranked, whom: Told, titles: Mapping[str, str]) -> Problem:
    found, rule = one.found, one.found.rule
    return Problem(
        id=found.id,
        kind=found.kind,
        name=found.name,
        words=found.words,
        weeks=one.weeks,
        trend=one.trend,
        chance=one.chance,
        weight=round(one.weight, 3),
        moments=(),
        agents=whom.agents,
        teams=whom.teams,
        products=whom.products,
        hints=tuple(_others(whom.hints, titles, rule.get("rule"))),
        rule=rule.get("rule"),
        control_point=rule.get("control_point"),
        severity=Severity(rule["severity"]) if rule else None,
        name_en="" if found.renamed else rule.get("title_en") or "",
        renamed=found.renamed,
        first_week=found.first_week or next(week.week for week in one.weeks if week.calls),
    )


def gone_of(one: Ranked) -> Gone:
    """What is told of a problem that is in no call any more."""
    found, rule = one.found, one.found.rule
    return Gone(
        found.id, found.kind, found.name, one.weeks, one.trend, one.chance,
        Severity(rule["severity"]) if rule else None,
        "" if found.renamed else rule.get("title_en") or "",
    )  # fmt: skip


def _others(hints: Sequence[Hint], titles: Mapping[str, str], own: str | None) -> Iterator[Hint]:
    """Hints without the problem's own rule; rules by their titles."""
    for hint in hints:
        if hint.what != "rule":
            yield hint
        elif hint.value != own:
            yield replace(hint, value=titles.get(hint.value, hint.value))
