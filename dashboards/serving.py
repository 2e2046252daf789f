"""What the server gives out beside the pages: recordings, files to keep, the cookie of a session.

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

from dashboards.faults import fault
from dashboards.language import language, speaking
from dashboards.options import cookie_name, door
from pipeline.access import SINGLE, Act, Person
from pipeline.errors import BadSettings, CallqaError, TryAgain
from pipeline.network import is_local, name_of

COOKIE_SECONDS = 60.0
MOST_SOUNDS = 2000
SOUND, TAKE, ENTER = "sound", "take", "enter"
GONE = PlainTextResponse("not found", status_code=404)
OURS = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording for one session; `find` gives its file as it is now, or raises."""

    session: str
    find: Callable[[], Path]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to keep; `inline`: the browser shows it, to be printed or saved from there."""

    name: str
    media_type: str
    content: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A file for one session, that `act` permits; `make` gives it for whoever asks, or raises.

    `language` is that of the page, for what went wrong.
    """

    session: str
    make: Callable[[Person], Attachment]
    act: Act
    language: str


class Tickets:
    """Addresses of recordings and files, how a browser gets its cookie; of this process alone."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._given: OrderedDict[str, Sound | Download] = OrderedDict()
        self._names: dict[tuple[str, object], str] = {}
        self._cookies: dict[str, tuple[str, float]] = {}

    def sound(self, session: str, key: object, find: Callable[[], Path]) -> str:
        """The address of a recording for a session, the same at every run: players keep playing."""
        return f"{SOUND}/{self._keep(key, Sound(session, find), '.wav')}"

    def download(
        self, session: str, key: object, make: Callable[[Person], Attachment], act: Act = Act.EXPORT
    ) -> str:
        """The address of a file to keep, for a session; it is made when somebody asks for it."""
        return f"{TAKE}/{self._keep(key, Download(session, make, act, language()))}"

    def _keep(self, key: object, one: Sound | Download, ending: str = "") -> str:
        with self._guard:
            fresh = f"{secrets.token_hex(16)}{ending}"
            name = self._names.setdefault((one.session, key), fresh)
            self._given[name] = one
            self._given.move_to_end(name)
            while len(self._given) > MOST_SOUNDS:
                self._drop(next(iter(self._given)))
        return name

    def found(self, name: str) -> Sound | Download | None:
        """What has this address."""
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
        """Forget what a session could hear and take."""
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
        Route(f"/{TAKE}/{{name}}", _take, methods=["GET"]),
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


def _take(request: Request) -> Response:
    """A file to keep, for the very session that its address was made for."""
    one, person = TICKETS.found(request.path_params["name"]), _person(request)
    if not isinstance(one, Download) or person is None:
        return GONE
    if person.session != one.session or not person.may(one.act):
        return GONE
    try:
        made = one.make(person)
    except (TryAgain, BadSettings) as error:  # the trail cannot be written, or not signed
        return _refused(error, one.language)
    except (CallqaError, OSError):
        return GONE
    how = "inline" if made.inline else "attachment"
    headers = {
        **OURS,
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(made.name)}",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(made.content, media_type=made.media_type, headers=headers)


def _refused(error: CallqaError, spoken: str) -> Response:
    with speaking(spoken):
        return PlainTextResponse(fault(error), status_code=503)


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
