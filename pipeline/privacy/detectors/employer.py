"""Where a customer works."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass, Role
from pipeline.privacy.context import Passage
from pipeline.privacy.hits import Hit

_H = r"[\u4e00-\u9fffA-Za-z0-9]"
_ORG = (
    rf"{_H}{{2,16}}?(?:有限责任公司|股份有限公司|有限公司|分公司|总公司|子公司|公司|集团|事务所"
    rf"|研究院|研究所|设计院|工程局"
    r"|银行|保险|证券|大学|学院|中学|小学|学校|幼儿园|医院|卫生院|诊所|药房|酒店|饭店|宾馆|餐厅"
    r"|超市|商场|工厂|厂"
    r"|管理局|税务局|教育局|公安局|供电局|电力局|铁路局|环卫局|局|委员会|居委会|街道办|政府"
    r"|法院|检察院|派出所"
    r"|中心|物业|工作室|合作社|加工厂|4S店|店|部队|电视台|报社|出版社|科技|物流|快递)"
    r"(?:股份|有限|责任|公司|集团|分公司|分院|附属\w{2,4}医院|总部)*"
)
_WORKS = (
    r"(?:上班|工作|任职|就职|做(?:会计|财务|销售|保安|司机|老师|护士|文员|工程师|工|事|的)"
    r"|当(?:老师|医生|护士|司机|保安|会计|厨师)|教书|打工|干活|干了|供职|开车)"
)
_NOWHERE = r"[\u4e00-\u9fff]{0,10}(?:家|外|边|里|这|那|附近|你们|您|单位|公司|地方|[省市区县]上班)"
_PLAIN = r"[\u4e00-\u9fff]{2,4}(?:[\u4e00-\u9fff]{2,8})"  # 衡岳精工
_FORMS = (
    re.compile(rf"我?在(?P<org>(?!{_NOWHERE}){_PLAIN})(?:上班|任职|供职)"),
    re.compile(rf"在(?P<org>{_ORG})(?:那?里|这?边|那?边)?[\s,，]?(?:\w{{0,4}}?){_WORKS}"),
    re.compile(rf"(?:就职于|任职于|供职于|受雇于)(?P<org>{_ORG})"),
    re.compile(
        r"(?:(?:工作|所在|现在的?|我的?|您的?|我们)单位|单位名称|工作的?单位|雇主|我(?:们)?公司"
        r"|公司名称?|单位)"
        rf"(?:的?(?:名称|名字|全称))?(?:就?是|就?叫做?|为|[:：])[\s,，:：]*(?:在)?(?P<org>{_ORG})"
    ),
    re.compile(
        rf"我(?:们)?(?:就)?是(?P<org>{_ORG})的?(?:员工|职工|老师|医生|护士|会计|工程师|教师"
        rf"|司机|出纳|保安|正式工|在编)"
    ),
)
_ASKS = re.compile(
    r"(?:工作|您的?|所在)?单位|哪(?:里|儿|家公司)?(?:上班|工作|高就|任职)|在哪[里儿]?(?:上班"
    r"|工作|高就)|什么公司|公司(?:名称|叫什么|全称)"
)
_ANSWER = re.compile(rf"(?:[\s,，。嗯呃啊哦那个就是我他她在叫的]|现在|目前|一家)*(?P<org>{_ORG})")
_OWN = re.compile(r"你们|您们|贵公司|我们(?:银行|公司|行)|本(?:公司|行)|这里是")


class Employer:
    """The organisation where a customer works: 在 … 上班, 单位是 …, or asked for just before."""

    kind = "employer"
    data_class = DataClass.C1
    wordy = True
    cue = r"单位|公司|上班|工作|任职|就职|供职|员工|职工|教书|打工|老师|医生|护士|雇"

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Organisations that such words name as the place of work."""
        done = -1
        forms = [form.finditer(passage.text) for form in _FORMS]
        if _ASKS.search(passage.earlier) and (answer := _ANSWER.match(passage.text)):
            forms.append(iter([answer]))
        for match in (match for form in forms for match in form):
            start, end = match.span("org")
            if start < done or _OWN.search(passage.text[max(start - 4, 0) : end]):
                continue
            if passage.role is Role.AGENT and re.search(r"我(?:们)?是?$", passage.text[:start]):
                continue
            done = end
            yield Hit(start, end, True, 0.8, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing."""
        return 0, 0
