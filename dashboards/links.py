"""A list of calls as a URL: query parameters ↔ filters, so that every figure can lead to calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from pipeline.domain import Flag, Severity
from pipeline.store import ABLE, REVIEW_STATES, SORTS, Filters

Params = dict[str, str]
PAGE_SIZES = (50, 100, 200)
CLOSED: dict[str, tuple[str, ...]] = {
    "severity": tuple(Severity),
    "review": REVIEW_STATES,
    "able": ABLE,
    "flag": tuple(Flag),
    "sort": tuple(SORTS),
    "scope": ("flagged", "all"),
    "size": tuple(str(size) for size in PAGE_SIZES),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """What the queue shows. `scope` all: also calls in which nothing was found.

    `ignored` names the parameters of the URL that could not be understood.
    """

    filters: Filters = field(default_factory=Filters)
    scope: str = "flagged"
    sort: str = "priority"
    page: int = 1
    size: int = PAGE_SIZES[0]
    ignored: tuple[str, ...] = ()

    @property
    def wanted(self) -> Filters:
        """The filters with what the scope says."""
        return self.filters if self.scope == "all" else replace(self.filters, flagged=True)


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the dashboard with its parameters, such as the queue of one team."""

    page: str
    params: Params

    @property
    def href(self) -> str:
        """Relative to any page of the dashboard."""
        return f"{self.page}?{urlencode(self.params)}" if self.params else self.page


def queue_link(filters: Filters | None = None, **more: str) -> Link:
    """Lead to the queue with filters and any of `scope`, `sort`."""
    return Link("queue", {**params_of(filters or Filters()), **more})


def call_link(call_id: str, segment: int | None = None) -> Link:
    """Lead to the page of one call, to the moment at which a segment of it begins."""
    return Link("call", {"id": call_id, **({} if segment is None else {"segment": str(segment)})})


def round_link(number: int | None = None, call_id: str | None = None) -> Link:
    """Lead to all calibration rounds, to one, or to a call of it to score."""
    params = {} if number is None else {"round": str(number)}
    return Link("calibration", {**params, **({} if call_id is None else {"id": call_id})})


def agents_link(month: Filters, **more: str | None) -> Link:
    """Lead to the page of agents for a month: of one, of a team or line, to a part of it."""
    assert month.since is not None
    given = {"month": f"{month.since:%Y-%m}", "agent": month.agent, "team": month.team,
             "business_line": month.business_line, **more}  # fmt: skip
    return Link("agents", {name: value for name, value in given.items() if value})


def params_of(filters: Filters) -> Params:
    """Write filters as query parameters."""
    given = {name: getattr(filters, name) for name in _READERS}
    return {name: _written(value) for name, value in given.items() if value is not None}


def listing_of(params: Mapping[str, str]) -> Listing:
    """Read query parameters; what is unknown or wrong is left out and named in `ignored`."""
    known: dict[str, Any] = {}
    ignored = []
    for name, value in params.items():
        if name == "lang" or value == "":
            continue
        try:
            known[name] = _read(name, value)
        except (ValueError, KeyError):
            ignored.append(f"{name}={value}")
    filters = Filters(**{name: known.pop(name) for name in list(known) if name in _READERS})
    return Listing(filters=filters, ignored=tuple(ignored), **known)


def _read(name: str, value: str) -> object:
    if name in CLOSED and value not in CLOSED[name]:
        raise ValueError(value)
    if name in ("page", "size"):
        return max(int(value), 1)
    if name in ("scope", "sort"):
        return value
    return _READERS[name](value)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _flag(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _reader(annotation: str) -> Callable[[str], Any]:
    if "date" in annotation:
        return date.fromisoformat
    return _flag if "bool" in annotation else str


_READERS = {item.name: _reader(str(item.type)) for item in fields(Filters)}
