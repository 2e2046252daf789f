"""What may be taken out of the dashboard: a clip with private data silenced, a call's form.

Made when it is asked for, of the rows of whoever asks, after the audit trail has it in writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from dashboards import data, form, hearing, signed
from dashboards.address import whole
from dashboards.language import language, speaking
from dashboards.options import options, settings
from dashboards.serving import TICKETS, Attachment
from pipeline import corrected
from pipeline.access import Person
from pipeline.authority import signed_trail
from pipeline.domain import Seconds
from pipeline.effective import human_result
from pipeline.errors import BadPack
from pipeline.store import Levels, Snapshot, StoredCall

DOWNLOAD = "download"
Part = tuple[Seconds, Seconds]


def clip_link(call_id: str, part: Part) -> str:
    """Where this session gets these seconds of a call's recording."""

    def make(person: Person) -> Attachment:
        call = _call(person, call_id)
        heard = hearing.find(call)
        _note(person, call_id, "clip", part)
        sound = hearing.clip(heard, part).read_bytes()
        return Attachment(f"{_plain(call_id)}_{part[0]:.0f}s.wav", "audio/wav", sound)

    return _link(("clip", call_id, part), make)


def form_link(call_id: str) -> str:
    """Where this session gets the form of a call, to be printed or saved."""
    lang = language()

    def make(person: Person) -> Attachment:
        reader, call = _reader(person), _call(person, call_id)
        _note(person, call_id, "form")
        with speaking(lang):
            page = form.page(_sheet(reader, call, person), person)
        name = f"{_plain(call_id)}.html"
        return Attachment(name, "text/html; charset=utf-8", page.encode(), inline=True)

    return _link(("form", call_id, lang), make)


def _sheet(reader: Snapshot, call: StoredCall, person: Person) -> form.Sheet:
    content, pack_hash = str(call.call["content_sha256"]), str(call.call["pack_hash"])
    reviews = reader.people.reviews_of(content)
    levels = Levels(reader.people).of(content)
    sheet = form.Sheet(call, reviews, levels, datetime.now(settings().zone))
    pack = reader.pack_content(pack_hash)
    if pack is None:
        return sheet
    try:
        findings, card = human_result(call.findings, (pack_hash, pack), reviews, levels)
    except BadPack:
        return sheet
    return replace(sheet, findings=findings, card=card)


def _reader(person: Person) -> Snapshot:
    return data.reader_of(person)


def _call(person: Person, call_id: str) -> StoredCall:
    return corrected.load(_reader(person), data.snapshot(), call_id, data.packs())


def _link(key: object, make: Callable[[Person], Attachment]) -> str:
    return whole(TICKETS.download(signed.who().session, key, make))


def _note(person: Person, call_id: str, what: str, part: Part | None = None) -> None:
    details = {"what": what, "by": person.name, "seconds": part}
    signed_trail(settings(), options().db).append(
        DOWNLOAD, subject=call_id, role=str(person.role), details=details
    )


def _plain(name: str) -> str:
    """A call's id as part of a file's name."""
    return re.sub(r"[^\w.-]+", "_", name)
