"""Identifiers said letter by letter, as recognition writes them: `z h a n g 下划线 八八`."""

from __future__ import annotations

import re

from pipeline.text import SPOKEN_DIGITS

_LETTER = r"[A-Za-zＡ-Ｚａ-ｚ]"
_SIGN = r"下划线|下横线|底线|中?横?杠|减号|短横线?|[_.-]|点|dot"
_CASE = r"大写的?|小写的?"
# Atomic: a word is one token or none, else a long text has more ways to be cut than there is time.
_WORD = rf"(?>(?!at(?![A-Za-z])){_LETTER}{{1,24}})"
_TOKEN = rf"(?>{_WORD}|[{SPOKEN_DIGITS}]|{_SIGN}|{_CASE})"
# a 苹果的 a; and what corrects what was said before.
_EXPLAINED = r"[\u4e00-\u9fff]{1,3}的\s?(?:[A-Za-z](?![A-Za-z])|[\u4e00-\u9fff])?"
_GAP = (
    r"(?>[\s,，、。]{0,2}(?:(?:嗯|呃|那个|然后|再|哦不?|不对|不是|就?是|后面|没有\s?[A-Za-z]"
    rf"|{_EXPLAINED})[\s,，。]{{0,2}}){{0,3}})"
)
# Begins with a letter or a digit and ends with one.
IDENTIFIER = (
    rf"(?:(?:{_CASE})\s?)?(?:{_WORD}|[{SPOKEN_DIGITS}])"
    rf"(?:{_GAP}{_TOKEN}){{0,40}}(?<!点)(?<!杠)(?<!线)(?<![写._-])"
)
AT = r"(?:@|＠|艾特|爱特|圈\s?[aAａ诶]|小老鼠|(?<![A-Za-z])at(?![A-Za-z]))"
_DOMAIN = rf"(?:新浪|网易|腾讯|搜狐|雅虎|谷歌|{IDENTIFIER})"
_TOP = r"(?:com|cn|net|org|edu|gov|vip|co|康姆?|炕木|抗姆|扣姆|西恩)"
_DOT = r"[\s,，]{0,2}(?:\.|．|点|dot)[\s,，]{0,2}"
EMAIL = re.compile(
    rf"{IDENTIFIER}{_GAP}{AT}{_GAP}{_DOMAIN}{_DOT}{_TOP}(?:{_DOT}{_TOP})?(?![A-Za-z])", re.I
)
SPELLED = re.compile(rf"(?<![A-Za-z]){IDENTIFIER}(?![A-Za-z])", re.I)
LETTER = re.compile(_LETTER)


def size(text: str) -> int:
    """How many letters and digits an identifier has."""
    return len(re.findall(rf"{_LETTER}|[{SPOKEN_DIGITS}]", text))
