"""Texts of the page of rules: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

RULE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_rules": ("规则", "Rules"),
    "rules_note": (
        "有建议的在前；准确率 = 命中后人工确认的比例，括号内为 95% 区间；点击查看命中的通话",
        "Those with a suggestion first; precision: hits that people confirmed, in brackets its 95 %"
        " interval; a click shows the calls",
    ),
    "rules_method": (
        "建议只在区间上限仍低于界限（确认比例 80%、50%）且已判定 20 次以上时给出；"
        "趋势比较最近 30 天与此前 30 天，只标出 99% 水平上的变化。"
        "改动前请用 callqa rules backtest 在已存通话上回测。",
        "A suggestion needs 20 decided hits and an interval that ends below the limit (80 %, 50 %"
        " confirmed); the trend compares the last 30 days with the 30 before and shows what chance"
        " does not explain at 99 %. Before a change try it with callqa rules backtest.",
    ),
    "tile_rules_judged": ("有判定的规则", "Rules that people judged"),
    "note_rules_judged": ("共 {n} 条", "of {n}"),
    "tile_rules_precision": ("总体准确率", "Precision of all hits"),
    "note_rules_precision": (
        "95% 区间 {low}–{high}，{n} 次判定",
        "95 %: {low}–{high}, {n} decided",
    ),
    "tile_rules_advice": ("有建议", "With a suggestion"),
    "note_rules_advice": ("看例子再改", "Look at examples first"),
    "col_hits": ("命中", "Hits"),
    "col_decided": ("确认 / 驳回", "Confirmed / rejected"),
    "col_added": ("人工补充", "Added"),
    "col_precision": ("准确率", "Precision"),
    "col_trend": ("趋势", "Trend"),
    "col_advice_rule": ("建议", "Suggestion"),
}
