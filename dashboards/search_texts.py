"""Texts of the search page: key → (Simplified Chinese, English)."""

from __future__ import annotations

from typing import Final

SEARCH_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "page_search": ("检索", "Search"),
    "search_words": ("检索内容", "Search for"),
    "search_hint": (
        "词语用空格分开，“完整的一句”加引号，-不要的词",
        'Words; "an exact phrase"; -without this word',
    ),
    "search_sound": ("按读音", "By sound"),
    "search_sound_help": (
        "同音和近音也算：不分声调，zh/z、ch/c、sh/s、n/l、-ng/-n 相同。录音识别写错字时使用。",
        "Also what only sounds alike: tones do not matter, zh and z, n and l, -ng and -n are the"
        " same. For words that the recogniser wrote with other characters.",
    ),
    "search_role": ("说话人", "Said by"),
    "said_by_any": ("任何人", "Anybody"),
    "said_by_agent": ("坐席", "Agent"),
    "said_by_customer": ("客户", "Customer"),
    "filter_channel": ("渠道", "Channel"),
    "filter_direction": ("呼叫方向", "Direction"),
    "search_start": ("查找通话里说过的话", "Find what was said in calls"),
    "search_start_help": (
        "一句话里要有全部词语，最新的通话在前；点击一句，打开通话并定位到那一刻。只检索脱敏后的文字。",
        "All words must be in one sentence; newest calls first. A click opens the call at that"
        " moment. Masked text only.",
    ),
    "search_examples": ("保本 收益|“稳赚不赔”|投诉 -感谢", "保本 收益|“稳赚不赔”|投诉 -感谢"),
    "search_example": ("例如", "For example"),
    "query_empty": ("请输入要查找的词语。", "Type the words to look for."),
    "query_quote": (
        "引号没有成对，请写成“这样的一句”。",
        'A quotation mark has no second one: write "words like this".',
    ),
    "query_excluded": (
        "除了不要的词，还要写上要查找的词。",
        "Say also what to look for, not only what to leave out.",
    ),
    "query_letters": (
        "查找内容里没有文字、字母或数字。",
        "There is no letter, digit or Chinese character in it.",
    ),
    "query_long": ("查找内容太长，最多 {n} 个字。", "That is too long: {n} characters at most."),
    "search_none": ("没有找到", "Nothing was found"),
    "search_none_help": (
        "可以减少词语、放宽筛选，或打开“按读音”。",
        "Fewer words, wider filters, or “By sound” may find it.",
    ),
    "search_count": ("共 {n} 处，第 {first}–{last} 处", "{n} places, {first}–{last}"),
    "search_more": ("{n} 处以上，第 {first}–{last} 处", "More than {n} places, {first}–{last}"),
    "search_terms": ("查找：{terms}", "Looked for: {terms}"),
    "search_without": ("不含：{terms}", "without: {terms}"),
    "search_stopped": (
        "符合词语的句子太多，只查看了较新的部分。请缩小日期、坐席等范围。",
        "Too many sentences hold these words: only the newer part was looked at. Narrow it down by"
        " date, agent or other filters.",
    ),
    "search_deep": (
        "只能翻看最新的 {n} 处，要看更早的请选择日期。",
        "Only the newest {n} can be paged through; choose dates to see older ones.",
    ),
    "search_missing": ("检索索引还没有建立", "There is no search index yet"),
    "search_missing_help": (
        "下次运行质检后会自动建立；也可以请运营人员现在执行：",
        "The next run makes it; the operator can make it now:",
    ),
    "search_outdated": (
        "检索索引正在更新：刚入库的通话可能还查不到。若一直出现，请运营人员执行 callqa search"
        " rebuild。",
        "The search index is being brought up to date: the newest calls may be missing. If this"
        " stays, ask the operator for: callqa search rebuild.",
    ),
    "col_said_by": ("说话人", "Said by"),
    "col_at": ("位置", "At"),
    "col_said": ("原话", "Sentence"),
    "search_turn": ("第 {n} 句", "no. {n}"),
    "search_before": ("上句：{text}", "Before: {text}"),
    "search_after": ("下句：{text}", "After: {text}"),
}
