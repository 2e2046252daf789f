"""A briefing as a document: two pages that are read aloud, then an annex for the trainer.

The first pages name no agent: who is to be trained alone stands in the annex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from string import ascii_letters
from urllib.parse import urlencode

from pipeline.briefing import saying
from pipeline.briefing.content import Briefing, GoodExample, Item
from pipeline.briefing.figures import problem_chart, weeks_chart, weeks_table
from pipeline.briefing.saying import one_digit, percent, share
from pipeline.briefing.suggesting import FEW_CALLS, FEW_WITH, FEWEST
from pipeline.briefing.words import Words
from pipeline.documents import (
    Align,
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Look,
    PageBreak,
    Paragraph,
    Quote,
    Span,
    Table,
    Text,
    Tile,
    Tiles,
)
from pipeline.documents.fit import width_in_ems
from pipeline.domain import Moment, Problem

FRONT, LISTED, QUOTES = (
    5,
    8,
    3,
)  # problems told on the first pages, ranked there, quotes in the annex
CLIP = {"why": 96, "said": 70, "answer": 130, "line": 70}  # Han characters wide, first pages
R, C = Align.RIGHT, Align.CENTER
WORD = re.compile("[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Export:
    """How a briefing is handed on. `address`: of the dashboard, for links to moments; empty: none.

    `clips`: file in the bundle by call and segment.
    """

    language: str
    made: date
    address: str = ""
    clips: Mapping[tuple[str, int], str] = field(default_factory=dict)


def document(briefing: Briefing, export: Export) -> Document:
    """The same content, language and day give the same document."""
    words = Words(export.language)
    maker = Maker(briefing, words, export)
    blocks = (*maker.front(), PageBreak(), *maker.annex())
    subtitle = saying.subtitle(words, briefing)
    return Document(words("title"), subtitle, blocks, export.made, words.language, words("title"))


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the blocks of one briefing; the slides take theirs from it too."""

    briefing: Briefing
    words: Words
    export: Export

    # ── to be read aloud ─────────────────────────────────────────────────────────────────────────

    def front(self) -> Iterator[Block]:
        """The first two pages."""
        text = self.briefing.text
        if text.comment:
            yield Paragraph(text.comment, Look.LEAD)
        yield Paragraph(saying.lead(self.words, self.briefing.headline), Look.LEAD)
        yield self.tiles()
        yield from self.flagged()
        if self.briefing.outcomes:
            yield Heading(self.words("outcomes"))
            yield Bullets(self.outcomes(named=False))
        yield Heading(self.words("problems"))
        if not self.briefing.shown:
            yield Paragraph(self.words("none"))
            yield from self.gone_in_short()
            return
        yield self.ranking()
        yield from self.gone_in_short()
        for item in self.briefing.shown[:FRONT]:
            yield from self.told(item)
        yield Heading(self.words("actions"))
        yield Bullets(self.actions(named=False))
        yield Heading(self.words("good"))
        yield Bullets(self.good_lines()[:2])

    def flagged(self) -> Iterator[Paragraph]:
        """Calls in which a model reads a complaint, in a line of its own."""
        said = saying.flagged(self.words, self.briefing.headline)
        if said:
            yield Paragraph((Span(self._label("flagged"), bold=True), said))

    def tiles(self) -> Tiles:
        """The headline figures."""
        head = self.briefing.headline
        now, before, known = head.now, head.before, bool(head.before.calls)
        rows: list[tuple[str, str, str, int | None]] = [
            ("calls", str(now.calls), str(before.calls), None),
            ("pass_rate", percent(now.pass_rate), percent(before.pass_rate), head.passed),
            ("mean", one_digit(now.scores.mean), one_digit(before.scores.mean), head.mean),
            ("vetoed", str(now.vetoed), str(before.vetoed), head.vetoed),
        ]
        if now.complaints is not None:
            last = "—" if before.complaints is None else str(before.complaints)
            rows.append(("complaints", str(now.complaints), last, head.complaints))
        return Tiles(
            tuple(
                Tile(self.words(key), value, saying.against(self.words, last, change, known=known))
                for key, value, last, change in rows
            )
        )

    def ranking(self) -> Table:
        """The problems by what they cost."""
        w = self.words
        rows = [
            (
                str(number), saying.named(w, item.problem), str(item.problem.calls),
                percent(share(item.problem.calls, item.problem.of)),
                saying.trend_of(w, item.problem), cut(saying.short_training(w, item), 24),
            )
            for number, item in enumerate(self.briefing.shown[:LISTED], 1)
        ]  # fmt: skip
        head = tuple(w(key) for key in ("rank", "problem", "in_calls", "share", "trend", "train"))
        return Table(head, tuple(rows), (0.7, 5, 1.2, 1.4, 1.5, 2.4), (C, Align.LEFT, R, R, C, C))

    def gone_in_short(self) -> Iterator[Paragraph]:
        """What is in no call any more, in a line."""
        said = saying.gone_in_short(self.words, self.briefing)
        if said:
            yield Paragraph((Span(self._label("gone_title"), bold=True), said), Look.NOTE)

    def told(self, item: Item) -> Iterator[Block]:
        """One problem, shortly: why, what was said, the answer, the training."""
        w = self.words
        yield Heading(saying.name_of(w, item.problem), 2)
        yield Paragraph(self.reasons(item, CLIP["why"]))
        if item.problem.moments:
            yield self.quote(item.problem.moments[0], CLIP["said"])
        yield Callout(w("agreed"), cut(saying.agreed(w, item), CLIP["answer"]))
        yield Paragraph(self.training_line(item))

    def reasons(self, item: Item, longest: int) -> Text:
        """Figures and why it matters."""
        why = saying.why(self.words, item)
        parts: list[str | Span] = [saying.numbers(self.words, item.problem), " "]
        if why:
            parts += [Span(self._label("why"), bold=True), cut(why, longest)]
        return tuple(parts)

    def training_line(self, item: Item) -> Text:
        """For whom training is suggested, naming no agent."""
        said = saying.training(self.words, item, named=False)
        alone = any(one.whom == "agent" for one in item.training) and not item.text.training
        annex = self.words("see_annex") if alone else ""
        between = "; " if self.words.language == "en" else "；"
        return Span(self._label("training"), bold=True), between.join(said) + annex

    def actions(self, *, named: bool) -> tuple[Text, ...]:
        """What is going to be done."""
        found = tuple(
            saying.action(self.words, one, named=named) for one in self.briefing.text.actions
        )
        return found or (self.words("actions_none"),)

    def outcomes(self, *, named: bool) -> tuple[Text, ...]:
        """What became of the last week's actions."""
        return tuple(saying.outcome(self.words, one, named=named) for one in self.briefing.outcomes)

    # ── quotes and examples ──────────────────────────────────────────────────────────────────────

    def quote(self, moment: Moment, longest: int = 10_000) -> Quote:
        """What was said at a moment, and where that is."""
        who = self.words.of("role", moment.role)
        source = self.source(moment.call_id, moment.segment, saying.place(moment))
        return Quote(((who, cut(moment.quote, longest)),), source)

    def source(self, call_id: str, segment: int | None, at: str) -> Text:
        """A call and a moment, as a link where the dashboard's address is known."""
        said = self.words("source", call=call_id, at=at).strip()
        parts: list[str | Span] = [Span(said, link=self._link(call_id, segment))]
        clip = self.export.clips.get((call_id, -1 if segment is None else segment))
        if clip:
            parts += ["  ", Span(self.words("clip", clip=clip), link=clip)]
        return tuple(parts)

    def _link(self, call_id: str, segment: int | None) -> str:
        if not self.export.address:
            return ""
        asked = {"id": call_id} | ({} if segment is None else {"segment": str(segment)})
        return f"{self.export.address.rstrip('/')}/call?{urlencode(asked)}"

    def good_lines(self) -> tuple[Text, ...]:
        """Good examples, a line each."""
        found = tuple(cut(self._good(one), CLIP["line"]) for one in self.briefing.good)
        return found or (self.words("good_none"),)

    def _good(self, one: GoodExample) -> str:
        if one.case is not None:
            between = ": " if self.words.language == "en" else "："
            return f"{one.title}{between}{one.why}" if one.why else one.title
        return self.words(
            "good_call", rule=one.rule_title, score=one_digit(one.score), who=one.reviewer
        )

    # ── the annex ────────────────────────────────────────────────────────────────────────────────

    def annex(self) -> Iterator[Block]:
        """For the trainer: every problem in full, examples, figures, what it stands on."""
        w = self.words
        yield Heading(w("annex"))
        for item in self.briefing.shown:
            yield from self._in_full(item)
        if self.briefing.gone:
            yield Heading(w("gone_title"), 2)
            yield Bullets(tuple(saying.gone(w, one) for one in self.briefing.gone))
        yield from self._examples()
        if self.briefing.outcomes:
            yield Heading(w("outcomes"), 2)
            yield Bullets(self.outcomes(named=True))
            yield Paragraph(w("outcome_note"), Look.NOTE)
        if self.briefing.text.actions:
            yield Heading(w("actions"), 2)
            yield Bullets(self.actions(named=True))
        yield Heading(w("annex_weeks"), 2)
        yield weeks_chart(w, self.briefing.headline)
        yield weeks_table(w, self.briefing.headline)
        yield Heading(w("basis"), 2)
        yield Bullets(tuple(self.basis()))

    def _in_full(self, item: Item) -> Iterator[Block]:
        w, problem = self.words, item.problem
        yield Heading(saying.named(w, item.problem), 2)
        yield Paragraph(self.reasons(item, 10_000))
        if item.text.note:
            yield Paragraph((Span(self._label("note"), bold=True), item.text.note))
        if len(problem.weeks) > 1 and problem.calls >= FEWEST:
            yield problem_chart(w, problem)
        signs = saying.hints(w, self.briefing, problem)
        if signs:
            yield Paragraph(w("hints"), Look.CAPTION)
            yield Bullets(tuple(signs))
        for moment in problem.moments[:QUOTES]:
            yield self.quote(moment)
        yield Callout(w("agreed"), self._answer(item))
        yield Paragraph(w("training"), Look.CAPTION)
        yield Bullets(tuple(saying.training(w, item, named=True)))
        yield from self._agents(problem)

    def _answer(self, item: Item) -> Text:
        origin = saying.agreed_from(self.words, item)
        said = saying.agreed(self.words, item)
        return (said, Span(f"  〔{origin}〕", muted=True)) if origin else said

    def _agents(self, problem: Problem) -> Iterator[Block]:
        w = self.words
        head = tuple(w(key) for key in ("agent", "own_calls", "of_calls", "share", "beyond"))
        rows = tuple(
            (
                f"{one.name}（{one.key}）" if one.name != one.key else one.key, str(one.calls),
                str(one.of), percent(share(one.calls, one.of)), w("yes" if one.excess else "no"),
            )
            for one in problem.agents
            if one.of >= FEW_CALLS and one.calls >= FEW_WITH
        )  # fmt: skip
        if not rows:
            return
        yield Paragraph(w("who"), Look.CAPTION)
        yield Table(head, rows, (3, 2, 2, 2, 2), (Align.LEFT, R, R, R, C))
        yield Paragraph(w("who_note", of=FEW_CALLS), Look.NOTE)

    def _examples(self) -> Iterator[Block]:
        w = self.words
        yield Heading(w("good"), 2)
        if not self.briefing.good:
            yield Paragraph(w("good_none"))
        for one in self.briefing.good:
            yield Paragraph((Span(self._good(one), bold=True),))
            turns = tuple((w.of("role", role), said) for role, said in one.turns)
            source = self._where(one)
            if turns:
                yield Quote(turns, source)
            elif source:
                yield Paragraph(source, Look.NOTE)

    def _where(self, one: GoodExample) -> Text:
        if not one.call_id:
            return ""
        at = "" if one.start is None else f"{int(one.start // 60):02}:{int(one.start % 60):02}"
        agent = self.words("good_by", agent=one.agent) if one.agent else ""
        return (*self.source(one.call_id, one.segment, at), "  ", agent)

    def basis(self) -> Iterator[str]:
        """Calls, packs, models and versions behind it, and who edited it."""
        w, known, now = self.words, self.briefing.basis, self.briefing.headline.now
        yield w("basis_calls", calls=now.calls, heard=now.heard)
        yield w("basis_pass", score=f"{known.pass_score:g}")
        yield w("basis_test")
        for key, counts in (("packs", known.packs), ("models", known.models)):
            said = [f"{name or w('no_model')}: {calls}" for name, calls in counts]
            yield f"{self._label(key)}{'; '.join(said)}"
        if known.readers:
            said = [f"{w(f'reader_{kind}', model=m)}: {calls}" for kind, m, calls in known.readers]
            yield f"{self._label('readers')}{'; '.join(said)}"
        results = "; ".join(f"{name}: {calls}" for name, calls in known.versions)
        yield f"{self._label('code')}{w('code_now', version=known.code, results=results)}"
        edited = self.briefing.edited
        yield w("edited", who=edited.who, at=edited.at) if edited else w("not_edited")

    def _label(self, key: str) -> str:
        return self.words(key) + (": " if self.words.language == "en" else "：")


def cut(text: str, longest: int) -> str:
    """On the first pages: as wide as so many Han characters; the whole text stands in the annex."""
    if width_in_ems(text) <= longest:
        return text
    kept = text[: next(n for n in range(len(text)) if width_in_ems(text[: n + 1]) > longest - 1)]
    if WORD.match(kept[-1:]) and WORD.match(text[len(kept)]):
        kept = kept.rstrip(ascii_letters) or kept  # no half words
    return f"{kept.rstrip('，。；、,.; ')}…"
