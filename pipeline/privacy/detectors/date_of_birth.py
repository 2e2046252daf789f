"""Dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit

_D = r"[0-9０-９零〇洞一二三四五六七八九十两幺]"
_HEARD = r"[0-9０-９零〇洞一二三四五六七八九十两幺就久是时]"  # 就六是年 for 九六四年
_GAP = r"[\s,，、。]{0,2}(?:嗯|呃|那个|从)?[\s,，]?"
_CALENDAR = r"(?:(?:阴历|农历|阳历|公历|旧历)的?)?"
_YEAR = rf"(?:一九|二零|二〇|两千|19|20|１９|２０)?[\s]?{_D}{{2}}{_GAP}年?"
_MONTH = rf"(?:{_D}{{1,3}}{_GAP}月(?:份)?|正月|冬月|腊月)"
_DAY = rf"(?:初)?{_D}{{1,3}}(?:号|日)?"
_WRITTEN = (
    r"(?:19|20)\d{2}[-./年]\s?[01]?\d[-./月]\s?[0-3]?\d[日号]?"
    r"|(?<!\d)(?:19|20)\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?:[一幺]九|二[零〇]){_D}{{2}}[,，\s]?[零〇一幺]{_D}[,，\s]?[零〇一二三幺]{_D}(?!{_D})"
)
_SPOKEN = rf"{_CALENDAR}(?:{_YEAR}{_GAP}(?:的)?)?{_CALENDAR}{_MONTH}(?:{_GAP}{_DAY})?"
_NO = r"[\s,，]{0,2}(?:嗯|呃|哎|哦)?(?:不是|不对|错了|说错了)[\s,，]{1,2}"
_ONE = rf"(?:{_WRITTEN}|{_SPOKEN}|(?:一九|二零|19|20)?{_D}{{2}}年)"
_DATE = re.compile(rf"{_ONE}(?:(?:{_NO}|[,，])(?:{_ONE}))*")
_LENIENT = re.compile(
    rf"{_HEARD}{{2,4}}年{_HEARD}{{1,3}}月份?(?:{_HEARD}{{1,4}}[号日]|[初{_HEARD[1:-1]}]{{2,3}}(?=[,，。\s的]|$))?"
)
_FULL = re.compile(rf"{_WRITTEN}|.*月{_GAP}(?:初)?{_D}|.*年.*月", re.S)
# These begin with a plain character in every alternative: so the others are passed fast.
_BIRTH = re.compile(
    r"出生|生日(?<!发生日)|生辰|诞辰|几几年生|哪年生|什么时候生|几月生|哪天生|生于|出世"
)
_ON_ID = re.compile(r"身份证上?(?:写|登记|显示)?的?(?:就?是)?$")
_GOES_ON = re.compile(r"几月|几号|哪[天月]|月份呢|月份日子|月呢|日呢")
_WHO = "您|你|他|她|父亲|母亲|孩子|先生|太太"
_HOW_OLD = "孩子|宝宝|小孩|老人|宝贝|您|他|她"
# 您哪年的: of a person, not of a contract.
_ASKS = re.compile(
    "|".join(
        (
            _BIRTH.pattern,
            *(rf"{who}是?(?:哪|几几)年的" for who in _WHO.split("|")),
            *(rf"{who}(?:今年)?(?:多大|几岁)" for who in _HOW_OLD.split("|")),
            r"贵庚|周岁|属什么|属相|生肖|多大年纪|身份证上?(?:[写登记的那个])*(?:日子|日期|那天)",
        )
    )
)
_BORN = re.compile(
    r"^(?:[,，]?(?:出)?生(?:的|人|日|$|[，。,])|的人|[,，]?的?[,，]?属[鼠牛虎兔龙蛇马羊猴鸡狗猪]"
    r"|[,，]?(?:这|那)?(?:就)?是?\w{0,8}(?:生日|出生)|[,，]?[\u4e00-\u9fff]{0,4}身份证上)"
)
_OF_A_PERSON = re.compile(
    r"(?:我|我[爸妈]|[他她]|父亲|母亲|爱人|老公|老婆|孩子|儿子|女儿|老伴)(?:就|也)?是?(?:属.)?$"
    r"|属[鼠牛虎兔龙蛇马羊猴鸡狗猪][的,，\s]{0,2}$|比[我他她你您][大小]\w{1,3}岁[,，\s]{0,2}$"
)
_CHILD = re.compile(r"(?:孩子|宝宝|儿子|女儿|闺女|小孩)[\u4e00-\u9fff]{0,4}[,，\s]$")
_OTHER = re.compile(
    r"办|开户|到期|还款|生效|扣款|账单|缴费|投保|签|保单|合同|入职|登记日|续费|来电|下单|活动|上市"
    r"|成立|股票|发行|结婚|结的婚|买|开的|工作|上班|来的|退休|去世|走的|上学|入学|毕业|手术|住院|确诊|体检|事故|签发"
)
_THING = re.compile(r"股票|基金|公司|银行|产品|这只|折子|保单|合同|核对过|账户|[卡车房]")
_NEEDED = re.compile(
    "|".join(
        (
            r"生|诞辰|身份证|年[^，。]{0,8}的人|年.{0,6}属|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]|大\w{1,3}岁|小\w{1,3}岁",
            r"孩子|宝宝|儿子|女儿|闺女|小孩",
            *(rf"{who}[就也]?是?(?:属.)?{_D}{{2,4}}年" for who in "我爸妈他她亲人公婆子儿伴"),
        )
    )
)
_THIS_YEAR = re.compile(r"[去今明前]年$")
_PHRASE = re.compile(r"[,，。]")
_NEAR = 14
_ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"


class DateOfBirth:
    """Dates that 出生 or 生日 names, or that answer the question for it."""

    kind = "date_of_birth"
    data_class = DataClass.C2
    wordy = False
    cue = Cue(
        words="出生|生日|生于|生的|生人|月|诞辰|哪年的|几年的|身份证上|孩子|宝宝|几月|几号"
        f"|{'|'.join(f'属{animal}' for animal in _ANIMALS)}",
        form=re.compile(r"年.{0,3}属"),
        hints="属",
    )

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Dates beside such a word, or just asked for."""
        text = passage.text
        asker = passage.recent if _GOES_ON.search(passage.earlier) else passage.earlier
        question = list(_ASKS.finditer(asker))
        asked = bool(question) and not (
            _THING.search(asker) or _OTHER.search(asker[question[-1].end() :])
        )
        if not asked and not _NEEDED.search(text):
            return
        done = 0
        for match in _dates(text, asked=asked):
            if match.start() >= done and self._of_birth(text, match, asked=asked):
                done = match.end()
                yield Hit(match.start(), match.end(), True, 0.9, context=True)

    @staticmethod
    def _of_birth(text: str, match: re.Match[str], *, asked: bool) -> bool:
        """Whether what stands beside a date, or the question, makes it one of birth."""
        before = text[max(match.start() - _NEAR, 0) : match.start()]
        after = text[match.end() : match.end() + 24]
        later = re.split(r"生日|出生|生于", before)[-1]
        if (
            _THIS_YEAR.search(before)
            or (later != before and _OTHER.search(later))
            or _THING.search(before[-8:])
        ):
            return False
        if (
            _ON_ID.search(before)
            or _BORN.match(after)
            or (_BIRTH.search(before) and not _OTHER.search(before))
        ):
            return True
        full = _FULL.match(match[0]) is not None
        if asked:
            return not _OTHER.search(before + after[:6])
        if full and "年" in match[0] and _OF_A_PERSON.search(before):
            return not _OTHER.search(_PHRASE.split(after[:6])[0])
        return full and _CHILD.search(before) is not None

    def keep(self, number: str) -> tuple[int, int]:
        """****年**月**日."""
        return 0, 0


def _dates(text: str, *, asked: bool) -> Iterator[re.Match[str]]:
    """Dates in order; misheard ones where one was asked for."""
    dates = list(_DATE.finditer(text))
    if asked:
        dates += _LENIENT.finditer(text)
        dates.sort(key=lambda match: (match.start(), -match.end()))
    yield from dates
