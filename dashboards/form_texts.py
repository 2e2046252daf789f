"""Texts of a call's form (质检单): key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

FORM_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "form_title": ("通话质检单", "Call inspection form"),
    "form_made": ("制表：{who}　{when}", "Made by {who}, {when}"),
    "form_call": ("通话编号", "Call"),
    "form_time": ("通话时间", "Held at"),
    "form_agent": ("坐席", "Agent"),
    "form_team": ("班组", "Team"),
    "form_line": ("业务条线", "Line"),
    "form_kind": ("渠道", "Channel"),
    "form_length": ("时长", "Length"),
    "form_customer": ("客户编号", "Customer"),
    "form_pack": ("规则包", "Rule pack"),
    "form_machine": ("机器评分", "Machine's score"),
    "form_effective": ("有效结果", "Result that counts"),
    "form_as_machine": ("（未经人工复核）", " (nobody has reviewed it)"),
    "form_card": ("考评表", "Scorecard"),
    "form_findings": ("问题与依据", "Findings and evidence"),
    "form_none": ("未发现问题", "No problems were found"),
    "form_corrected": ("更正的识别文字", "Corrected turns"),
    "form_items": ("人工评定项目", "What people judged"),
    "form_item": ("项目", "Item"),
    "form_level": ("评定", "Level"),
    "form_by": ("评定人", "By"),
    "form_open": ("未评定", "open"),
    "form_whole": ("整通意见", "On the call as a whole"),
    "form_sign_inspector": ("质检员签字", "Inspector"),
    "form_sign_agent": ("坐席签字", "Agent"),
    "form_sign_leader": ("班长签字", "Leader"),
    "form_sign_supervisor": ("主管签字", "Supervisor"),
    "form_note": (
        "文字中的个人信息已遮盖（＊）。本单含内部考评内容，请按保密规定保管；通话被删除后，已导出的文件须自行销毁。",
        "Private data in the text is masked (*). This form is internal: keep it confidential, and"
        " destroy it when its call is erased.",
    ),
}
