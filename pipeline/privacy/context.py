"""What a number is about: the label before it, or the question that it answers.

`身份证是 330…` names its number; `请问您的手机号码是多少？ – 幺三八…` asks for it one turn earlier.
Look-alikes are named too: after 工号, 保单号 or 后四位 a number is `other` and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain import Role, Transcript
from pipeline.text import SPOKEN_DIGITS, DigitRun, DigitsView, cells, digits_view, joined_runs

OTHER = "other"  # the label of a look-alike
CALL = "call"  # 拨打, 热线: a number to dial, maybe a hotline
AMOUNT = "amount"  # 转了, 余额: money, whatever was asked before
NEUTRAL = (CALL, AMOUNT)  # no look-alike, but no answer to a question either
REACH = 40  # characters between a label and its number
ANSWER_REACH = 12  # a label this close before a number is answered in its own turn
ASKED_BACK = 4  # passages, both sides counted: the last two turns of the other side

_CARD = r"(?:银行|信用|储蓄|借记|贷记)?卡"
_PARTIAL = r"(?:最后|后面|后|末|尾|前面|前)(?:的|那)?[一二三四五六七八两1-8][位个](?:数字?|数|码)?"
_NUMBERED = (
    "员工|坐席|座席|客服|保单|合同|案件|订单|流水|工单|受理|交易|业务|凭证|回执|运单|快递|投诉|赔案"
    "|报案|理赔|申请|批改|贷款|发票|登记|房产证|车架|发动机|设备|序列|产品"
    "|门牌|房间|客户|会员|用户|单据|借据|批次"
)
# With what a recogniser writes for them: 验证马, 身份正好马, 手机好.
_LABELS = {
    "cvv": r"C\s?V\s?[VNC]\s?2?|安全码"
    r"|(?:[背反]面|签名[栏条区])[^。？！?!]{0,8}?[三3]\s*[位个](?:数字?|数|码)?|[后末]三码"
    r"|[背反]面[^，。？！,?!]{0,6}(?:数字?|码)",
    OTHER: r"工号|(?:短信)?的?发[送件]号码?|来自|提示|房间"
    r"|(?:取[件票餐货号]|邀请|兑换|[券优]|提货|推荐|识别|统一|条形?|二维)码|排队号|分机"
    r"|错误(?:代?码|号)?|报错|弹出|流水|工单|回执|qq群|群号?|(?:官方|客服|公司)的?qq"
    rf"|(?:{_NUMBERED})(?:的)?(?:编?号|单号|编码)码?|单号|案号|文号"
    rf"|编号|{_PARTIAL}|尾号|尾数|末尾"
    r"|(?:股票|基金|证券|债券|产品)?代码|邮编|邮政编码|信用代码|营业执照|组织机构"
    r"|(?:身份证件?|证件|护照|驾驶证|优惠|活动|合同|保单|产品|报价)[的是]?有效期",
    AMOUNT: r"金额|余额|额度|限额|本金|利息|保额|保费|积分|[转付扣存取借还花充交汇贷投]了|消费",
    "expiry": r"有效期限?|失效日期|valid\s?thru|月份?年份?|年月|卡片?到期|卡正面|卡上面?(?:印|写)",
    "otp": r"短信(?:里|上|中)?面?[^，。？！,取邀兑券提]{0,6}?(?:数字?|码|号|(?:写|显示|说)的?是?)"
    r"|收到的?短信"
    r"|验证[码马吗玛]|校验[码马]|动态(?:密?码|密码|口令)|短信(?:密码|码)|认证码|确认码",
    "password": r"密[码马]|口令",
    "id_card": r"身份[证正]件?(?:的)?(?:[号好][码马]?|编号)?|证件号码?|证件(?:的)?号",
    "landline": r"座机|固话|固定电话|家里(?:的)?电话|办公室?(?:的)?电话",
    CALL: r"拨打|致电|来电|热线|(?:客服|服务|投诉|举报|咨询)(?:的)?电话",
    "phone": r"手机[号好浩]?[码马]?|(?<!打)电话(?:号码?)?|联系方式|联系号码",
    "wechat": r"微信号?|v信|wechat|(?<![a-z])vx",
    "qq": r"(?<![a-z])q\s?q(?![a-z])|扣扣|球球|企鹅号|(?<![a-z])q(?![a-z])",
    "bank_card": rf"{_CARD}(?:的)?号|银行卡|信用卡|储蓄卡|借记卡|[这那]张卡|账号|帐号|账户号",
}
_LABEL = re.compile("|".join(f"(?P<{topic}>{form})" for topic, form in _LABELS.items()), re.I)
_HUM = (
    r"[\s嗯啊哦噢喔唔呃额诶欸好对是行的嘞呢吧着了您你,，。.、！!？?~]|请?[说讲报]|请?继续"
    r"|然后|明白|知道|后面|还有|接着|往下|下面|剩下|最后|慢慢|听着|在听|记着"
    r"|[一二三四五六七八两1-8]?[位个]|那?几"
)
# Possessive: these read a text from left to right, in one way or not at all.
_BACKCHANNEL = re.compile(rf"(?:{_HUM})*+")
# The other side says what it heard, and asks on.
_ECHO = re.compile(rf"(?:{_HUM}|[{SPOKEN_DIGITS}]|吗|没错|我记)*+")
_CORRECTED = re.compile(
    r"[\s,，。、]*(?:嗯|呃|哎|哦|啊)*[\s,，]*(?:不对|不是|错了|说错了?|看错了?|念错了?|更正"
    r"|不不|不)"
    r"(?:[\s,，]*(?:不对|不是|错了|说错了?|看错了?|念错了?"
    r"|我?重[新说来]\w?))*[\s,，。]*(?:应该)?(?:还)?是?[\s,，]*"
    r"(?:嗯|呃)?[\s,，]*"
)
WHOLE = (11, 18, 16, 17, 19, 6, 8)  # digits of a phone, an identity card, bank cards, codes
MOST_TAKEN_BACK = 8
_CREDENTIALS = ("otp", "password", "cvv", "expiry")
_NOT_TOLD = re.compile(r"(?:不要|不用|不需要|无需|别|不会|切勿|请勿|不得|不能)[^。？！?!]{0,12}$")
_NOT_NEEDED = re.compile(
    r"[^。？！?!]{0,6}?(?:不要|不用|不需要|无需|别|不会|不能)(?:说|报|告诉|给|透露|提供|念|要|问|$)"
)
# 不能是一二三四五六这种: no number of anybody's. 不是电话, 跟密码没关系: the label does not count.
_FOR_EXAMPLE = re.compile(r"(?:不能(?:是|用|设)|不要用|别用|比如说?|例如|譬如|像)[\s,，:：]*$")
_OF_THAT_KIND = re.compile(r"[\s,，]*(?:这|那)(?:种|样的|类)|之类")
_NOT_THAT = re.compile(r"(?:不是|跟|除了|不用|先不|没有)$")
_AFTER = re.compile(
    rf"\s*[,，]?\s*(?:[这那]?个?就?是)?(?:这个|那个)?[我您你他她]?的?\s?(?:{_LABEL.pattern})", re.I
)


@dataclass(frozen=True, slots=True)
class Number:
    """A run of digits and what it is about: its own label (`said`), else a question (`asked`)."""

    run: DigitRun
    said: str | None = None
    asked: frozenset[str] = frozenset()
    glued: bool = False

    def about(self, kind: str) -> bool:
        """Whether the label, or without one the question, names this kind."""
        return self.said == kind if self.said else kind in self.asked

    @property
    def named_other(self) -> bool:
        """Named as something that is not private."""
        return self.said == OTHER if self.said else self.asked == {OTHER}

    @property
    def look_alike(self) -> bool:
        """Named as something that is not private, or part of an identifier (DD2026…)."""
        return self.named_other or (self.glued and not self.said)


@dataclass(frozen=True, slots=True)
class Passage:
    """One turn: a segment, or several of one role read as one text.

    `segments` are their indexes, `starts` the positions in `text` at which they begin. `earlier` is
    what the other side said just before.
    """

    segments: tuple[int, ...]
    role: Role
    text: str
    starts: tuple[int, ...]
    view: DigitsView
    numbers: tuple[Number, ...] = ()
    earlier: str = ""

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Give the range [start, end) as (segment, start_char, end_char) in the segments."""
        ends = (*(at - 1 for at in self.starts[1:]), len(self.text))
        for segment, begin, finish in zip(self.segments, self.starts, ends, strict=True):
            if start < finish and end > begin:
                yield segment, max(start, begin) - begin, min(end, finish) - begin


