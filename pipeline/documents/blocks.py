"""What a document is made of, before it is a file: the same blocks become Word, HTML or Markdown.

Texts are data: no writer reads markup, a link or a formula out of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar, cast

T = TypeVar("T")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # in XML


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `link` is the address it leads to."""

    text: str
    bold: bool = False
    muted: bool = False
    link: str = ""


Text = str | tuple[str | Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Levels 1 to 3; `number` is given by `numbered`, a heading with `plain` gets none."""

    text: str
    level: int = 1
    plain: bool = False
    number: str = ""

    @property
    def shown(self) -> str:
        """With its number."""
        return f"{self.number}  {self.text}" if self.number else self.text


class Look(StrEnum):
    """How a paragraph looks: as text, as a lead sentence, as small print, as a caption."""

    PLAIN = "plain"
    LEAD = "lead"
    NOTE = "note"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: Text
    look: Look = Look.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What was said: (who, words) per turn, and where it can be heard."""

    turns: tuple[tuple[str, str], ...]
    source: Text = ""


@dataclass(frozen=True, slots=True)
class Callout:
    """A text that must not be overlooked, in a box."""

    title: str
    text: Text


class Align(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the width of the page; as many as columns, `aligns` too if given."""

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...]
    aligns: tuple[Align, ...] = ()

    def align(self, column: int) -> Align:
        """Of a column."""
        return self.aligns[column] if self.aligns else Align.LEFT


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that everybody shall see, and a word on it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures in a row: at most six."""

    tiles: tuple[Tile, ...]


class ChartKind(StrEnum):
    """BARS lie, COLUMNS stand; LINES are over time."""

    BARS = "bars"
    COLUMNS = "columns"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Series:
    """A value per category; None is a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """At most four series, told apart without colour. `form` is `0`, `0.0`, `0%` or `0.0%`.

    `alt` says in words what it shows; `height` in centimetres of a printed page.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    form: str = "0"
    alt: str = ""
    height: float = 5.0

    def above(self, series: Series, place: int) -> bool:
        """Whether a value's label stands above the line: below where it is the lowest."""
        values = [one.values[place] for one in self.series]
        known = [value for value in values if value is not None]
        own = series.values[place]
        highest = self.series[values.index(max(known))] if known else series
        return own != min(known, default=own) or series is highest

    def said(self, value: float) -> str:
        """A value as its labels say it."""
        if self.form.endswith("%"):
            return f"{value:.1%}" if "." in self.form else f"{value:.0%}"
        return f"{value:.1f}" if self.form == "0.0" else f"{value:.0f}"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Bullets | Quote | Callout | Table | Tiles | Chart | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `made`: the day it says it was made, the only thing not from the data.

    `language` is `zh` or `en`. `running` stands at the head of every page.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    made: date
    language: str = "zh"
    running: str = ""


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide; with `right` in two columns, of which the left takes `split` of the width."""

    title: str
    left: tuple[Block, ...]
    right: tuple[Block, ...] = ()
    split: float = 0.5
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides after a first one with title and subtitle."""

    title: str
    subtitle: str
    slides: tuple[Slide, ...]
    made: date
    language: str = "zh"
    running: str = ""


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with their headings numbered 1, 1.1, 1.1.1; plain ones are not counted."""
    counts = [0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading) or block.plain:
            yield block
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (3 - block.level)
        number = ".".join(str(count) for count in counts[: block.level])
        yield replace(block, number=number)


def spans(text: Text) -> tuple[Span, ...]:
    """The pieces of a text."""
    pieces = (text,) if isinstance(text, str) else text
    return tuple(Span(one) if isinstance(one, str) else one for one in pieces)


def clean(thing: T) -> T:
    """The same without characters that no XML may hold, in whatever texts are in it."""
    made: Any = thing
    if isinstance(thing, StrEnum):
        return thing
    if isinstance(thing, str):
        made = FORBIDDEN.sub("", thing)
    elif isinstance(thing, tuple):
        made = tuple(clean(one) for one in thing)
    elif is_dataclass(thing) and not isinstance(thing, type):
        values = {one.name: clean(getattr(thing, one.name)) for one in fields(thing)}
        made = replace(thing, **values)
    return cast("T", made)


def plain(text: Text) -> str:
    """Without how it looks."""
    return "".join(span.text for span in spans(text))
