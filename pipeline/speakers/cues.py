"""What agents say and what customers say: each cue a pattern, and how much it weighs.

A weight is the change of the log-odds that the side that said it is the agent. They come from a
logistic regression over calls written for tuning (`bench/cases/**/development`), rounded, and
tempered where those calls are cleaner than real ones (written agents always say 您). A cue counts
with the square root of the turns that show it, three at most, so that no habit of speech decides
alone. How often they are right on calls nobody tuned on: bench/README.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

HOUSE = "(?:银行|保险|证券|基金|公司|中心|集团|金融|贷款|理财|信用卡|平台|客服)"
MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Cue:
    """A way of speaking. `weight` > 0: of an agent, < 0: of a customer."""

    weight: float
    pattern: re.Pattern[str]


def _cue(weight: float, *patterns: str) -> Cue:
    return Cue(weight, re.compile("|".join(patterns), re.IGNORECASE))


CUES: Mapping[str, Cue] = {
    # ── agents ──
    "institution": _cue(
        2.0,
        rf"(?:这里|这边|我这边|我们这边)是?[^，。？！]{{0,12}}{HOUSE}",
        rf"我是[^，。？！]{{0,12}}{HOUSE}[^，。？！]{{0,6}}"
        r"(?:的|客户经理|客服|专员|顾问|工作人员)",
        r"(?:银行|保险|证券|基金|公司|中心)的?"
        r"(?:客户经理|客服|投资顾问|理财经理)(?:代表|专员)?(?:小|，|[^，。？！]{1,4}为您)",
    ),
    "welcome": _cue(
        2.0,
        r"欢迎(?:致电|拨打|来电)|感谢您?的?(?:来电|致电|接听|拨打)",
        r"thank(?:s| you) for calling",
    ),
    "staff_number": _cue(
        2.5,
        r"[工公]号(?!码?是?多少|是?什么|给我)[是为，]?[^，。？！]{0,2}"
        r"[零一二三四五六七八九十幺洞\dA-Z]",
    ),
    "offers_help": _cue(
        2.0,
        r"[为帮替]您(?:服务|效劳)",
        r"(?:什么|哪些)(?:业务|问题|需要)?[^，。？！]{0,4}(?:可以|能|能够|需要)[^，。？！]{0,2}(?:帮|为您|协助)",
        r"how (?:can|may) i (?:help|assist)",
    ),
    "recorded": _cue(1.0, r"(?:通话|电话|本次)[^，。？！]{0,8}(?:将|会|被)[^，。？！]{0,3}录音"),
    "asks_name": _cue(
        2.0,
        r"请问(?:是|您是|您(?:贵姓|怎么称呼|的姓名))|怎么称呼您|您贵姓",
        r"是[^，。？！]{1,4}(?:先生|女士|小姐)(?:吗|吧|本人)|您是[^，。？！]{0,6}(?:本人|先生|女士)",
        r"(?:may|can) i have your|your (?:first|last|full)? ?name,? please",
    ),
    "verifies": _cue(
        2.2,
        r"核[实对]|核验|验证(?:一下)?(?:您|身份)|(?:请|麻烦)您?(?:提供|报|说|输入)",
        r"身份证?(?:号码?)?后[四六]位|您的?[^，。？！]{0,8}(?:报一下|说一下|是多少|提供一下)",
    ),
    "does_for_you": _cue(
        2.2,
        r"[帮给为替]您[^，。？！]{0,4}(?:查|办|登记|转|看|核|提交|申请|处理|记录|反馈|操作|备注|开|锁|挂失|取消"
        r"|安排|预约|联系|更新|改|受理|介绍|推荐|说明|算|发)",
        r"let me (?:check|look|see|pull|transfer|get)",
    ),
    "wait": _cue(
        1.5,
        r"(?:请|麻烦)您?(?:稍等|稍候)|请不要挂机|让您久等|感谢您的耐心",
        r"bear with me|hold on one",
    ),
    "anything_else": _cue(
        1.5,
        r"还有(?:什么|别的|其[他它])[^，。？！]{0,6}(?:帮|需要|问题|可以)|其他(?:需要|问题)吗",
        r"anything else",
    ),
    "farewell": _cue(
        1.5,
        r"祝您|感谢您的(?:支持|配合|理解|接听|信任)|请您?(?:对我的服务|给.{0,3}评价)|打扰您|打扰了|满意度",
        r"have a (?:great|good|nice) (?:day|one|evening)",
    ),
    "apologises": _cue(0.8, r"抱歉|给您(?:带来|造成|添)|让您.{0,4}不便|理解您的(?:心情|感受)"),
    "our_house": _cue(
        1.5,
        r"我们(?:银行|公司|行|这边|平台|中心|保险|证券|系统|工作人员|客服|目前|最近|规定|会)",
        r"我[行司]|本行|系统(?:里|显示|这边|上)|这边(?:看到|显示|查|帮|给|系统)",
    ),
    "addresses_you": _cue(
        2.2,
        r"(?:建议|提醒|告知|通知|推荐|推荐给|跟|向)您|请您|您可以|您这边|您方便|您看",
    ),
    "honorific": _cue(0.8, r"您"),
    "demands_payment": _cue(
        1.5,
        r"[你您][^，。？！]{0,12}(?:逾期|欠款|欠的|借的|还款|没还)",
        r"(?:今天|什么时候|必须|尽快)[^，。？！]{0,6}(?:还|处理|还清|还上)",
    ),
    # ── customers ──
    "you_people": _cue(-2.0, r"你们"),
    "wants": _cue(
        -1.9,
        r"我(?:想|要|就想|就要|是想|打算|准备|来)"
        r"(?:问|咨询|查|了解|办|投诉|退|取|挂失|改|开|买|报|知道|看看|申请|注销|销|转|提前|还|确认)",
        r"i(?:'d like| want| need| was wondering)",
    ),
    "my_thing": _cue(
        -1.2,
        r"我(?:的|那个|那张|这个|这张|家)[^，。？！]{0,4}"
        r"(?:卡|账户|账单|保单|贷款|手机|钱|车|基金|股票|密码|单子|还款|理财|合同)",
        r"\bmy (?:car|card|account|policy|loan|truck|bill)",
    ),
    "do_for_me": _cue(
        -1.4,
        r"[帮给替跟]我(?:查|办|看|改|退|转|处理|取消|开|弄|说|讲|挂失|登记|问|解释|算|发|换|注销|个)",
    ),
    "who_are_you": _cue(-1.0, r"[你您]是?(?:哪位|谁|哪[里儿个])|谁啊|什么事[？，]"),
    "complains": _cue(
        -1.0,
        r"投诉|骗子|骗我|忽悠|凭什么|太过分|没钱|还不起|烦死|怎么(?:回事|这么)|搞什么|什么意思|不需要|没兴趣"
        r"|别再打|不要再打",
    ),
    "asks": _cue(
        -1.1,
        r"多少(?:钱|天|利息|手续费)|有没有(?:风险|手续费|保证|别的)|怎么(?:办|弄|操作|算|还|开|取)"
        r"|能不能|可不可以|可以吗|安全吗|靠谱吗|会不会",
    ),
    "thanks": _cue(-0.5, r"谢谢你|谢谢啊|麻烦你|好嘞|行吧|得了|算了"),
}  # fmt: skip
LENGTH_WEIGHT, LENGTH_MOST = 0.7, 1.5  # agents talk more: log of the ratio of characters


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: which side, how many characters, and the names of the cues in it."""

    side: int
    size: int
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cue of one side: the first turn that shows it, the log-odds that the side is the agent."""

    name: str
    side: int
    turn: int
    log_odds: float


def read_turn(side: int, text: str) -> Turn:
    """The cues of one turn."""
    cues = tuple(name for name, cue in CUES.items() if cue.pattern.search(text))
    return Turn(side, len(text), cues)


def weigh(name: str, times: int) -> float:
    """The log-odds that a side is the agent which shows a cue in so many turns."""
    return CUES[name].weight * sqrt(min(times, MOST_TURNS))


def shown_cues(turns: Sequence[Turn]) -> list[Shown]:
    """Every cue that each side shows, over all turns."""
    first: dict[tuple[str, int], int] = {}
    times: Counter[tuple[str, int]] = Counter()
    for index, turn in enumerate(turns):
        for name in turn.cues:
            first.setdefault((name, turn.side), index)
            times[name, turn.side] += 1
    return [
        Shown(name, side, first[name, side], weigh(name, count))
        for (name, side), count in times.items()
    ]


def longer(turns: Sequence[Turn], side: int, other: int) -> float:
    """Log-odds that `side` is the agent because it says more than `other`."""
    size = {s: 1 + sum(turn.size for turn in turns if turn.side == s) for s in (side, other)}
    return LENGTH_WEIGHT * max(-LENGTH_MOST, min(LENGTH_MOST, log(size[side] / size[other])))
