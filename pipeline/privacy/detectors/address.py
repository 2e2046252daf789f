"""Addresses down to the house."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit

_H = r"[\u4e00-\u9fff]"
_N = r"[0-9０-９零〇一二三四五六七八九十百幺两A-Za-z甲乙丙丁东西南北]"
_GAP = r"[\s,，、.。-]{0,2}(?:嗯|呃|那个|不对是?|不是)?[\s,，、]?"
_AREA = rf"{_H}{{2,7}}?(?:省|自治区|市|区|县|旗|镇|乡|街道|开发区)"
_STREETS = (
    "大道|大街|路|街|巷|胡同|弄|里|道|村|屯|庄|条|坊|营|塘|桥|沟|岭|寨|坡|埠|堡|小区|社区|花园|家园|公寓|大厦"
    "|广场|新村|苑|城"
    "|园|庭|府|湾|湖|山|岛|寓|公馆|名邸|国际|新城|雅居|华庭|宿舍|家属院|大院|庄园|别墅|中心"
    "|豪庭|轩|阁|郡|墅"
)
_STREET = rf"{_H}{{1,8}}?(?:{_STREETS})"
_STREET_ENDS = "".join(sorted({street[-1] for street in _STREETS.split("|")}))
_HOUSE = (
    rf"{_N}{{1,8}}(?:之{_N}{{1,2}})?(?:号附{_N}{{1,3}}号|号(?:楼|院|厂房)|号|弄"
    r"|栋|幢|座|单元|室|楼|层|户|门|支弄|队|组|期)"
)
_ADDRESS = re.compile(
    rf"(?:{_AREA}{_GAP}){{0,4}}{_STREET}(?:{_GAP}{_STREET}){{0,3}}{_GAP}[东西南北中]?(?:段"
    rf"|侧)?{_GAP}{_HOUSE}"
    rf"(?:{_GAP}(?:{_STREET}{_GAP})?{_HOUSE}){{0,5}}(?:{_GAP}(?:{_N}{{1,3}}[-－杠])?{_N}{{2,6}}(?![元块年月日点分%个天])(?:室"
    rf"|号)?)?"
)
# The last street or estate with the house behind it, of which every address has one.
_AT_A_HOUSE = re.compile(rf"[{_STREET_ENDS}]{_GAP}[东西南北中]?(?:段|侧)?{_GAP}{_HOUSE}")
# What stands before the first place: everything up to the last of these.
_LEAD = re.compile(
    r"^.*(?:住在|住的?是|家住|地址(?:是|在|为|填的?是?|写的?是?|[:：])?|寄[到往去给]|送[到往去]"
    r"|搬[到去]了?|家在|住|位于|改成"
    r"|改为|换成|登记的?是?|写的?是?|填的?是?|户籍(?:是|在)?|户口(?:是|在)?|我在|就在|现在|是在"
    r"|老家|(?<!不)(?<!不对)是|在|到|寄|的|[嗯啊哦呃])"
)
_PUBLIC = re.compile(
    r"支行|理赔部|寄[至到]我[司行]|医院|门诊|体检|网点|营业(?:厅|部)|分行|总行|分公司|总公司|总部|门店|柜台|服务(?:中心|网点|大厅)"
    r"|客服中心|理赔(?:中心|点)|自助银行|ATM"
    r"|派出所|法院|仲裁|交易所|办公(?:地址|地点|室)|我[们行司](?:公司|银行|的?地址|位于|在)"
    r"|公司地址|注册地|机构",
    re.I,
)
_PRIVATE = re.compile(
    r"我家|家里|住[在址]|我就?住|家庭(?:住)?址|我(?:的)?(?:住)?地址|您(?:的)?(?:住|家|通讯|联系|收货"
    r"|邮寄|寄送)|寄[到给]我|收货|户籍|户口"
)
_OF_A_HOUSE = "号弄栋幢座室户楼层单门队组期"


class Address:
    """Street and number, or estate, building and room; not those of branches and offices."""

    kind = "address"
    data_class = DataClass.C2
    wordy = True
    cue = Cue(
        form=re.compile(rf"{_N}[{_OF_A_HOUSE}-](?![0-9]*[月日])"),
        hints="|".join((*_OF_A_HOUSE, "-")),
    )

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Places with a house; the words before the first place are cut off."""
        text = passage.text
        if not _AT_A_HOUSE.search(text):
            return
        for match in _ADDRESS.finditer(text):
            lead = _LEAD.match(text[match.start() : match.end() - 4])
            start = match.start() + (lead.end() if lead else 0)
            if match.end() - start < 5 or self._public(passage, start, match.end()):
                continue
            if match[0].endswith("期") and "址" not in text + passage.earlier:
                continue
            named = _PRIVATE.search(text) or "址" in text + passage.earlier
            yield Hit(start, match.end(), True, 0.9 if named else 0.7, context=bool(named))

    @staticmethod
    def _public(passage: Passage, start: int, end: int) -> bool:
        """Whether it is the address of a branch or an office."""
        sentence = re.split(r"[。！？!?\n]", passage.text[:start])[-1] + passage.text[start:end]
        after = re.split(r"[。！？!?\n]", passage.text[end:])[0]
        if _PRIVATE.search(sentence):
            return False
        return bool(_PUBLIC.search(sentence + after) or _PUBLIC.search(passage.earlier))

    def keep(self, number: str) -> tuple[int, int]:
        """浙江省杭州市****: the city, which is no address."""
        cities = list(re.finditer("[省市]", number))
        return (cities[-1].end() if cities else 0), 0
