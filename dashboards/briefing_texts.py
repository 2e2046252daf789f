"""Texts of the briefing's page: key → (Chinese, English). The briefing's own words are its own."""

from __future__ import annotations

from typing import Final

BRIEFING_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_briefing": ("周报", "Briefing"),
    "brief_week": ("周", "Week"),
    "brief_take": ("下载", "Download"),
    "brief_take_help": (
        "内容与本页相同；下载记入审计记录",
        "The same as on this page; the download is noted in the audit trail",
    ),
    "brief_docx": ("Word", "Word"),
    "brief_pptx": ("幻灯片", "Slides"),
    "brief_html": ("网页", "HTML"),
    "brief_md": ("Markdown", "Markdown"),
    "brief_clips": ("Word＋录音片段", "Word with clips"),
    "brief_clips_help": (
        "所引原话前后几秒的录音，隐私信息和报出坐席姓名的话已静音",
        "The seconds around the quotes; private data and turns that name the agent are silent",
    ),
    "brief_clips_there": (
        "所引原话有 {n} 段可以听到。{missing}",
        "{n} of the quotes can be heard. {missing}",
    ),
    "brief_clips_none": (
        "所引原话都没有可用的录音。{missing}",
        "None of the quotes can be heard. {missing}",
    ),
    "brief_clips_missing": ("没有录音的：{why}。", "Without sound: {why}."),
    "brief_clip_chat": ("文字会话 {n} 段", "{n} of text chats"),
    "brief_clip_no_audio": ("以文字稿导入 {n} 段", "{n} that came as transcripts"),
    "brief_clip_missing": ("录音文件不在原处 {n} 段", "{n} whose file is not where it was"),
    "brief_clip_expired": ("录音已到期删除 {n} 段", "{n} whose time was over"),
    "brief_clip_unplaced": (
        "隐私信息无法定位 {n} 段",
        "{n} with private data that cannot be placed",
    ),
    "brief_clip_gone": ("通话已不在 {n} 段", "{n} of calls that are gone"),
    "brief_clips_take": ("下载压缩包", "Download the archive"),
    "brief_read": ("宣读页", "To read aloud"),
    "brief_annex": ("附录", "Annex"),
    "brief_edit": ("编辑", "Edit"),
    "brief_edited": ("{who} 于 {when} 编辑", "Edited by {who}, {when}"),
    "brief_not_edited": ("尚未编辑，内容为系统建议", "Not edited yet: suggestions of the system"),
    "brief_history": ("编辑记录 {n}", "Edits: {n}"),
    "brief_comment": ("本周总评（宣读页第一段）", "Comment on the week (read first)"),
    "brief_place": ("次序", "Place"),
    "brief_hidden": ("不列入", "Leave out"),
    "brief_why": ("为什么重要", "Why it matters"),
    "brief_answer": ("统一答复口径", "The agreed answer"),
    "brief_training": ("培训建议", "Training"),
    "brief_note": ("说明（只在附录）", "Note (annex only)"),
    "brief_whom": ("本周行动：对象", "Action of this week: for"),
    "brief_nobody": ("无", "none"),
    "brief_all": ("全员", "everybody"),
    "brief_team": ("班组", "teams"),
    "brief_agent": ("单独（只在附录列名）", "single agents (named in the annex only)"),
    "brief_who": ("哪些班组或坐席", "Which teams or agents"),
    "brief_what": ("做什么", "What is done"),
    "brief_hint": (
        "留空则采用建议；不写姓名、工号和客户信息",
        "Empty: as suggested. No names, no numbers, nothing about customers",
    ),
    "brief_save": ("保存", "Save"),
    "brief_saved": ("已保存，各格式下载即含此内容", "Saved; every download has it from now on"),
}
