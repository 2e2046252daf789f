"""Names told otherwise than as a surname with one or two characters behind it.

With a dot (阿依古丽·买买提), in Latin letters, in pieces (姓欧阳，单名一个静字), as an everyday
word (我叫高兴), or by the words that their characters stand in (章程的章，怡情的怡).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.privacy.words import FAMILY, may_be_called

_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,6}[·•・][\u4e00-\u9fff]{2,8}")
_LATIN = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][a-z]+(?:\s[A-Z][a-z]+){1,2}|[A-Z]{2,}\s[A-Z]{2,})(?![A-Za-z])"
)
_OF_A_NAME = re.compile(r"拼音|姓名|名字|被保人|被保险人|投保人|受益人|联系人|户名|称呼|叫|护照")
_GIVEN_ONLY = re.compile(r"单名(?:就?是|叫)?(?:一个|个)?(?P<given>[\u4e00-\u9fff])字?")
_FAMILY_SAID = re.compile(rf"姓(?P<family>{FAMILY})")
# 雪晴，下雪的雪: what is explained by words that it stands in.
_EXPLAINED = re.compile(
    r"(?P<given>(?!姓)(?P<one>[\u4e00-\u9fff])(?P<two>[\u4e00-\u9fff]))[,，\s]{1,2}"
    r"(?:(?P=one)是?[\u4e00-\u9fff]{1,4}的?(?P=one)|[\u4e00-\u9fff]{0,3}(?:(?P=one)[\u4e00-\u9fff]{0,3}的"
    r"(?P=one)|(?P=two)[\u4e00-\u9fff]{0,3}的(?P=two)))"
)
_BY_WORDS = re.compile(
    r"(?:[\u4e00-\u9fff]{0,3}(?P<a>[\u4e00-\u9fff])[\u4e00-\u9fff]{0,3}的(?P=a)[,，、\s]{1,2}"
    r"[\u4e00-\u9fff]{0,3}(?P<b>[\u4e00-\u9fff])[\u4e00-\u9fff]{0,3}的(?P=b)"
    r"(?:[,，、\s]{1,2}[\u4e00-\u9fff]{0,3}(?P<c>[\u4e00-\u9fff])[\u4e00-\u9fff]{0,3}的(?P=c))?)"
)
_FULL_CLAUSE = re.compile(
    r"(?:我叫|我?本人叫|户名[是叫]|姓名[是叫]|名字[是叫]|全名[是叫])[\s,，]*"
    r"(?P<name>[\u4e00-\u9fff]{2,4})(?=[,，。！!？?\s]|$)"
)
# 向前进，这是她名字
_CALLED_SO = re.compile(
    r"(?:^|[,，。！!？?\s])(?P<name>[\u4e00-\u9fff]{2,4})[,，\s](?:(?:这|那)?(?:就|个)?是?[我他她您]的?(?:名字|全名|大名)|(?:真的?|确实)叫这个)"
)
# Names of other peoples, written as they sound: 阿依努尔买买提, 扎西顿珠.
_SOUNDED = re.compile(
    r"(?:^|[,，。\s]|叫)(?P<name>[阿依努尔买提古丽江迪力夏木尼亚孜热克拜合麦吐逊艾米娜帕祖农扎西卓玛才让顿珠次仁巴特格勒其苏乌云拉旦多吉央宗]{4,10})"
)
_LEAD = re.compile(r"(?:我|叫|是|户名|姓名|名字)*")


def told_names(text: str, *, asked: bool, known: bool = False) -> Iterator[tuple[int, int]]:
    """Where such names stand in a text.

    `asked`: a name was asked for just before; `known`: it is told, so that words explain it only.
    """
    called = "叫" in text
    if called or "名" in text:
        yield from _in_a_clause(text)
    if "·" in text or "•" in text or "・" in text:
        yield from _dotted(text)
    if asked or _OF_A_NAME.search(text):
        for match in _LATIN.finditer(text):
            yield match.span()
    if asked or called:
        for match in _SOUNDED.finditer(text):
            yield match.span("name")
    if "单名" in text:
        yield from _in_pieces(text)
    if asked and not known:
        yield from _explained(text)


def _explained(text: str) -> Iterator[tuple[int, int]]:
    if given := _EXPLAINED.search(text):
        yield given.span("given")
    elif words := _BY_WORDS.search(text):
        yield words.span()


def _in_a_clause(text: str) -> Iterator[tuple[int, int]]:
    for form in (_FULL_CLAUSE, _CALLED_SO):
        for match in form.finditer(text):
            if may_be_called(match["name"]):
                yield match.span("name")


def _dotted(text: str) -> Iterator[tuple[int, int]]:
    for match in _DOTTED.finditer(text):
        lead = _LEAD.match(match[0])
        yield match.start() + (lead.end() if lead else 0), match.end()


def _in_pieces(text: str) -> Iterator[tuple[int, int]]:
    if given := _GIVEN_ONLY.search(text):
        yield given.span("given")
        if family := _FAMILY_SAID.search(text):
            yield family.span("family")
