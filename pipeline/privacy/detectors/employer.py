"""Where a customer works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit
from pipeline.privacy.words import is_word
from pipeline.text import SPOKEN_DIGITS

_H = r"[\u4e00-\u9fffA-Za-z0-9]"
_KINDS = (
    "有限责任公司|股份有限公司|有限公司|分公司|总公司|子公司|公司|集团|事务所|研究院|研究所|设计院"
    "|工程局|银行|保险|证券|人寿|大学|学院|中学|小学|学校|幼儿园|医院|卫生院|保健院|诊所|药房|酒店"
    "|饭店|宾馆|餐厅|超市|商场|工厂|厂|管理局|税务局|教育局|公安局|供电局|电力局|铁路局|环卫局|局"
    "|委员会|居委会|街道办|政府|法院|检察院|派出所|中心|物业|工作室|合作社|4S店|店|部队|电视台|报社"
    "|出版社|科技|物流|快递|速运|电子|机械|重工|实业|制药|药业|泵业|矿业|煤矿|地铁|公交|食品|服饰"
    "|服装|家具|建材|建工|建设|地产|置业|汽车|能源|通信|软件|网络|餐饮|化工|塑胶|纺织|装饰|股份|电网|铁路|航空|石化|烟草|造船厂"
    "|快运|货运|光电|电气|电器|钢铁|铝业|轴承|轮毂|轮胎|汽修|汽配|底盘|重汽|印染|制衣|五金|模具|监管局"
    "|附小|附中|油田|电厂|农场|林场|"
    + "|".join(f"{number}[中小]" for number in "一二三四五六七八九十")
)
_A_KIND = re.compile(_KINDS)
_ORG = (
    rf"{_H}{{2,16}}?(?:{_KINDS})"
    rf"(?:股份|有限|责任|公司|集团|分公司|分院|附属\w{{2,4}}医院|总部|{_KINDS}){{0,4}}+"
)
_ANY = rf"{_H}{{2,14}}?"
_JOB = (
    r"(?:会计|财务|销售|保安|司机|老师|教师|护士|护工|医生|文员|工程师|出纳|柜员|职工|员工|厨师|保洁|普工"
    r"|正式工|合同工|在编)"
)
_WORKS = (
    rf"(?:上班|工作|任职|就职|供职|打工|干活|干了|干过|干|教书|教\w|开车|下井|跑车|打螺丝|站柜台|看摊|值班|倒班|送货|送外卖|带班|管仓库|写代码|做(?:{_JOB}|工|事|的)"
    rf"|当(?:{_JOB}|[\u4e00-\u9fff]{{1,3}}[员师工长])|做[\u4e00-\u9fff]{{1,4}}[员师工])"
)
_WHO = r"(?:我|俺|咱|他|她|您|自己|老公|老婆|爱人|先生|太太|儿子|女儿|孩子|爸|妈|父亲|母亲)"
_WHEN = r"(?:们|自己|现在|目前|还|都|就是|就|是|一直|以前|原来|之前|呢|呀)*"
_THERE = r"(?:那?里|这?边|那?边|里头)?"
_ITS_NAME = r"(?:就?是|还是|改成了?|换成了?|就?叫做?|为|[:：])[\s,，:：]*(?:在)?"
_STOPS = r"(?=$|[,，。！!？?\s]|[没不]变|吧|吗|对吧|的[,，。！!？?\s])"

_Forms = tuple[tuple[list[str], re.Pattern[str]], ...]


def _with_hints(*forms: tuple[str, re.Pattern[str]]) -> _Forms:
    return tuple((hints.split("|"), form) for hints, form in forms)


# Whatever is called a place of work so; before each the words of which a match holds one.
_ANY_FORMS = _with_hints(
    ("在|搁", re.compile(rf"{_WHO}{_WHEN}[在搁](?P<org>{_ANY}){_THERE}[\s,，]?{_WORKS}")),
    (
        "单位",
        re.compile(
            rf"(?:(?:工作|所在|任职|登记的)单位|单位(?:名称|全称)?)[^，。？！?!]{{0,4}}?{_ITS_NAME}"
            rf"(?P<org>{_H}{{3,16}}?){_STOPS}"
        ),
    ),
    (
        "单位|公司",
        re.compile(
            rf"(?:^|[,，\s])(?P<org>{_H}{{3,14}}?)[,，](?:[这那]个?)?(?:就?是)?我们?(?:单位|公司)"
        ),
    ),
    ("是", re.compile(rf"我{_WHEN}是(?P<org>{_H}{{2,12}}?)的(?:正式|在编|老|退休)?(?:{_JOB})")),
    ("被", re.compile(rf"被(?P<org>{_H}{{3,12}}?)(?:给)?(?:裁|辞退|开除|优化|解雇)")),
    ("从", re.compile(rf"从(?P<org>{_H}{{3,12}}?)(?:离职|辞职|辞了|退休|下岗|出来了)")),
    (
        "社保|公积金|五险一金",
        re.compile(
            rf"(?:社保|公积金|五险一金)[^，。？！?!]{{0,4}}(?:是|在|由|挂在?)(?P<org>{_H}{{4,14}}?)(?:给|帮|代)*[交缴]"
        ),
    ),
    (
        "跳|跑到|入职",
        re.compile(
            rf"(?:跳槽?[到去]了?|跑到|入职了?)(?P<org>{_H}{{3,12}}?)(?:去了|上班|[,，。]|$)"
        ),
    ),
    (
        "在|搁",
        re.compile(
            rf"(?:^|[,，。\s]|现在|目前|还是?|就|听说)[在搁](?P<org>{_H}{{4,14}}?){_THERE}[\s,，]?{_WORKS}"
        ),
    ),
    ("工资", re.compile(rf"工资卡?是(?P<org>{_H}{{2,12}}?)(?:代?发)")),
)
# An organisation by its form.
_ORG_FORMS = _with_hints(
    ("在|搁", re.compile(rf"[在搁](?P<org>{_ORG}){_THERE}[\s,，]?(?:\w{{0,4}}?){_WORKS}")),
    ("于", re.compile(rf"(?:就职于|任职于|供职于|受雇于)(?P<org>{_ORG})")),
    (
        "单位|雇主|我|公司",
        re.compile(
            rf"(?:单位|雇主|我们?(?:公司|厂|医院|学校)|公司名称?)(?:的?(?:名称|名字|全称))?[,，]?{_ITS_NAME}(?P<org>{_ORG})"
        ),
    ),
    ("我", re.compile(rf"我{_WHEN}(?P<org>{_ORG})的?{_JOB}")),
    (
        "在|搁",
        re.compile(
            rf"(?:老公|老婆|爱人|儿子|女儿|先生|太太|爸|妈){_WHEN}[在搁](?P<org>{_ORG})(?=[,，。当做]|$)"
        ),
    ),
    (
        "前台|人事|财务|门卫|工会",
        re.compile(rf"(?:[打找去问]|联系)[到了]?(?P<org>{_ORG})的?(?:前台|人事|财务|门卫|工会)"),
    ),
    ("给|替|帮", re.compile(rf"(?:给|替|帮)(?P<org>{_ORG})(?:打工|干活|跑|做事|开车|送货)")),
    (
        "工资|薪水",
        re.compile(
            rf"(?:^|[,，。\s])(?=[^,，。\s]{{4,30}}?(?:工资|薪水))(?P<org>{_ORG})(?:给我)?[发开]的?(?:工资|薪水)"
        ),
    ),
    ("在|搁", re.compile(rf"{_WHO}{_WHEN}[在搁](?P<org>{_ORG})(?:当|搞|管|负责|带班|做)")),
    ("还在", re.compile(rf"还在(?P<org>{_ORG})(?:吗|没|那)")),
    (
        "是",
        re.compile(
            rf"(?:我|老公|老婆|爱人|儿子|女儿|先生|太太|爸|妈){_WHEN}是(?P<org>{_ORG})的(?=[,，。！!\s]|$)"
        ),
    ),
)
_ASKS = re.compile(
    r"(?:(?<!我们)(?<!咱们)单位|[就任供]职的?机构)(?!的?(?:邮箱|电话|座机|地址|证明|会|要|不|净值|价|时间|面积|在))"
    r"|哪(?:里|儿|家公司|家|个公司)?(?:上班|工作|高就|任职|干活)|[在搁]哪[里儿]?个?(?:上班|工作|高就|干活|做事|忙|干|任职|供职|发财)"
    r"|[工薪][资水][^，。？！?!]{0,4}哪|(?:收入|在职|工作)证明[^，。？！?!]{0,6}哪|字号|[您你]的?店铺?(?:名|叫)"
    r"|老师[^。？！?!]{0,6}哪个?(?:学校|中学|小学)|还在[^，。？！?!]{0,6}(?:厂|公司|单位|那[里儿])里?[^，。？！?!]{0,2}[吗么]?[？?]?$"
    r"|什么公司|公司(?:名称|名字|叫|全称)|[就任供]职[于在]哪"
)
_ASKS_JOB = re.compile(r"职业|做什么(?:工作)?的|哪一?行")
_LEAD = re.compile(
    r"(?:[嗯呃啊哦那个就是我俺他她它您您在搁叫的对呀喏]|现在|目前|一家|听说|去了|店名|单位|名称|全称"
    r"|大家都|登记的|以前|原来|填写?|写)*"
)
_NAME = re.compile(
    rf"(?P<org>{_H}{{2,18}}?)(?=$|[,，。！!？?\s]|的[,，。！!？?\s]|的$|[吧呗嘛啊呢嘞]|还是|{_WORKS}|那边|这边|里头|教)"
)
# No employer, or none that has a name.
_NOBODY = re.compile(
    r"[没不无你您这哪啥么谁吗呢吧了的]|是$|^[开做跑卖带陪读上家]|孩子|(?<!建)设计|自[己由雇]|退休|待业|失业|个体|务农|农民|家务|生意|创业|工地|网约车"
    r"|打工|单位|老家|外[地面边省]|家里|附近|学生|方便|告诉|[一二两三四五六七八九十半][年块个天趟次点号]|周[一二三四五六日末]|过去|回来|原来|那个|做|跑|接|开|卖"
)
_NO_ORG = re.compile(r"^[开做跑卖一个]|原来|以前|[那这哪]个|哪家|什么")
_SAYS_LITTLE = re.compile("[也行好就还都可以对没有是那这算知明麻稍等啥]")  # 也行, 知道
_DIGITS = re.compile(rf"[{SPOKEN_DIGITS}]+")
_GENERIC = re.compile(
    r"(?:一家|一个|某个?|私营|外贸|民营|国有|事业|机关|互联网|软件|装修|物业|快递|保险|证券|外企|国企|央企|私企)?"
    r"(?:公司|企业|单位|工厂|厂子?|学校|医院|银行|机关|超市|饭店|酒店|外企|国企|央企|私企|县城|城里|市里|镇上|村里)"
)
_PLACE = re.compile(
    r"(?:上海|北京|广州|深圳|杭州|南京|苏州|武汉|成都|重庆|天津|西安|长沙|郑州|青岛|宁波|厦门|东莞|佛山|合肥"
    r"|济南|福州|无锡|昆明|大连|沈阳|哈尔滨|石家庄|南昌|贵阳|南宁|太原|温州|常州|珠海|惠州|海南|浙江"
    r"|江苏|广东|四川|湖南|湖北|河南|河北|山东|福建|新疆|西藏|日本|美国|国外)(?:市|省|那边|这边|市区)?"
    r"|.{1,8}(?:[省市区县镇乡村路街]|附近|楼[上下]|门口)"
)
_OWN = re.compile(r"你们|您们|贵公司|我们(?:银行|公司|行)|本(?:公司|行)|这里是")
_FIRST_PERSON = re.compile(r"(?:我|咱|这里|这边)[^，。？！?!]{0,6}$|我[^。？！?!]{0,24}$")


class Employer:
    """The organisation where a customer works: 在 … 上班, 单位是 …, or asked for just before."""

    kind = "employer"
    data_class = DataClass.C1
    wordy = True
    cue = Cue(
        words="单位|公司|上班|工作|任职|就职|供职|员工|职工|教书|打工|老师|医生|护士|雇|机构"
        "|职业|干活|干了|干过|忙|做事|工资|薪水|证明|字号|店名|店叫|店铺名|店铺叫|学校"
        "|看摊|打螺丝|值班|倒班|送外卖|高就|开车|做什么|哪行|哪一行|社保|公积金|五险|裁"
        "|辞|开除|优化|下岗|跳到|跳去|跳槽到|跳槽去|前台|人事|跑到|入职|还在|老公|老婆"
        "|爱人|儿子在|女儿在",
        form=re.compile(
            r"[当做][\u4e00-\u9fff]{1,3}[员师工长]|我(?:自己|现在)?(?:就)?是[^，。]{3,16}的"
        ),
        hints="当|做|我是|我就是|我自己|我现在",
    )

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Organisations that such words name as the place of work."""
        done = -1
        for start, end in sorted(self._places(passage)):
            if start < done or _OWN.search(passage.text[max(start - 4, 0) : end]):
                continue
            if passage.role is Role.AGENT and self._of_the_agent(passage.text, start):
                continue
            done = end
            yield Hit(start, end, True, 0.8, context=True)

    @staticmethod
    def _places(passage: Passage) -> Iterator[tuple[int, int]]:
        text = passage.text
        for match in _matches(_ORG_FORMS, text) if _A_KIND.search(text) else ():
            if not _generic(match["org"]) and not _NO_ORG.search(match["org"]):
                yield match.span("org")
        for match in _matches(_ANY_FORMS, text):
            if _may_be_one(match["org"]):
                yield match.span("org")
        if passage.role is not Role.AGENT and passage.earlier:
            yield from _answers(passage)

    @staticmethod
    def _of_the_agent(text: str, start: int) -> bool:
        """Whether an agent talks of himself."""
        before = text[:start]
        return bool(_FIRST_PERSON.search(before)) and "单位" not in before

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0


