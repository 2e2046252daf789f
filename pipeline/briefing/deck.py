"""A briefing as slides, with what is to be said in their notes."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.briefing import saying
from pipeline.briefing.content import Briefing, Item
from pipeline.briefing.document import Export, Maker, cut
from pipeline.briefing.figures import problem_chart, weeks_chart
from pipeline.briefing.words import Words
from pipeline.documents import (
    Block,
    Bullets,
    Callout,
    Chart,
    ChartKind,
    Deck,
    Look,
    Paragraph,
    Quote,
    Series,
    Slide,
    Span,
    Table,
    plain,
)

TOLD = 5  # problems with a slide of their own


def deck(briefing: Briefing, export: Export) -> Deck:
    """The slides; single agents are not named on any."""
    words = Words(export.language)
    maker = Maker(briefing, words, export)
    return Deck(
        words("title"), saying.subtitle(words, briefing), tuple(_slides(maker)), export.made,
        words.language,
    )  # fmt: skip


def _slides(maker: Maker) -> Iterator[Slide]:
    words, briefing = maker.words, maker.briefing
    yield _headline(maker)
    if briefing.outcomes:
        note = Paragraph(words("outcome_note"), Look.NOTE)
        yield Slide(words("outcomes"), (Bullets(maker.outcomes(named=False)), note))
    if briefing.shown:
        yield Slide(
            words("problems"), (maker.ranking(), *maker.gone_in_short()), (_ranked(maker),), 0.62
        )
    for number, item in enumerate(briefing.shown[:TOLD], 1):
        yield _problem(maker, number, item)
    if briefing.good:
        yield Slide(words("good"), tuple(_good(maker)))
    yield Slide(words("actions"), tuple(_actions(maker)))
    yield Slide(words("basis"), (Bullets(tuple(maker.basis())),))


def _headline(maker: Maker) -> Slide:
    words, briefing = maker.words, maker.briefing
    said = saying.lead(words, briefing.headline)
    blocks: list[Block] = [maker.tiles(), *maker.flagged()]
    if briefing.text.comment:
        blocks.append(Paragraph(briefing.text.comment, Look.LEAD))
    blocks.append(weeks_chart(words, briefing.headline))
    return Slide(words("title"), tuple(blocks), notes=f"{briefing.text.comment}\n{said}".strip())


def _ranked(maker: Maker) -> Chart:
    shown = maker.briefing.shown[:6]
    names = tuple(cut(saying.name_of(maker.words, item.problem), 14) for item in shown)
    calls = tuple(float(item.problem.calls) for item in shown)
    label = maker.words("in_calls")
    return Chart(ChartKind.BARS, label, names, (Series(label, calls),), "0", label)


def _problem(maker: Maker, number: int, item: Item) -> Slide:
    words = maker.words
    left: list[Block] = [Paragraph(maker.reasons(item, 120))]
    if item.problem.moments:
        left.append(maker.quote(item.problem.moments[0], 90))
    left.append(Callout(words("agreed"), saying.agreed(words, item)))
    right: list[Block] = [problem_chart(words, item.problem), Paragraph(maker.training_line(item))]
    signs = saying.hints(words, maker.briefing, item.problem)[:2]
    if signs:
        right += [Paragraph(words("hints"), Look.NOTE), Bullets(tuple(signs))]
    name = saying.name_of(words, item.problem)
    notes = [plain(maker.reasons(item, 10_000)), saying.agreed(words, item), item.text.note]
    notes += saying.training(words, item, named=False)
    return Slide(
        f"{number}. {name}", tuple(left), tuple(right), 0.58,
        "\n".join(note for note in notes if note),
    )  # fmt: skip


def _actions(maker: Maker) -> Iterator[Block]:
    """What was decided; where nothing was, what is suggested."""
    words, briefing = maker.words, maker.briefing
    yield Bullets(maker.actions(named=False))
    if not briefing.text.actions and briefing.shown:
        head = (words("problem"), words("train"))
        rows = tuple(
            (saying.name_of(words, item.problem), saying.short_training(words, item))
            for item in briefing.shown[:TOLD]
        )
        yield Table(head, rows, (3, 2))


def _good(maker: Maker) -> Iterator[Block]:
    words = maker.words
    for one, line in zip(maker.briefing.good[:3], maker.good_lines(), strict=False):
        yield Paragraph((Span(plain(line), bold=True),))
        if one.turns:
            yield Quote(tuple((words.of("role", role), said[:80]) for role, said in one.turns[:2]))
