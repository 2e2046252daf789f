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
    "戴冼郁蔺楚沙匡郏郜濮闻匡茹鞠荆桑冀敖禹晁巫嵇储阙浦雍栾昝裘麻蔚窦逄亓楼荀谌郦展晋植蒲巩练敬扈段闫季伍丛佘刁景邸甄辜茅仝亢宓翁骆邰薄符"
)
COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳"
    "|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|令狐|百里|呼延|东郭|西门|南门"
)
# Also surnames, but everyday words: only where something says that a name stands there.
_RARE = "向时文国从和别那东容利丰满常高年母公干令花都权木水火海占计成经代解申强"
# Characters that given names are made of.
_GIVEN = frozenset(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅秀珍珠琴凤洁琳素云莲真环雪荣爱香月媛瑞凡佳嘉"
    "琼勤贞莉璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉君蕊薇菁梦岚苑婕馨韵融艺咏卿聪澜"
    "纯毓悦昭冰爽茗羽希宁欣育滢馥筠柔竹凝晓欢霄枫芸菲寒伊亚宜可舒影荔枝思博文辉力永健世广志义兴良海山仁"
    "波贵福生龙元全国胜学祥才发武新利清飞彬富顺信子昌成康星光天达安岩中茂进林坚彪诚敬震振壮群豪邦承乐绍"
    "功松善厚庆民友裕河哲江浩亮政谦亨奇翰朗伯宏若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士建家致树炎德泰盛雄琛钧"
    "冠策腾楠榕航弘正阳东春连立锋峰帆蕾桐萱梓涵轩宇睿翊昊皓晖鑫淼森焱垚煜炜烨熙彤雯霖霏莹慧惠淑贤燕凯恒"
    "洪鸿钢铁金银宝喜旺根柱玲珑巧花菊杏桃彩霜雨虹虎骏驰程远景卫勋俭孝忠礼智方圆佑俊儒雅珺瑜瑛璇珂璟钰铭"
    "锐钊铮沐沁沛泓淇渊湘滨潇澄濛蓝紫碧翠芷苒茵蔓芝萍苹葵曦昕昀晗暄晴曼书琴诗墨禾苗穗柏桦柳梧知行凌业男"
    "妹娥芬姗倪琪瑗妮婧嫣楚汉章川津洲润源涌淳深溪漪焕灿煌照熊田畅疆培基城堃垣野尧舜禹启夏商周秦唐宋元一少向小大石雁蝶卉芹娣翎骁冲云月九向"
)
_COMPOUND_FIRST = "".join(sorted({name[0] for name in COMPOUND.split("|")}))
FAMILY = rf"(?:(?=[{_COMPOUND_FIRST}])(?:{COMPOUND})|[{SURNAMES}])"
# No name ends in these, nor holds them: what comes behind a name in speech.
_NOT_GIVEN = frozenset(
    "的了是在有和就给我您你他她它这那要能可到说吗呢吧啊呀哦嗯么嘛女号码电手身证卡钱款也都不没还再又很"
    "最更被把帮让请问从向跟与或及但而且如果因为所什怎哪谁几多少办买卖户姓叫住昨姐哥叔姨婆爷"
)
_TITLES = frozenset(
    re.findall(
        r"\w+",
        "先生 小姐 太太 经理 主任 老师 师傅 总监 同志 医生 大夫 律师 阿姨 叔叔 大姐 大哥 "
        "大爷 大妈 老板 姐姐 哥哥 银行 保险 证券 财富 人寿 基金 公司 支行 客服",
    )
)
_POLITE = _TITLES | {"女士"}
# Behind these characters stood the name of a product.
_PRODUCT = re.compile(r"意外|重疾|医疗|年金|[险宝]|计划|产品|借条|理财|[一二三]号|金服|财富")
# What somebody who says his name goes on with.
_GOES_ON = re.compile(r"电话|手机|身份证|号码|今年|住在?|家住|卡号|生日")
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
    if head == 1 and text[start] not in SURNAMES and not (sure and text[start] in _RARE):
        return start
    if text[start + head : start + head + 2] in _TITLES:
        return start
    rare = head == 1 and text[start] not in SURNAMES
    for given in (2, 1):
        end = start + head + given
        name = text[start:end]
        strange = _is_no_given_name(name[head:]) or (rare and not _GIVEN.issuperset(name[head:]))
        if len(name) < head + given or strange:
            continue
        again = name[-1] in name[:head] and text[end : end + 2] in _POLITE
        if again or name[0] == name[1] or _PRODUCT.match(text, end):  # 韩雪韩女士, 谢谢…, 安行险
            continue
        begins_a_word = not sure and head == 1 and is_word(name[:2])
        cut = is_word(text[end - 1 : end + 1]) and not (sure and _GOES_ON.match(text, end))
        if not is_word(name) and not begins_a_word and not cut:
            return end
    return start


def _is_no_given_name(given: str) -> bool:
    strange = any(c in _NOT_GIVEN or not "\u4e00" <= c <= "\u9fff" for c in given)
    return strange or given in _TITLES


def likely_name(name: str) -> bool:
    """Whether a name is made as names mostly are: surname and characters of given names."""
    head = 2 if _COMPOUND.match(name) else 1
    known = head == 2 or name[0] in SURNAMES
    return known and head < len(name) <= head + 2 and _GIVEN.issuperset(name[head:])


def is_family_name(text: str) -> bool:
    """Whether a text is a surname alone."""
    return len(text) == 1 or _COMPOUND.fullmatch(text) is not None


def may_be_called(text: str) -> bool:
    """Whether somebody who says 我叫 … may be called so, though it be a word (我叫高兴)."""
    known = text[0] in SURNAMES or text[0] in _RARE or _COMPOUND.match(text) is not None
    return known and 2 <= len(text) <= LONGEST_WORD and not _is_no_given_name(text[1:])