def _matches(forms: _Forms, text: str) -> Iterator[re.Match[str]]:
    """The matches of expressions, each tried only where one of its hints stands."""
    for hints, form in forms:
        for hint in hints:
            if hint in text:
                yield from form.finditer(text)
                break


def _answers(passage: Passage) -> Iterator[tuple[int, int]]:
    """The first phrase of an answer that may be an organisation, and others of its form."""
    whole, job = _ASKS.search(passage.earlier), _ASKS_JOB.search(passage.earlier)
    if not whole and not job:
        return
    at, found = 0, False
    for phrase in re.split(r"(?<=[,，。！!？?\s])", passage.text)[:4]:
        lead = _LEAD.match(phrase)
        start = at + (lead.end() if lead else 0)
        at += len(phrase)
        match = _NAME.match(passage.text, start)
        if match is None:
            continue
        formed = re.fullmatch(_ORG, match["org"]) is not None and not _generic(match["org"])
        short = len(match["org"]) < 3 and (at > len(phrase) or _SAYS_LITTLE.search(match["org"]))
        if formed or (not found and whole and not short and _may_be_one(match["org"])):
            yield match.span("org")
            found = True


def _generic(name: str) -> bool:
    return _GENERIC.fullmatch(name) is not None


def _may_be_one(name: str) -> bool:
    """Whether a phrase may be an organisation's name."""
    if _NOBODY.search(name) or _PLACE.fullmatch(name) or _generic(name) or _DIGITS.fullmatch(name):
        return False
    return len(name) > 2 or not is_word(name)
