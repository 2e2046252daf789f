"""Names of customers and third persons, where something says that a name stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit
from pipeline.privacy.told_names import told_names
from pipeline.privacy.words import COMPOUND, FAMILY, SURNAMES, likely_name, name_at

_HOLDER = (
    "本人|姓名|名字|户名|户主|开户人|持卡人|账户人|收款人|付款人|汇款人|投保人|被保险人|被保人"
    "|受益人|联系人"
    "|借款人|担保人|共同还款人|收件人|经办人|申请人|委托人|代理人|监护人|法人|机主|车主|业主"
    "|老公|丈夫|老婆|妻子|爱人|太太|先生|父亲|母亲|爸爸|妈妈|我爸|我妈|儿子|女儿|哥哥|姐姐|弟弟"
    "|妹妹|朋友|同事|同学"
)
_HOLDER_FIRST = "".join(sorted({word[0] for word in _HOLDER.split("|")} - {"我"}))
# Behind these stands a name. What an expression begins with is said first where that is not plain
# from its alternatives: so the places where nothing begins are passed fast.
_SAID = re.compile(
    rf"(?=[{_HOLDER_FIRST}叫名全]|我[就是的名爸妈]|您[全大]|大名)(?:(?:(?:{_HOLDER})(?:的?(?:姓名|名字))?(?:呢|啊|嘛|那)?[,，\s]?(?:就?是(?:不是)?|就?叫做?|为"
    rf"|写的?是?|[:：])"
    r"|(?<![叫])(?:叫做?|名叫|名字是)|我(?:就?是|的?名字)|您?(?:全名|大名)(?:是|叫)?)"
    r"[\s,，:：]*(?:嗯|呃|那个)?[\s,，]*"
    rf"|(?:{_HOLDER})我[念说报](?:一下|给[您你]听)[\s,，:：]*)"
)
# Or directly behind these.
_HELD = re.compile(
    rf"(?:{_HOLDER}|被保人|孩子|我[姐哥弟妹儿叔伯姑舅姨]|叔|伯|姑|舅|姨)(?:[吧呢啊嘛]?[,，\s]|是|改成"
    rf"|写成)?(?={FAMILY})"
)
# A full name is likely behind these, before those, or where it fills a clause.
_DEALT = re.compile(
    r"(?:转告|通知|让|喊|转给|汇给|打给|付给|借给|寄给|认识|找|联系|替|陪|您[跟和与]|你[跟和与]|登记的是|预留的是|写的是|填的是|应该是)"
    rf"(?={FAMILY})"
)
_OWNS = re.compile(
    rf"(?={FAMILY}[\u4e00-\u9fff]{{1,2}}(?:名下|那笔|这个(?:名字|人|客户|户名)|(?:是|跟|和)[您你]|(?:来?接|来?听)(?:一下)?电话|回个?电话|的(?:账户|账号|卡|保单|贷款|身份证|电话|手机|钱)))"
)
_ISNT_IT = re.compile(
    rf"(?:^|[,，。\s])就?是(?={FAMILY}[\u4e00-\u9fff]{{1,2}}(?:吧|吗|么|没错|对[吧吗]))"
)
_CLAUSE = re.compile(
    rf"(?:(?<=[,，。！!？?\s对个])|^)(?={FAMILY}[\u4e00-\u9fff]{{1,2}}(?:[,，。！!？?\s]|$))"
)
# And these stand behind a full name.
_TITLED = re.compile(
    rf"(?={FAMILY}[\u4e00-\u9fff]{{1,2}}[\s,，]?"
    r"(?:先生|女士|小姐|太太|同志|师傅|阿姨|叔叔|大爷|大妈|本人|您好|你好|收(?:[,，。\s]|$)))"
)
_TWICE = re.compile(  # 周桂芳周女士
    rf"(?=(?P<same>{FAMILY})[\u4e00-\u9fff]{{1,2}}(?P=same)"
    r"(?:先生|女士|小姐|总|老师|阿姨|叔叔|大[姐哥爷妈]|师傅|经理))"
)
_IS_IT = re.compile(rf"(?:您|你|请问|这边|那边)(?:就)?是(?:不是)?[\s,，]*(?={FAMILY})")
_ASKED_FOR = "机主|户主|收款人|联系人|受益人|投保人|持卡人|车主"
# Every alternative begins with a plain character: so the others are passed fast.
_ASKS = re.compile(
    "|".join(
        (
            r"姓名|名字|怎么称呼|叫什么|贵姓|姓什么|户名|哪几个字|您(?:是|姓)(?:哪位|什么)|全名",
            r"哪位(?:啊|呀|呢)?[?？。]?$|谁(?:啊|呀|呢)?[?？。]?$",
            *(rf"{holder}[^。]{{0,8}}?(?:是|谁)[?？]?$" for holder in _ASKED_FOR.split("|")),
        )
    )
)
_CALLED = re.compile(
    r"(?:[份款只项种类]|产品|活动|保险|理财|月|节目|计划|服务|业务|功能|公司|店|商户|品牌|牌子|软件|程序|平台|[买投炒]的)(?:呢|就|也)?$"
)
_STAFF = re.compile(
    r"柜台|你们(?:那|的|家)|客户经理|大堂|专员|柜员|投顾|顾问|工作人员|业务员|经办|老师"
)
_OF_A_CUSTOMER = re.compile(_HOLDER)
_STAFF_AFTER = re.compile(r"[,，\s]*(?:这是|就?是)(?:我们|我行|我司|本行)")
_THING = re.compile(r"产品|理财|保险|基金|股票|活动|这份|这款|这只|名下")
_ANSWER = re.compile(
    r"(?:[\s,，。.嗯呃啊哦对好的呢那个就是叫我姓名字他她您写填]|免贵|这个|登记的?)*"
)
_SPELLED = re.compile(  # 张伟，伟大的伟
    rf"(?=(?P<family>{FAMILY})(?P<one>[\u4e00-\u9fff])(?P<two>[\u4e00-\u9fff])?[,，\s]*"
    r"(?:\w{1,3}的(?:(?P=family)|(?P=one)|(?P=two))|弓长|木子|立早|双木|耳东|口天))"
)
_OWN = re.compile(
    r"工号|客服|坐席|客户经理|专员|顾问|为您服务|我是\w{0,8}(?:银行|公司|保险|证券|基金)的?|很高兴"
)
_CUE = Cue(
    words="叫|名|姓|称呼|哪位|谁|收|孩子|我姐|我哥|我弟|我妹|我儿|我叔|我伯|我姑|我舅|我姨|女士"
    "|小姐|弓长|木子|立早|耳东|口天|哪几个字|拼音|同志|师傅|阿姨|您好|你好|转给|汇给|打给"
    "|付给|借给|寄给|认识|找|联系|替|陪|让|喊|转告|通知|接电话|听电话|个电话|您跟|您和"
    "|您与|你跟|你和|你与|是您|跟您|和您|是你|跟你|和你|·"
    f"|{_HOLDER}",
    form=re.compile(
        rf"[是,，。！!？?\s个对](?:(?<=是)[\s,，]*{FAMILY}"
        rf"|(?<!是){FAMILY}[\u4e00-\u9fff]{{1,2}}(?:[,，。！!？?\s]|$))"
    ),
    question=_ASKS,
)
LIKELY, FULL, UNSURE, SURE = range(4)
SHORT = 2  # a surname and one character is often something else
# All of these need a surname: the first ones before it, the others begin with it.
_FAMILY = re.compile(f"[{SURNAMES}{''.join(name[0] for name in COMPOUND.split('|'))}]")
# Directly before a surname stands one of these where an expression of `_BEHIND` matches.
_LED = re.compile(
    rf"[{''.join(sorted({word[-1] for word in _HOLDER.split('|')}))}"
    rf"子姐哥弟妹儿叔伯姑舅姨是成告知让喊给识找系替陪跟和与\s,，](?={FAMILY})"
)
_BEHIND = ((_IS_IT, FULL), (_HELD, UNSURE), (_DEALT, LIKELY), (_ISNT_IT, LIKELY))
_BEFORE = (
    (_TITLED, UNSURE), (_TWICE, UNSURE), (_SPELLED, UNSURE), (_OWNS, LIKELY), (_CLAUSE, LIKELY),
)  # fmt: skip
_ANY_BEFORE = re.compile("|".join(pattern.pattern for pattern, _ in _BEFORE))


def _of_staff(text: str, start: int, end: int) -> bool:
    """Whether it is the name of somebody who works for the institution."""
    before = re.split(r"[。！？!?\n]", text[max(0, start - 14) : start])[-1]
    ours = _STAFF.search(before) and not _OF_A_CUSTOMER.search(before)
    return bool(ours or _STAFF_AFTER.match(text, end))


class Name:
    """Full names after 我叫, 姓名是, 请问是 …, before 先生 and 女士, or asked for just before."""

    kind = "name"
    data_class = DataClass.C2
    wordy = True
    cue = _CUE

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Names that something beside them or the question before them gives away."""
        text, done = passage.text, 0
        question = _ASKS.search(passage.earlier) is not None
        asked = question and not _THING.search(passage.earlier)
        for start, sure in sorted(self._places(text, asked=asked)):
            end = name_at(text, start, sure=sure > UNSURE) if start >= done else start
            name = text[start:end]
            doubtful = sure == LIKELY or (sure == FULL and len(name) == SHORT)
            if not name or (doubtful and not likely_name(name)):
                continue
            if not self._of_the_agent(passage, start) and not _of_staff(text, start, end):
                done = end
                yield Hit(start, end, True, 0.9 if sure == SURE else 0.8, context=True)
        for start, end in told_names(text, asked=asked, known=done > 0):
            if not self._of_the_agent(passage, start):
                yield Hit(start, end, True, 0.8, context=True)

    @staticmethod
    def _places(text: str, *, asked: bool) -> Iterator[tuple[int, int]]:
        for match in _SAID.finditer(text):
            if not (match[0][0] == "叫" and _CALLED.search(text, 0, match.start())):
                yield match.end(), SURE
        for pattern, sure in _BEHIND if _LED.search(text) else ():
            for match in pattern.finditer(text):
                yield match.end(), sure
        for family in _FAMILY.finditer(text):
            at = family.start()
            if _ANY_BEFORE.match(text, at):
                for pattern, sure in _BEFORE:
                    if pattern.match(text, at):
                        yield at, sure
        if asked:
            answer = _ANSWER.match(text)
            at = answer.end() if answer else 0
            yield at + (text[at : at + 1] == text[at + 1 : at + 2]), SURE  # 姓洪，洪志远

    @staticmethod
    def _of_the_agent(passage: Passage, at: int) -> bool:
        """Whether the agent says his own name."""
        if passage.role is not Role.AGENT:
            return False
        sentence = re.split(r"[。！？!?\n]", passage.text[:at])[-1]
        said = re.search(r"我(?:是|叫|的?名字|姓)\w{0,12}[\s,，]*\w*$", sentence)
        return said is not None or _OWN.search(sentence) is not None

    def keep(self, number: str) -> tuple[int, int]:
        """张**: the surname; nothing of a given name alone."""
        return (2 if len(number) > 3 else max(0, min(1, len(number) - 1))), 0
