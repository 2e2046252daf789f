"""Names of customers and third persons, where something says that a name stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit
from pipeline.privacy.words import FAMILY, name_at

_HOLDER = (
    "本人|姓名|名字|户名|户主|开户人|持卡人|账户人|收款人|付款人|汇款人|投保人|被保险人|被保人"
    "|受益人|联系人"
    "|借款人|担保人|共同还款人|收件人|经办人|申请人|委托人|代理人|监护人|法人|机主|车主|业主"
    "|老公|丈夫|老婆|妻子|爱人|太太|先生|父亲|母亲|爸爸|妈妈|我爸|我妈|儿子|女儿|哥哥|姐姐|弟弟"
    "|妹妹|朋友|同事|同学"
)
# Behind these stands a name.
_SAID = re.compile(
    rf"(?:(?:{_HOLDER})(?:的?(?:姓名|名字))?(?:呢|啊|嘛|那)?[,，\s]?(?:就?是|就?叫做?|为"
    rf"|写的?是?|[:：])"
    r"|(?<![叫])(?:叫做?|名叫|名字是)|我(?:就?是|的?名字)|您?(?:全名|大名)(?:是|叫)?)"
    r"[\s,，:：]*(?:嗯|呃|那个)?[\s,，]*"
)
# Or directly behind these.
_HELD = re.compile(
    rf"(?:{_HOLDER}|被保人|孩子|我[姐哥弟妹儿]|我?[叔伯姑舅姨])(?:[,，\s]|是|改成"
    rf"|写成)?(?={FAMILY})"
)
# And these stand behind a full name.
_TITLED = re.compile(
    rf"(?={FAMILY}[\u4e00-\u9fff]{{1,2}}[\s,，]?"
    r"(?:先生|女士|小姐|太太|同志|师傅|阿姨|叔叔|大爷|大妈|本人|您好|你好|收(?:[,，。\s]|$)))"
)
_TWICE = re.compile(  # 周桂芳周女士
    rf"(?=(?P<family>{FAMILY})[\u4e00-\u9fff]{{1,2}}(?P=family)(?:先生|女士|小姐|总|老师))"
)
_IS_IT = re.compile(rf"(?:您|你|请问|这边|那边)(?:就)?是(?:不是)?[\s,，]*(?={FAMILY})")
_ASKS = re.compile(
    r"姓名|名字|怎么称呼|叫什么|贵姓|(?:哪位|谁)(?:啊|呀|呢)?[?？。]?$|您(?:是|姓)(?:哪位|什么)"
    r"|全名"
)
_THING = re.compile(r"产品|理财|保险|基金|股票|活动|这份|这款|这只|名下")
_ANSWER = re.compile(r"(?:[\s,，。.嗯呃啊哦对好的呢那个就是叫我姓名字他她您]|这个|登记的?)*")
_SPELLED = re.compile(  # 张伟，伟大的伟
    rf"(?=(?P<family>{FAMILY})(?P<one>[\u4e00-\u9fff])(?P<two>[\u4e00-\u9fff])?[,，\s]*"
    r"(?:\w{1,3}的(?:(?P=family)|(?P=one)|(?P=two))|弓长|木子|立早|双木|耳东|口天))"
)
_OWN = re.compile(
    r"工号|客服|坐席|客户经理|专员|顾问|为您服务|我是\w{0,8}(?:银行|公司|保险|证券|基金)的?|很高兴"
)
_CUE = (
    rf"叫|名|姓|称呼|哪位|谁|收|孩子|被保人|我[姐哥弟妹儿叔伯姑舅姨]|(?:{_HOLDER})|女士|小姐"
    rf"|[是][\s,，]*{FAMILY}|弓长|木子|立早|耳东"
    rf"|口天|同志|师傅|阿姨|您好|你好"
)


class Name:
    """Full names after 我叫, 姓名是, 请问是 …, before 先生 and 女士, or asked for just before."""

    kind = "name"
    data_class = DataClass.C2
    wordy = True
    cue = _CUE

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Names that something beside them or the question before them gives away."""
        text, done = passage.text, 0
        for start, sure in sorted(self._places(passage)):
            end = name_at(text, start, sure=sure) if start >= done else start
            if end > start and not self._of_the_agent(passage, start):
                done = end
                yield Hit(start, end, True, 0.9 if sure else 0.8, context=True)

    @staticmethod
    def _places(passage: Passage) -> Iterator[tuple[int, bool]]:
        text = passage.text
        for pattern, sure in ((_SAID, True), (_IS_IT, False)):
            for match in pattern.finditer(text):
                yield match.end(), sure
        for match in _HELD.finditer(text):
            yield match.end(), False
        for pattern in (_TITLED, _TWICE, _SPELLED):
            for match in pattern.finditer(text):
                yield match.start(), False
        if _ASKS.search(passage.earlier) and not _THING.search(passage.earlier):
            answer = _ANSWER.match(text)
            at = answer.end() if answer else 0
            yield at + (text[at : at + 1] == text[at + 1 : at + 2]), True  # 姓洪，洪志远

    @staticmethod
    def _of_the_agent(passage: Passage, at: int) -> bool:
        """Whether the agent says his own name."""
        if passage.role is not Role.AGENT:
            return False
        sentence = re.split(r"[。！？!?\n]", passage.text[:at])[-1]
        said = re.search(r"我(?:是|叫|的?名字|姓)\w{0,12}[\s,，]*\w*$", sentence)
        return said is not None or _OWN.search(sentence) is not None

    def keep(self, number: str) -> tuple[int, int]:
        """张**: the surname."""
        return (2 if len(number) > 3 else 1), 0
