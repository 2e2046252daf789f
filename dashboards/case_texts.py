"""Texts of the case library and of what is taken out of a call: key → (Chinese, English)."""

from __future__ import annotations

from typing import Final

CASE_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_cases": ("案例库", "Cases"),
    # ── a call's page ──
    "tab_passages": ("案例与导出", "Cases and export"),
    "passage_about": ("问题依据", "Evidence"),
    "passage_free": ("自选片段", "A passage of my choice"),
    "passage_first": ("从", "From"),
    "passage_last": ("到", "To"),
    "passage_quote": ("引用原文", "What is quoted"),
    "passage_note": (
        "{time}　隐私信息、坐席姓名和工号已遮盖",
        "{time}　Private data and the agent's name and number are masked",
    ),
    "passage_chat": ("文字会话", "text chat"),
    "clip_margin": ("前后各多留（秒）", "Seconds around it"),
    "clip_take": ("下载录音片段", "Download the clip"),
    "clip_help": (
        "隐私信息已静音；下载记入审计记录",
        "Private data is silenced; the download is noted in the audit trail",
    ),
    "form_take": ("打开质检单", "Open the form"),
    "form_take_help": (
        "可打印（A4）或另存；打开记入审计记录",
        "To print (A4) or to save; opening it is noted in the audit trail",
    ),
    "case_add": ("加入案例库", "Add to the case library"),
    "case_kind": ("示例类型", "Kind"),
    "case_title": ("标题", "Title"),
    "case_title_hint": ("不写姓名、工号", "No names, no staff numbers"),
    "case_why": ("为什么重要", "Why it matters"),
    "case_answer": ("统一答复口径", "The agreed answer"),
    "case_tags": ("标签", "Tags"),
    "case_tags_hint": ("选择或输入新标签", "Choose or type"),
    "case_point": ("控制点", "Control point"),
    "case_save": ("保存案例", "Save the case"),
    "case_saved": ("已存为案例 {n}", "Saved as case {n}"),
    "case_need": (
        "请填写标题、为什么重要和统一答复口径",
        "Give a title, why it matters and the answer",
    ),
    "cases_of_call": ("本通话的案例", "Cases made of this call"),
    # ── the library ──
    "cases_note": ("共 {n} 个；点击查看、听录音", "{n}; click to read and hear one"),
    "cases_first": (
        "显示最近 {n} 个，请用筛选缩小范围",
        "The latest {n} are shown; narrow it down",
    ),
    "cases_none": (
        "还没有案例。在通话页“案例与导出”中选一段话，即可加入案例库。",
        "No cases yet. Choose a passage under “Cases and export” on a call's page to add one.",
    ),
    "cases_no_match": ("没有符合条件的案例", "No case fits"),
    "cases_search": ("搜索标题、原文、口径、标签", "Words in titles, quotes, answers, tags"),
    "cases_kind_any": ("全部", "All"),
    "cases_kind_good": ("好示例", "Good"),
    "cases_kind_bad": ("反面示例", "Bad"),
    "cases_retired": ("已停用", "Retired"),
    "cases_back": ("返回案例库", "Back to the library"),
    "case_unknown": ("没有案例 {n}", "There is no case {n}"),
    "case_by": ("{who} 于 {when} 添加", "Added by {who}, {when}"),
    "case_changed": ("第 {n} 版：{who}，{when}", "Version {n}: {who}, {when}"),
    "case_retired": ("已停用：{why}（{who}，{when}）", "Retired: {why} ({who}, {when})"),
    "case_open_call": ("打开通话 {id}", "Open call {id}"),
    "case_not_yours": (
        "为保护同事隐私，录音和通话只对有权查看该通话的人开放",
        "To protect colleagues, sound and call are open only to those who have this call",
    ),
    "case_edit": ("修改", "Edit"),
    "case_new_version": ("保存为新版本", "Save as a new version"),
    "case_changed_done": ("已保存新版本", "A new version was saved"),
    "case_retire": ("停用", "Retire"),
    "case_retire_why": ("停用原因", "Why it is used no more"),
    "case_retired_done": ("已停用", "Retired"),
    "case_history": ("历史版本 {n}", "Versions: {n}"),
    "col_case": ("案例", "Case"),
    "col_title_answer": ("标题与统一答复口径", "Title and agreed answer"),
    "col_tags": ("标签", "Tags"),
    "col_made": ("添加", "Added"),
}
