"""What calls a question is about, and in which order: the SQL of each filter, sort and group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from pipeline.domain import Flag, Severity
from pipeline.errors import BadInput

T = TypeVar("T")
REVIEW_STATES = ("open", "partly", "reviewed")
CAPABILITIES = ("times", "words", "stereo", "overlap", "roles", "confidence", "loudness")
ABLE = (*CAPABILITIES, *(f"-{name}" for name in CAPABILITIES))
# What `by` can group on: (key, label).
GROUPS = {
    "team": ("team", "team"),
    "agent": ("agent_id", "agent_name"),
    "business_line": ("business_line", "business_line"),
    "grade": ("grade", "grade"),
    "pack": ("pack", "pack"),
}
WORST = "list_position(['critical', 'major', 'minor'], c.worst_severity)"
SORTS = {
    "priority": "priority DESC NULLS LAST, c.started_at NULLS LAST",
    "worst": f"c.vetoed DESC, {WORST} NULLS LAST, c.score, c.started_at DESC NULLS LAST",
    "score": "c.score",
    "best": "c.score DESC",
    "newest": "c.started_at DESC NULLS LAST",
    "oldest": "c.started_at NULLS LAST",
    "longest": "c.duration DESC NULLS LAST",
    "unsure": "c.unsure DESC",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is None does not filter.

    `since` and `until` are local days, both included. `agent` is an agent_id. `rule`: failed or
    unsure under it. `control_point`: the same under a number and all below it (`1` holds `1.2`);
    numbers mean something within a `pack` only. `severity`: has a failed finding of it. `text`:
    said in the (masked) call, or part of its call_id. `passed`: as counted by `pass_rate`.
    `review`: open, partly or reviewed. `flagged`: has a failed or unsure finding. `holder`: who
    works on the call; `free`: nobody does.
    `able`: can carry this capability, with a minus before it cannot.
    `channel`: voice or chat. `direction`: inbound or outbound. `reason`: why somebody called as a
    person said, else as a model read it, `unsure` where it was, `none` where a person found none of
    the list; `flag`: a person said so, or else a model raised it.
    """

    since: date | None = None
    until: date | None = None
    business_line: str | None = None
    team: str | None = None
    agent: str | None = None
    rule: str | None = None
    control_point: str | None = None
    pack: str | None = None
    severity: Severity | str | None = None
    grade: str | None = None
    text: str | None = None
    vetoed: bool | None = None
    passed: bool | None = None
    review: str | None = None
    flagged: bool | None = None
    holder: str | None = None
    free: bool | None = None
    able: str | None = None
    channel: str | None = None
    direction: str | None = None
    reason: str | None = None
    flag: str | None = None


# Not one `$x IS NULL OR …` per filter in the .sql file: what is not asked must not be planned.
CONDITIONS = {
    "since": "c.started_at >= $since",
    "until": "c.started_at < $until",
    "business_line": "c.business_line = $business_line",
    "team": "c.team = $team",
    "agent": "c.agent_id = $agent",
    "rule": "c.call_id IN (SELECT f.call_id FROM findings AS f"
    " WHERE f.rule = $rule AND f.verdict IN ('fail', 'unsure'))",
    "control_point": "c.call_id IN (SELECT f.call_id FROM findings AS f"
    " WHERE starts_with(f.control_point || '.', $control_point || '.')"
    " AND f.verdict IN ('fail', 'unsure'))",
    "pack": "c.pack = $pack",
    "severity": "CASE $severity WHEN 'critical' THEN c.fails_critical"
    " WHEN 'major' THEN c.fails_major ELSE c.fails_minor END > 0",
    "grade": "c.grade = $grade",
    "text": "(contains(c.call_id, $text) OR c.call_id IN"
    " (SELECT s.call_id FROM segments AS s WHERE contains(s.text, $text)))",
    "vetoed": "c.vetoed = $vetoed",
    "passed": "(c.score >= $pass_score AND NOT c.vetoed) = $passed",
    "review": "c.call_id IN (SELECT c2.call_id FROM calls AS c2"
    " LEFT JOIN reviewed AS r ON r.call_id = c2.call_id WHERE coalesce(r.state, 'open') = $review)",
    "flagged": "(c.fails + c.unsure > 0) = $flagged",
    "holder": "c.content_sha256 IN (SELECT content_sha256 FROM assigned WHERE holder = $holder)",
    "free": "(c.content_sha256 NOT IN (SELECT content_sha256 FROM assigned)) = $free",
    "able": "list_contains(c.capabilities, ltrim($able, '-')) <> starts_with($able, '-')",
    "channel": "c.channel = $channel",
    "direction": "c.direction = $direction",
    "reason": "c.call_id IN (SELECT l.call_id FROM learned_now AS l"
    " WHERE coalesce(l.reason, 'unsure') = $reason)",
    "flag": "c.call_id IN (SELECT l.call_id FROM learned_now AS l"
    " WHERE list_contains(l.flags, $flag))",
}


def conditions(filters: Filters, zone: tzinfo, pass_score: float) -> tuple[str, dict[str, object]]:
    """Build the WHERE clause over `calls AS c` and its parameters."""
    given = {f.name: getattr(filters, f.name) for f in fields(filters)}
    values = {name: value for name, value in given.items() if value is not None and value != ""}
    _check("review", values.get("review"), REVIEW_STATES)
    _check("able", values.get("able"), ABLE)
    _check("severity", values.get("severity"), tuple(Severity))
    _check("flag", values.get("flag"), tuple(Flag))
    if filters.since:
        values["since"] = midnight(filters.since, zone)
    if filters.until:
        values["until"] = midnight(filters.until + timedelta(days=1), zone)
    if "severity" in values:
        values["severity"] = str(values["severity"])
    where = " AND ".join(CONDITIONS[name] for name in values) or "true"
    return where, {**values, **({"pass_score": pass_score} if "passed" in values else {})}


def chosen_of(name: str, value: str, choices: Mapping[str, T]) -> T:
    """What a name stands for; BadInput with those that are known."""
    _check(name, value, tuple(choices))
    return choices[value]


def _check(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise BadInput(f"unknown {name} '{value}'; choose one of: {', '.join(choices)}")


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a local day begins."""
    return datetime.combine(day, time.min, zone)
