"""Texts of corrections of misheard turns: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

CORRECTION_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "correct": ("更正识别文字", "Correct what was misheard"),
    "correct_help": (
        "写下实际说的话；隐私信息会自动遮盖（已遮盖的保留 *）。规则随即按更正后的文字重新检查，"
        "已复核或申诉中的问题不变。",
        "Write what was really said; private data is masked by itself (leave the * as they are)."
        " The rules look at the corrected text at once; what was decided or is under appeal stays.",
    ),
    "correct_turn": ("哪一句", "Which turn"),
    "correct_text": ("实际说的话", "What was said"),
    "correct_save": ("保存更正", "Save the correction"),
    "correct_back": ("恢复识别原文", "Back to the recogniser's text"),
    "correct_done": ("已更正", "Corrected"),
    "correct_undone": ("已恢复识别原文", "The recogniser's text is back"),
    "correct_need": ("请选择一句话", "Choose a turn"),
    "corrected_turn": ("已更正（{who}），识别原文", "Corrected ({who}); recognised as"),
    "corrected_result": (
        "更正后重新检查：机器评分 {before} → {after}",
        "Checked again after corrections: machine's score {before} → {after}",
    ),
    "corrected_unchecked": (
        "文字已更正，但评分时的规则包已不在，问题仍按识别原文；请运维重新评分（callqa rescore）",
        "The text is corrected, but the rule pack of this score is no longer here: findings are of"
        " the recognised text until somebody runs callqa rescore",
    ),
    "correction_line": ("更正第 {n} 句", "Corrected turn {n}"),
    "correction_back_line": ("恢复第 {n} 句识别原文", "Turn {n} as recognised again"),
}