def read_passages(transcript: Transcript) -> Iterator[Passage]:
    """Give the turns of a transcript in order, every run of digits with what it is about."""
    before: list[Passage] = []
    for turn in _turns(transcript):
        texts = [transcript.segments[index].text for index in turn]
        text = "\n".join(texts)
        starts, at = [], 0
        for part in texts:
            starts.append(at)
            at += len(part) + 1
        view = digits_view(text)
        numbers = tuple(_numbers(view, before)) if view.runs else ()
        role = transcript.segments[turn[0]].role
        earlier = before[-1].text if before and before[-1].role is not role else ""
        passage = Passage(tuple(turn), role, text, tuple(starts), view, numbers, earlier)
        before = [*before[1 - ASKED_BACK :], passage]
        yield passage


def _turns(transcript: Transcript) -> Iterator[list[int]]:
    """Group the segments of one known role that nobody interrupts but with 嗯, 好的 or an echo.

    What the other side said again meanwhile (六二二二 – 六二二二 – 零二…) is a turn of its own.
    Unknown roles stand alone: the next segment may be the other person.
    """
    turn: list[int] = []
    aside: list[int] = []
    role = None
    for index, segment in enumerate(transcript.segments):
        same = segment.role == role and role is not Role.UNKNOWN
        if turn and not same:
            if role is not Role.UNKNOWN and _BACKCHANNEL.fullmatch(segment.text):
                continue
            if role is not Role.UNKNOWN and _echoes(transcript, turn, segment.text):
                aside.append(index)
                continue
            yield from filter(None, (turn, aside))
            turn, aside = [], []
        turn.append(index)
        role = segment.role
    yield from filter(None, (turn, aside))


