"""What names a number: the words before or behind it, also as a recogniser writes them.

The table says which words name which kind; look-alikes are in it too (工号, 保单号, 后四位). A
label of a code (`CREDENTIALS`) only counts when nothing else is said between: 密码重置要去柜台,
离您最近的是零四二八网点 names no password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.privacy.sounds import heard_labels
from pipeline.text import SPOKEN_DIGITS, DigitRun

OTHER = "other"  # the label of a look-alike
CALL = "call"  # 拨打, 热线: a number to dial, maybe a hotline
AMOUNT = "amount"  # 转了, 余额: money, whatever was asked before
LAST_THREE = "last_three"  # 后三位: of the back of a card, unless something else was named
NEUTRAL = (CALL, AMOUNT)  # no look-alike, but no answer to a question either
CREDENTIALS = ("otp", "password", "cvv", "expiry")
REACH = 40  # characters between a label and its number
ANSWER_REACH = 12  # a label this close before a number is answered in its own turn

_NO = "[号后好浩耗豪]"  # 号, and what is written for it
_CARD = r"(?:银行|信用|储蓄|借记|贷记)?卡"
_PARTIAL = r"(?:最后|后面|后|末|尾|前面|前)(?:的|那)?[一二三四五六七八两1-8][位个](?:数字?|数|码)?"
_NUMBERED = (
    "员工|坐席|座席|客服|保单|保险单|合同|何同|和同|案件|订单|流水|工单|受理|交易|业务|凭证|回执"
    "|运单|快递|投诉|赔案|报案|理赔|申请|批改|贷款|发票|登记|房产证|车架|发动机|设备|序列|产品"
    "|门牌|房间|客户|会员|用户|单据|借据|批次|委托|执行|条款|许可证|准考证|学|档案|存单"
)
_SOME = r"(?:数字?|数|码)"
# With what a recogniser writes for them: 验证马, 身份正好马, 手机好.
_LABELS = {
    "cvv": r"[cC]\s?[vV]\s?(?:[vVnNcC]\s?[2二]?|[2二])|安全[码马]"
    rf"|(?:[背反贝被]面|背后|卡背|卡片?的?后[面头]|翻(?:个?面|过来)|签[名字][栏条区处])[^。？！?!]{{0,12}}?"
    rf"(?:[三3]\s*[位个]{_SOME}?|{_SOME})"
    r"|(?:[背反贝被][面后]|后[面头])[^，。？！?!]{0,6}印|正面[^，。？！?!]{0,8}[四4][个位]"
    rf"|[背反贝被]面(?:的|那|就?是|写着|印着|印的是)?(?=\s*[{SPOKEN_DIGITS}])",
    LAST_THREE: rf"(?:最后|末尾|后|末)(?:面|头)?的?那?个?(?:[三3]\s*[位个]{_SOME}?|三[码马满])",
    OTHER: r"工号|(?:短信)?的?发[送件]号码?|来自|提示|房间"
    r"|(?:取[件票餐货号]|邀请|兑换|[券优]|提货|推荐|识别|统一|条形?|二维)码|排队号|分机"
    r"|错误(?:代?码|号)?|报错|弹出(?!来?的(?:数字|码))|流水|工单|回执|[qQ]{2}群|群号?|(?:官方|客服|公司)的?[qQ]{2}"
    rf"|(?:{_NUMBERED})(?:的)?(?:编?{_NO}|单{_NO}|编码)码?|单{_NO}|案号|文号"
    rf"|编[号后]|{_PARTIAL}|尾号|尾数|末尾|总机"
    r"|(?:股票|基金|证券|债券|产品)?代码|邮编|邮政编码|信用代码|营业执照|组织机构|传真"
    r"|(?:身份证件?|证件|护照|驾驶证|行驶证|优惠|活动|合同|保单|产品|报价|积分|[券卷])[的是]?有效期",
    AMOUNT: r"金额|余额|额度|限额|本金|利息|保额|保费|积分|消费|利率"
    r"|[转付扣存取借还花充交汇贷投]了",
    "expiry": r"有效[期七气]限?(?!内)|失效日期|(?i:(?:valid|good)\s?thru)|月份?[和跟与]?年份?"
    r"|(?<!出生)年月"
    r"|卡片?(?:[^，。？！]{0,4})?[到过]期|卡正面|卡上面?(?:印|写|的日期)|卡号下面",
    "otp": r"短信(?:里|上|中)?面?[^，。？！,取邀兑券提案单]{0,6}?"
    r"(?:数字?|码|号|(?:写|显示|说)的?是?)"
    r"|收到的?短信|短信(?:来|到)了?"
    r"|(?:手机上|那条|这条|发[您你给到])[^。？！?!基股]{0,10}?[几四六八468]\s?[个位](?:数字?|数|码)"
    r"|[验厌宴演][证正政整][码马吗玛满]|[校教][验检][码马]|动[态泰]的?(?:密?[码马玛]|密码|口令)"
    r"|短信(?:密码|码)|认证码|确认码|授权码|登[录陆]码|刚才的?码|短信[里上]面?的|[把将那这]个?码(?!头)|[几四六468]位数?的?码|那串(?:数字?|码)"
    r"|(?:收到|发来|蹦出来?|弹出来?|跳出来?)的?(?:那条|那串|那?[几四六八468][个位](?:数字?|数|码))"
    r"|(?:发了?|收到了?|弹出?来?)(?:[您你他给上的那这个条一几]|手机|过[来去])*(?:码|数字)",
    "password": r"密[码马]|口令|(?<!预)设的"
    r"|卡的?那?[六6][个位]数|输入?的(?:就?是)?(?:哪[几些]|什么数|啥数)",
    "id_card": rf"身份[证正就重件]件?(?:的)?(?:{_NO}[码马]?|编号)?|证件{_NO}码?|证件(?:的)?{_NO}",
    "landline": r"座机|固话|固定电话|家里(?:的)?电话|办公室?(?:的)?电话|单位(?:的)?电话"
    r"|[打拨][^，。？！?!]{0,4}(?:办公室|单位|家里|店里)",
    CALL: r"拨打|致电|来电|热线|(?:客服|服务|投诉|举报|咨询)(?:的)?电话",
    "phone": rf"手机{_NO}?[码马]?|(?<!打)电话(?:号码?)?|联系方式|联系号码",
    "wechat": r"[微薇威]信号?|(?i:v信|wechat|(?<![a-z])vx)",
    "qq": r"(?i:(?<![a-z])q(?:\s?q)?(?![a-z]))|扣扣|球球|企鹅号",
    "bank_card": rf"{_CARD}(?:的)?{_NO}|银行卡|信用卡|储蓄卡|借记卡|[这那]张卡|[账帐]号|账户号",
}
# The characters with which a label begins: it is looked for only there, which takes a fifth of the
# time. Of those that are said often the next one counts too.
_FIRST = (
    "cCvVgGwWqQ蹦跳输安背反贝被翻签卡后正最末尾工短发来提房取邀兑券优推识统条二排错报弹流回群官客公员坐座保合何和案订受交业凭运快投赔申批改贷登车设序产门用单借委执许准学"
    "档存文编前总股基证债代邮信营组传身护驾活积卷金余额限本利消转付扣还花充汇失收手验厌宴演校教动认确授刚把将密口固家打拨致热服举咨电联微薇威球企银储账帐"
)
_FIRST_TWO = (
    "的发|有效|[这那][张条个串码]|[几四六468]位|分机|理赔|月[份年和跟与]|行驶|办公|年月|会员"
)
_EITHER = "|".join(f"(?P<{topic}>{form})" for topic, form in _LABELS.items())
_LABEL = re.compile(rf"(?=[{_FIRST}]|{_FIRST_TWO})(?:{_EITHER})")
# Things of which the last three, the back or the number are nobody's secret.
_THINGS = re.compile(
    r"[号证码机户](?:码|的)*$|合同|条款|单|说明|编号|代码|优惠|广告|活动|路线|地图|身份|协议|密码"
)
_HAVE_LAST = (OTHER, "otp", "password", "phone", "id_card", "bank_card")
_GOODS = re.compile(r"工号|邮编|基金|股票|代码|排|页面|图形|利率")
_NEAR = 10
NAMED_AFTER = 20
_AFTER = re.compile(
    r"\s*[,，]?\s*(?:是不是|是吗)?(?:[这那]个?(?:就|也|还)?是[^，。？！?!,0-9]{0,10}?|[这那]?个?就?是)?(?:这个|那个)?"
    rf"(?:[我您你他她]们?)?(?:刚刚?|刚才)?(?:印在(?:卡[面片]?上?的?)?|写在|发|给|印|写)?(?:过?来|出来)?的?\s?(?:初始|默认|登录|交易|支付|取款|查询)?(?:{_LABEL.pattern})"
)
# 不能是一二三四五六这种: no number of anybody's. 不是电话, 跟密码没关系: the label does not count.
_FOR_EXAMPLE = re.compile(r"(?:不能(?:是|用|设)|不要用|别用|比如说?|例如|譬如|像)[\s,，:：]*$")
_OF_THAT_KIND = re.compile(
    r"[\s,，]*(?:(?:这|那)(?:种|样的|类)|之类)"
    r"|(?:的|这个|那个)?(?:开头|打头|结尾|开始的|网点|窗口|柜台|号线|版本|合约|股(?!票账)|路车)"
    r"|(?:发来?)?的(?:广告|短信|推销|客服|热线)"
)
_NOT_THAT = re.compile(r"(?:不是|跟|除了|不用|先不|没有)$")
_NOT_TOLD = re.compile(r"(?:不要|不用|不需要|无需|别|不会|切勿|请勿|不得|不能)[^。？！?!]{0,12}$")
_NOT_NEEDED = re.compile(
    r"[^。？！?!]{0,6}?(?:不要|不用|不需要|无需|别|不会|不能)(?:说|报|告诉|给|透露|提供|念|要|问|$)"
)
# Characters that say nothing of their own between a label and its number.
_LINK = re.compile(
    r"[\s,，、:：。.？?！!—-]*[我你您他她它们就是的新老旧原来想要改成为换填设置记只得好像应该可能大概吧"
    r"报念说给收到写着前后头面那个这对不错了嗯呃啊哦哎看上里下又条在也没吗呢行听输入试数字位等弄"
    r"几三四六八十发告诉过叫做有几都显示支付能已经刚才怎么办印方便用一"
    r"\s,，、:：A-Za-z0-9零二两五七九幺]*"
)
_CLAUSE = re.compile(r"[。？！?!\n；;，,]")


class Label(NamedTuple):
    """A label [start, end) in a text and what it names."""

    topic: str
    start: int
    end: int


@lru_cache(maxsize=256)
def labels(text: str) -> tuple[Label, ...]:
    """The labels of a text as they are written; as they sound where none is written."""
    written = tuple(
        Label(_refined(match.lastgroup or OTHER, text, match), *match.span())
        for match in _LABEL.finditer(text)
    )
    return written or tuple(Label(*heard) for heard in heard_labels(text))


def _refined(topic: str, text: str, label: re.Match[str]) -> str:
    """The last three digits of an order are no CVV, six digits of a fund no code."""
    if topic == "otp":
        return OTHER if _GOODS.search(_clause_before(text, label) + label[0]) else topic
    if topic == LAST_THREE or (topic == "cvv" and label[0][0] not in "Cc安"):
        things = _THINGS.search(_clause_before(text, label)) or _THINGS.search(label[0][:-1])
        return OTHER if things else topic
    return topic


def _clause_before(text: str, label: re.Match[str]) -> str:
    """What is said in its clause shortly before a label."""
    return _CLAUSE.split(text[max(0, label.start() - _NEAR) : label.start()])[-1]


def said(text: str, run: DigitRun, earlier: DigitRun | None) -> str | None:
    """Give the nearest label before the run, else one right after it (…是我的手机号)."""
    start = max(0, run.start_char - ANSWER_REACH)
    if _FOR_EXAMPLE.search(text, start, run.start_char) or _OF_THAT_KIND.match(text, run.end_char):
        return OTHER
    nearest = None
    for label in _before(text, run.start_char):
        if not _NOT_THAT.search(text, max(0, label.start - 4), label.start):
            nearest = label
    if nearest is None or not tied(nearest, text, run):
        after = _AFTER.match(text, run.end_char, run.end_char + NAMED_AFTER)
        return after.lastgroup if after else None
    if nearest.topic == LAST_THREE and any(label.topic in _HAVE_LAST for label in labels(text)):
        return OTHER
    taken = earlier is not None and earlier.start_char >= nearest.end
    if taken and nearest.topic in (OTHER, *NEUTRAL):
        return None
    return nearest.topic


def _before(text: str, at: int) -> Iterator[Label]:
    """The labels within reach before a position."""
    near = [one for one in labels(text) if at - REACH <= one.start and one.end <= at]
    yield from near
    begin = near[-1].end if near else max(0, at - REACH)
    for topic, first, last in heard_labels(text[begin:at]):
        yield Label(topic, begin + first, begin + last)


def tied(label: Label, text: str, run: DigitRun) -> bool:
    """Whether nothing else is said between the label of a code and a number."""
    if label.topic not in (*CREDENTIALS, LAST_THREE) or label.topic == "expiry":
        return True
    return links(text[label.end : run.start_char])


def links(between: str) -> bool:
    """Whether the last words before a number only lead to it."""
    clauses = [clause for clause in _CLAUSE.split(between) if clause.strip()]
    return not clauses or leads(clauses[-1])


def leads(clause: str) -> bool:
    """Whether a beginning of a clause says nothing else than that a number comes."""
    own = _CLAUSE.split(clause)[-1]
    known = _LINK.match(own)
    rest = own[known.end() :] if known else own
    return not rest or _LINK.fullmatch(rest[1:]) is not None  # one character may be misheard


def refused(text: str, label: Label) -> bool:
    """Whether a turn says not to tell it: 请不要告诉我密码, 验证码我们不需要."""
    before = text[max(0, label.start - 14) : label.start]
    return bool(_NOT_TOLD.search(before) or _NOT_NEEDED.match(text, label.end))
