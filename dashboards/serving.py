"""What the server gives out beside the pages: recordings, forms, the cookie of who signed in.

Streamlit serves its media to everybody who knows an address. So recordings go a way of their own:
an address is good for the session it was made for, proven by its cookie, and for nobody else.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboards.options import cookie_name, door
from pipeline.access import SINGLE, Act, Person
from pipeline.errors import CallqaError
from pipeline.network import is_local, name_of

COOKIE_SECONDS = 60.0
MOST_SOUNDS = 2000
SOUND, FORM, ENTER = "sound", "form", "enter"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OURS = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
GONE = PlainTextResponse("not found", status_code=404)


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording for one session; `find` gives its file as it is now, or raises."""

    session: str
    find: Callable[[], Path]


@dataclass(frozen=True, slots=True)
class Paper:
    """A workbook for one session; `make` gives its name and bytes, of what a person may see."""

    session: str
    make: Callable[[Person], tuple[str, bytes]]


class Tickets:
    """Addresses of recordings and forms, and how a browser gets its cookie; of this process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._given: OrderedDict[str, Sound | Paper] = OrderedDict()
        self._names: dict[tuple[str, object], str] = {}
        self._cookies: dict[str, tuple[str, float]] = {}

    def sound(self, session: str, key: object, find: Callable[[], Path]) -> str:
        """The address of a recording for a session, the same at every run: players keep playing."""
        return f"{SOUND}/{self._keep((session, key), Sound(session, find), 'wav')}"

    def paper(self, session: str, key: object, make: Callable[[Person], tuple[str, bytes]]) -> str:
        """The address of a form for a session; it is written when somebody asks for it."""
        return f"{FORM}/{self._keep((session, key), Paper(session, make), 'xlsx')}"

    def _keep(self, key: tuple[str, object], one: Sound | Paper, kind: str) -> str:
        with self._guard:
            name = self._names.setdefault(key, f"{secrets.token_hex(16)}.{kind}")
            self._given[name] = one
            self._given.move_to_end(name)
            while len(self._given) > MOST_SOUNDS:
                self._drop(next(iter(self._given)))
        return name

    def found(self, name: str) -> Sound | Paper | None:
        """What an address leads to."""
        with self._guard:
            return self._given.get(name)

    def cookie(self, token: str) -> str:
        """A ticket that gives the cookie of a session, once, for a minute."""
        ticket, now = secrets.token_urlsafe(32), time.monotonic()
        with self._guard:
            self._cookies = {key: one for key, one in self._cookies.items() if one[1] > now}
            self._cookies[ticket] = (token, now + COOKIE_SECONDS)
        return ticket

    def redeemed(self, ticket: str) -> str | None:
        """The token of a ticket, which is used up."""
        with self._guard:
            token, until = self._cookies.pop(ticket, ("", 0.0))
        return token if token and time.monotonic() < until else None

    def forget(self, session: str) -> None:
        """Forget what a session could hear and fetch."""
        with self._guard:
            for name in [name for name, one in self._given.items() if one.session == session]:
                self._drop(name)

    def _drop(self, name: str) -> None:
        del self._given[name]
        for key in [key for key, known in self._names.items() if known == name]:
            del self._names[key]


TICKETS = Tickets()


def routes() -> list[Route]:
    """What is added to Streamlit's own addresses."""
    return [
        Route(f"/{SOUND}/{{name}}", _sound, methods=["GET", "HEAD"]),
        Route(f"/{FORM}/{{name}}", _form, methods=["GET"]),
        Route(f"/{ENTER}", _enter, methods=["POST"]),
    ]


def _sound(request: Request) -> Response:
    """A recording, for the very session that its address was made for."""
    sound, person = TICKETS.found(request.path_params["name"]), _person(request)
    if not isinstance(sound, Sound) or person is None:
        return GONE
    if person.session != sound.session or not person.may(Act.HEAR):
        return GONE
    try:
        file = sound.find()
    except (CallqaError, OSError):
        return GONE
    return FileResponse(file, media_type="audio/wav", headers=OURS)


def _form(request: Request) -> Response:
    """A workbook for the very session that its address was made for, of what it may see now."""
    paper, person = TICKETS.found(request.path_params["name"]), _person(request)
    if not isinstance(paper, Paper) or person is None:
        return GONE
    if person.session != paper.session or not person.may(Act.FORM):
        return GONE
    try:
        name, data = paper.make(person)
    except CallqaError:
        return GONE
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type=XLSX, headers={**OURS, **named})


def _person(request: Request) -> Person | None:
    """Whose cookie it is; listening counts as being there."""
    entrance, token = door(), request.cookies.get(cookie_name())
    if token and (found := entrance.person(token, active=True)):
        return found
    local = request.client is not None and is_local(request.client.host)
    named = is_local(name_of(request.headers.get("host", "")))
    forwarded = "x-forwarded-for" in request.headers
    return SINGLE if local and named and not forwarded and not entrance.needed else None


async def _enter(request: Request) -> Response:
    """Turn a ticket into the cookie of its session; pages elsewhere cannot make a browser do so."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return GONE
    ticket = (await request.body())[:200].decode("ascii", "replace")
    token = TICKETS.redeemed(ticket)
    if token is None:
        return GONE
    response = Response(status_code=204)
    secure = request.url.scheme == "https"
    response.set_cookie(
        cookie_name(), token, httponly=True, samesite="strict", secure=secure, path="/"
    )
    return response
