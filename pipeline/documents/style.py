"""The one style: fonts that are where a document is opened, colours that stay apart in grey.

Fonts are named, not embedded: Microsoft YaHei is on every Windows and with every Office; where it
is missing, programs take another Chinese font by its second name, its character set and its form.
"""

from __future__ import annotations

from typing import Final

CHINESE: Final = "微软雅黑"
CHINESE_ALSO: Final = "Microsoft YaHei"
LATIN: Final = "Arial"
STACK: Final = (
    'Arial, "Microsoft YaHei", "微软雅黑", "PingFang SC", "Hiragino Sans GB", '
    '"Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", SimSun, "宋体", sans-serif'
)

INK: Final = "1F2933"
DARK: Final = "1F3A5F"
MUTED: Final = "5B6770"
LINE: Final = "B8C2CC"
PALE: Final = "EEF2F6"
WHITE: Final = "FFFFFF"
LINK: Final = "1A4F8B"

# series of a chart, told apart in grey: dark, light, middle, black
SERIES: Final = ("1F3A5F", "B8C2CC", "7A8794", "000000")
DASHES: Final = ("solid", "dash", "sysDot", "dashDot")  # of lines
MARKS: Final = ("circle", "square", "triangle", "diamond")

LABELS: Final = {
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "made": ("生成日期 {made}", "Made on {made}"),
    "continued": ("（续）", " (continued)"),
    "gap": ("—", "—"),
    "colon": ("：", ": "),
}


def label(key: str, language: str, **values: object) -> str:
    """A word of the frame of a document."""
    return LABELS[key][1 if language == "en" else 0].format(**values)
