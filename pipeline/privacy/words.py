"""Which Chinese characters make a word and which a person's name.

Words are those of jieba's dictionary that it does not tag as names; it is read when a name is first
looked for (0.3 s).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LONGEST_WORD = 4
# Without rare surnames that are everyday words (和, 向, 时, 从 …): they would find more words than
# people.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程魏苏"
    "吕丁任卢姚沈钟姜崔谭陆汪石付傅贾范金韦夏廖侯熊孟秦白江阎薛尹雷黎史龙陶贺毛郝顾龚邵万钱严"
    "赖覃洪武莫孔汤常温康施牛樊葛邢安齐易乔庞颜倪庄聂章鲁岳翟殷詹欧耿关兰焦俞左柳甘祝包宁尚符"
    "舒阮柯纪梅童凌毕单裴霍涂成苗曲盛冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶牟艾尤阳穆农司卓古吉"
    "缪简车项连芦麦褚娄窦戚岑党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬郎谷隋项池仇苑"
)
COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳"
    "|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|令狐|百里|呼延|东郭|西门|南门"
)
FAMILY = rf"(?:{COMPOUND}|[{SURNAMES}])"
# No name ends in these, nor holds them: what comes behind a name in speech.
_NOT_GIVEN = frozenset(
    "的了是在有和就给我您你他她它这那要能可到说吗呢吧啊呀哦嗯么嘛女号码电手身证卡钱款也都不没还再又很"
    "最更被把帮让请问从向跟与或及但而且如果因为所什怎哪谁几多少办买卖户姓叫住昨"
)
_TITLES = frozenset(
    re.findall(
        r"\w+",
        "先生 小姐 太太 经理 主任 老师 师傅 总监 同志 医生 大夫 律师 阿姨 叔叔 大姐 大哥 "
        "大爷 大妈 老板 姐姐 哥哥 银行 保险 证券 财富 人寿 基金 公司 支行 客服",
    )
)
# Behind these characters stood the name of a product.
_PRODUCT = re.compile(r"意外|重疾|医疗|年金|[险宝]|计划|产品|借条|理财|[一二三]号|金服|财富")
EVERYDAY = 500  # how often the dictionary counted a "name" that is a word too: 谢谢, 周转, 许可
_COMPOUND = re.compile(COMPOUND)


@cache
def _words() -> frozenset[str]:
    """Words of two to four characters, names left out."""
    spec = find_spec("jieba")  # its dictionary only: importing it takes longer
    assert spec is not None  # a dependency of this project
    assert spec.origin is not None
    lines = Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split() for line in lines)
    return frozenset(
        word
        for word, times, tag in entries
        if 2 <= len(word) <= LONGEST_WORD and (not tag.startswith("nr") or int(times) >= EVERYDAY)
    )


def is_word(text: str) -> bool:
    """Whether these characters are a word, not only a name."""
    return text in _words()


def name_at(text: str, start: int, *, sure: bool = False) -> int:
    """The end of the person's name that begins at a position of a text; `start` if none does.

    Of a longer and a shorter reading the longer one, unless its last character belongs to what
    follows (我叫张伟身份证…). `sure`: something says that a name stands here (我叫 …), so that its
    beginning may be a word (我叫高兴旺), though not all of it.
    """
    if start >= len(text):
        return start
    if not sure and any(is_word(text[max(start - n, 0) : start + 1]) for n in (1, 2) if n <= start):
        return start
    head = 2 if _COMPOUND.match(text, start) else 1
    if head == 1 and text[start] not in SURNAMES:
        return start
    if text[start + head : start + head + 2] in _TITLES:
        return start
    for given in (2, 1):
        end = start + head + given
        name = text[start:end]
        if len(name) < head + given or _is_no_given_name(name[head:]):
            continue
        again = name[-1] in name[:head] and text[end : end + 2] in ("先生", "女士", "小姐")
        if again or name[0] == name[1] or _PRODUCT.match(text, end):  # 韩雪韩女士, 谢谢…, 安行险
            continue
        begins_a_word = not sure and head == 1 and is_word(name[:2])
        if not is_word(name) and not begins_a_word and not is_word(text[end - 1 : end + 1]):
            return end
    return start


def _is_no_given_name(given: str) -> bool:
    strange = any(c in _NOT_GIVEN or not "\u4e00" <= c <= "\u9fff" for c in given)
    return strange or given in _TITLES
