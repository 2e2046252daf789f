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
        "改动前请在已存通话上回测（本页“回测”，或 callqa rules backtest）。",
        "A suggestion needs 20 decided hits and an interval that ends below the limit (80 %, 50 %"
        " confirmed); the trend compares the last 30 days with the 30 before and shows what chance"
        " does not explain at 99 %. Try a change first (Back-test, or callqa rules backtest).",
    ),
    "tile_rules_judged": ("有判定的规则", "Rules that people judged"),
    "note_rules_judged": ("共 {n} 条", "of {n}"),
    "tile_rules_precision": ("总体准确率", "Precision of all hits"),
    "note_rules_precision": (
        "95% 区间 {low}–{high}，{n} 次判定",
        "95 %: {low}–{high}, {n} decided",
    ),
    "note_nothing_decided": ("还没有人工判定", "Nothing decided yet"),
    "tile_rules_advice": ("有建议", "With a suggestion"),
    "note_rules_advice": ("看例子再改", "Look at examples first"),
    "tab_rule_records": ("判定情况", "Records"),
    "rule_examples": ("例子", "Examples"),
    "rule_examples_note": (
        "一条规则最近的命中；点击到通话中的位置",
        "The latest hits of a rule; a click leads to the moment",
    ),
    "rule_examples_choose": ("选择一条规则", "Choose a rule"),
    "col_quote": ("原话、理由", "Words, reason"),
    "col_people_said": ("人工判定", "Decided"),
    "col_verdict": ("判定", "Verdict"),
    "col_place": ("位置", "At"),
    "backtest": ("回测", "Back-test"),
    "backtest_note": (
        "在已存通话上试改过的规则包，不改动任何结果",
        "A changed pack tried on stored calls; no result is touched",
    ),
    "backtest_pack": ("规则包文件", "The pack's file"),
    "backtest_since": ("从哪天的通话起", "Calls from this day on"),
    "backtest_go": ("开始回测", "Try it"),
    "backtest_going": ("正在回测…", "Trying…"),
    "backtest_done": ("回测完成", "Tried"),
    "backtest_failed": ("回测没有完成", "It could not be tried"),
    "backtest_changed": ("会变化的通话", "Calls that would change"),
    "backtest_changed_note": ("{pack}", "{pack}"),
    "backtest_newly": ("新增不通过", "Newly failed"),
    "backtest_no_longer": ("不再不通过", "No longer failed"),
    "backtest_same": ("没有任何变化", "Nothing would change"),
    "backtest_examples": ("会变化的判定", "Verdicts that would change"),
    "backtest_examples_note": ("变化后的理由", "With the new reason"),
    "backtest_calls": ("变化最大的通话", "Calls that would change most"),
    "backtest_absent": ("无此规则", "no such rule"),
    "col_hits": ("命中", "Hits"),
    "col_decided": ("确认 / 驳回", "Confirmed / rejected"),
    "col_added": ("人工补充", "Added"),
    "col_precision": ("准确率", "Precision"),
    "col_trend": ("趋势", "Trend"),
    "col_advice_rule": ("建议", "Suggestion"),
}