def _echoes(transcript: Transcript, turn: Sequence[int], text: str) -> bool:
    """Whether a text says again the last digits of a turn, and hardly more."""
    if not _ECHO.fullmatch(text):
        return False
    again = _plain(text)
    return len(again) > 1 and again in _plain(transcript.segments[turn[-1]].text)


def _plain(text: str) -> str:
    return "".join(plain for *_, plain in cells(text, 0, len(text)) if plain.isdigit())


def _numbers(view: DigitsView, before: Sequence[Passage]) -> Iterator[Number]:
    """Every run with its label or question."""
    runs = _corrected(view)
    for index, run in enumerate(runs):
        earlier = runs[index - 1] if index else None
        said = _said(view.text, run, earlier)
        asked = frozenset[str]() if said else _asked(run, before)
        yield Number(run, said, asked, _glued(view.text, run))


def _corrected(view: DigitsView) -> list[DigitRun]:
    """The runs of a text, those that correct the one before joined with it.

    幺三八零零幺四，不对，零零幺三八零零零: what was right before, then what was said anew.
    """
    runs: list[DigitRun] = []
    for run in view.runs:
        between = (
            _CORRECTED.fullmatch(view.text, runs[-1].end_char, run.start_char) if runs else None
        )
        runs.append(run if between is None else _mended(runs.pop(), run))
    return runs


def _mended(first: DigitRun, second: DigitRun) -> DigitRun:
    """Two runs as one number, without the digits that the second one replaces."""
    for keep in range(len(first), max(-1, len(first) - MOST_TAKEN_BACK - 1), -1):
        if keep + len(second) in WHOLE:
            return joined_runs(first, keep, second)
    return second if len(second) >= len(first) else joined_runs(first, len(first), second)


def _said(text: str, run: DigitRun, earlier: DigitRun | None) -> str | None:
    """Give the nearest label before the run, else one right after it (…是我的手机号)."""
    if _FOR_EXAMPLE.search(
        text, max(0, run.start_char - ANSWER_REACH), run.start_char
    ) or _OF_THAT_KIND.match(text, run.end_char):
        return OTHER
    nearest = None
    for label in _LABEL.finditer(text, max(0, run.start_char - REACH), run.start_char):
        if not _NOT_THAT.search(text, max(0, label.start() - 4), label.start()):
            nearest = label
    if nearest is None:
        after = _AFTER.match(text, run.end_char, run.end_char + ANSWER_REACH)
        return after.lastgroup if after else None
    taken = earlier is not None and earlier.start_char >= nearest.end()
    if taken and nearest.lastgroup in (OTHER, *NEUTRAL):
        return None
    return nearest.lastgroup


def _asked(run: DigitRun, before: Sequence[Passage]) -> frozenset[str]:
    """Give what the last turns asked for and did not get, the nearest turn with a label first."""
    for number, passage in enumerate(reversed(before)):
        again = _answered(passage, run)
        if again is not None:
            return frozenset() if again in NEUTRAL else frozenset({again})
        topics = frozenset(_open_topics(passage, run))
        if _last_topic(passage) == OTHER and OTHER in topics:
            return frozenset({OTHER})
        if number > 0:  # a code is told at once or not at all
            topics = topics.difference(_CREDENTIALS)
        if topics:
            return topics
    return frozenset()


def _answered(passage: Passage, run: DigitRun) -> str | None:
    """What this same number is called in a turn, where it is said again."""
    called = (n.said for n in passage.numbers if n.run.digits == run.digits and n.said)
    return next(called, None)


def _last_topic(passage: Passage) -> str | None:
    """The label that stands last in a turn."""
    labels = list(_LABEL.finditer(passage.text))
    return labels[-1].lastgroup if labels else None


def _open_topics(passage: Passage, run: DigitRun) -> Iterator[str]:
    """Give the labels of a turn that no number follows there, or this same number (a read-back)."""
    for label in _LABEL.finditer(passage.text):
        answers = (
            other
            for other in passage.view.runs
            if label.end() <= other.start_char <= label.end() + ANSWER_REACH
        )
        answer = next(answers, None)
        is_open = answer is None or answer.digits == run.digits
        if label.lastgroup in _CREDENTIALS and _refused(passage.text, label):
            continue
        if is_open and label.lastgroup and label.lastgroup not in NEUTRAL:
            yield label.lastgroup


def _refused(text: str, label: re.Match[str]) -> bool:
    """Whether a turn says not to tell it: 请不要告诉我密码, 验证码我们不需要."""
    before = text[max(0, label.start() - 14) : label.start()]
    return bool(_NOT_TOLD.search(before) or _NOT_NEEDED.match(text, label.end()))


def _glued(text: str, run: DigitRun) -> bool:
    """Whether an ASCII letter stands directly before the run."""
    before = text[run.start_char - 1] if run.start_char else ""
    return before.isascii() and before.isalpha()
