"""A document and a deck with every kind of block."""

from __future__ import annotations

from datetime import date

from pipeline.documents import (
    Align,
    Bullets,
    Callout,
    Chart,
    ChartKind,
    Deck,
    Document,
    Heading,
    Look,
    PageBreak,
    Paragraph,
    Quote,
    Series,
    Slide,
    Span,
    Table,
    Tile,
    Tiles,
)

MADE = date(2026, 11, 23)
LINES = Chart(
    ChartKind.LINES, "近三周", ("W45", "W46", "W47"),
    (Series("本条", (0.05, 0.11, 0.14)), Series("其他", (0.09, None, 0.07))), "0%", "上升",
)  # fmt: skip
BARS = Chart(ChartKind.BARS, "通话数", ("未提示风险", "打断客户"), (Series("本周", (34, 20)),))
TABLE = Table(
    ("问题", "本周"), (("未提示风险", (Span("34", bold=True),)), ("打断客户", "20")),
    (4, 1), (Align.LEFT, Align.RIGHT),
)  # fmt: skip
QUOTE = Quote(
    (("坐席", "没有风险的。"), ("客户", "那好。")),
    ("通话 ", Span("c-1", link="http://127.0.0.1:8501/call?call=c-1")),
)
BLOCKS = (
    Paragraph("本周检查通话 412 通。", Look.LEAD),
    Tiles((Tile("通话", "412", "上周 398"), Tile("合格率", "87.4%"))),
    Heading("共性问题"),
    Heading("未提示风险", 2),
    QUOTE,
    Callout("统一答复口径", "本产品不保本。"),
    Bullets(("全员：早会。", "单独：一对一。")),
    LINES,
    PageBreak(),
    Heading("附录"),
    TABLE,
    BARS,
    Paragraph("规则包 wealth 1.2", Look.NOTE),
)


def a_document(language: str = "zh") -> Document:
    """With every kind of block."""
    return Document("服务质量周报", "2026-W47", BLOCKS, MADE, language, "周报")


def a_deck(*slides: Slide) -> Deck:
    """The slides given, or two of every kind of block."""
    own = (
        Slide("概况", BLOCKS[:2]),
        Slide("问题一", (QUOTE, *BLOCKS[5:7]), (LINES,), 0.6, "讲稿"),
    )
    return Deck("服务质量周报", "2026-W47", slides or own, MADE)
