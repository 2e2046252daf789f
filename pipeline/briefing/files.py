"""Briefings as files: Word, slides, HTML, Markdown; listed, so that a removal finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pipeline.briefing import saying
from pipeline.briefing.content import Briefing
from pipeline.briefing.deck import deck
from pipeline.briefing.document import Export, document
from pipeline.briefing.words import Words
from pipeline.documents import write_docx, write_html, write_markdown, write_pptx
from pipeline.errors import BadInput, TryAgain
from pipeline.store import FORMS, People, note_copy

Writer = Callable[[Briefing, Export], bytes]
WRITERS: Final[Mapping[str, Writer]] = {
    "docx": lambda briefing, export: write_docx(document(briefing, export)),
    "pptx": lambda briefing, export: write_pptx(deck(briefing, export)),
    "html": lambda briefing, export: write_html(document(briefing, export)).encode(),
    "md": lambda briefing, export: write_markdown(document(briefing, export)).encode(),
}
MEDIA: Final[Mapping[str, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


def known_format(form: str) -> str:
    """The same; BadInput names the formats that there are."""
    if form not in WRITERS:
        raise BadInput(f"unknown format '{form}'; choose one of: {', '.join(WRITERS)}")
    return form


def written(briefing: Briefing, form: str, export: Export) -> bytes:
    """The bytes of a file."""
    return WRITERS[known_format(form)](briefing, export)


def file_name(briefing: Briefing, form: str, language: str) -> str:
    """Such as `服务质量周报_2026-W47_一组.docx`."""
    words = Words(language)
    parts = [words("title"), str(briefing.week), *([briefing.team] if briefing.team else [])]
    name = re.sub(r"[^\w.-]+", "_", "_".join(parts))[:100]
    return f"{name}.{form}"


def save(people: People, target: Path, data: bytes, form: str) -> None:
    """Write a report for its owner alone and list it before it gets its name.

    TryAgain where that cannot be written.
    """
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(mode=0o600)
        temporary.write_bytes(data)
        note_copy(people, temporary, target, what=FORMS, format=form)
        temporary.replace(target)
    except OSError as error:
        raise TryAgain(f"cannot write {target}: {error.strerror}; check the path") from error
    finally:
        temporary.unlink(missing_ok=True)


def heading(briefing: Briefing, language: str) -> str:
    """What a briefing is called where it is told of."""
    words = Words(language)
    return f"{words('title')} {saying.subtitle(words, briefing)}"
