"""Texts of appeals: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

APPEAL_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_appeals": ("申诉", "Appeals"),
    "appeal": ("申诉", "Appeal"),
    "appeal_said": ("申诉理由", "Reason"),
    "appeal_until": (
        "{when} 前可以申诉。先由班长提出意见，再由没有参与过的质检主管裁定；裁定为最终结果。",
        "Until {when}. Your leader gives an opinion, then a supervisor who had no part in it"
        " decides; that is final.",
    ),
    "appeal_late": ("申诉期已于 {when} 结束", "The time for appeals ended at {when}"),
    "appeal_reason": ("理由", "Reason"),
    "appeal_hint": (
        "哪里与录音不符？请写明时间和原话。",
        "What does not match the recording? Give the moment and the words.",
    ),
    "appeal_file": ("提交申诉", "File the appeal"),
    "appeal_why_support": ("班长意见的理由", "Why, as the leader"),
    "appeal_why_uphold": ("裁定理由，申诉人可见", "Why; the agent reads it"),
    "appeal_why_withdraw": ("撤回原因", "Why it is withdrawn"),
    "appeal_done": ("已记录", "Recorded"),
    "appeals_none": (
        "没有申诉。坐席可在自己通话的问题下提出申诉。",
        "No appeals. Agents file them under a finding of their own calls.",
    ),
    "appeals_note": (
        "未结的在前；点击到通话页听取并处理",
        "Open ones first; a click leads to the call, where it is heard and decided",
    ),
    "tile_appeals_open": ("待处理", "Open"),
    "note_appeals_open": ("待班长意见 {n} 件", "{n} wait for the leader"),
    "tile_appeals_upheld": ("申诉成立", "Upheld"),
    "note_appeals_upheld": ("已裁定 {n} 件", "{n} decided"),
    "col_appeal": ("编号", "No."),
    "col_appeal_state": ("状态", "State"),
    "col_reason": ("理由", "Reason"),
    "col_filed": ("提交时间", "Filed"),
    "col_by": ("处理人", "By"),
}
