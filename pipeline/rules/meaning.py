"""What a phrase means where it stands: denied, asked, or reported is not said.

不保本 is no promise; 能保证收益吗 is a question; 任何说保本的都是诈骗 is a warning. The guards read
the clause around a hit and its neighbours, so they also work on text without punctuation. They are
made for phrases whose use would accuse an agent: in doubt they excuse.

`negation`  the speaker denies or forbids it        我们不能保证收益 · 密码请不要告诉我
`question`  the speaker asks                        您是想问是否保本吗
`reported`  somebody else says it, or a warning     凡是说稳赚不赔的都是骗人的
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline.rules.turns import Turn

Guard = Literal["negation", "question", "reported"]
GUARDS: tuple[Guard, ...] = ("negation", "question", "reported")
WHY = {"negation": "是否定或劝阻的说法", "question": "是问句", "reported": "是转述或提醒"}

# How far back a negation reaches, in characters, inside one clause.
_REACH = 12

# Words that hold 不/没/别/非 and deny nothing, or soothe ("don't worry, it is guaranteed").
_NEUTRAL = re.compile(
    r"(?:不用|不必|不要|不需要|无需|别|没必要|没有必要)(?:再|太|有任何)?"
    r"(?:管|操心|操作|动手|担心|担忧|着急|怕|害怕|顾虑|犹豫|紧张|客气|多想|考虑|纠结|错过)"
    r"|不(?:错|但|仅|光|只|过|管|论|同|断|久|少|好意思|客气|一样|如|妨|单|是吗|是吧|懂)"
    r"|(?:对|差)不(?:起|多)|要不(?!要)|没(?:问题|关系|错|事|说的|得说)|不用说|毫无疑问|无论|无非"
    r"|不(?:耽误|打扰|占用|影响|妨碍|麻烦|着急|急|吃?亏|贵|高|大(?!可能|会|敢|能)|难|远|长|像(?!以前|过去|从前|之前|存款|定期)|限|愁|瞒|骗|缺|赶紧|抓紧|是谁都|吹牛?|夸张|夸口|开玩笑|算(?:贵|高|多|长))"
    r"|别(?:挂|急|慌|走|催|误会|介意|见怪|生气|多心|嫌\w{1,3})"
    r"|没(?:多久|几天|[听看记]错)|没有?(?:任何|什么)?(?:门槛|手续费|费用|额度|限制|期限|套路|风险|时间)"
    r"|不到(?:期|[一二两三四五六七八九十半几百千万\d])"
    r"|别(?:的|人|家|处)|[特分区级个性类告]别|非常|除非|非得|(\w)不\1|有没有|可不可以"
    r"|不.{1,3}的话|(?:如果|要是|假如|万一|只要|若)(?:您|你)?(?:不|没)\w{0,3}|没买"
    r"|再不\w{1,6}?就|不(?:还|买|办|交|存|付|来|去|接|签|转)\w{0,4}?就"
    r"|不(?![会能可得是敢要用必])\w{0,4}?(?:还|交|缴|处理|接电话)(?:款|钱|上|清|了|掉)?\w{0,6}?(?:就|那我|我)"
    r"|(?:他|她|您|你|再)不(?:还|交|接电话|处理|给钱|联系)(?:款|钱|上|的话)?$"
    r"|不得不|不能不|不会不|不可能不|不可能没|没有不|没有一个不|无不|不知道(?!的)|不信您|不信你"
)
_DENIAL = re.compile(
    r"不(?!了)|没有?|无法|无权|并非|绝非|非(?!常)|未(?!来)|勿|别|禁止|严禁|杜绝|拒绝|避免|防止|谈何|难以|岂能|哪能|哪敢"
    r"|谁也|谁都不|不等于|做不到"
)
# What every denial begins with.
_MAY_DENY = re.compile("[不没无并绝非未勿别禁严杜拒避防谈难岂哪谁做]")
# Between a denial and a phrase: what was denied is complete, somebody begins anew.
# 不走流程了您直接 · 没收到吗那您 · 不懂的阿姨 · 不是我吹这款; not 不能跟您, 没有人会替您.
_ANEW = re.compile(
    r"(?<![为除不没有])了|[吗吧呢呀啊嘛哦]|的(?=[您你我咱这那]|阿姨|叔叔|大[爷姐哥]|[哥姐]|先生|女士)"
    r"|[^能会敢可得要是有许准让叫请求议劝诉知应跟和给对向替帮为代把将由证们都]{2}(?:[您你咱]|我(?!们?[行司])|这[个款种]|那[个款种])"
    r"|^是我\w这"
)
# Behind these words a new thought begins and an earlier negation no longer reaches.
_TURN = re.compile(
    r"但是?|可是|不过|而是|反而|其实|反正|所以|因此|因为|我跟您说|我跟你说|我告诉您|我告诉你|我向您保证"
    r"|放心|(?<!是)也(?![不没能会可])|还(?![能会敢在是有可给说讲])|就(?:是一?款|可以|能)|听我说|(?<![不是])一样|(?<!是)真的|照样"
    r"|的话|否则|要不然|这次|现在这|另外|而且|并且|只有我们|我们(?:这|家)"
)
# Directly behind the phrase: "保本是做不到的".
_DENIED_AFTER = re.compile(
    r"^(?:的?(?:收益|产品|理财|话|说法|事情|情况|承诺|这种|这个|这类|一说|什么的|这个词|词|[两二]个?字|这话)){0,3}"
    r"(?:现在|目前|我们?|监管|国家|规定|法律|领导|银行|这个|这|那|也|都|可|肯定|绝对|一定|是|真的|已经|早就|根本|谁也|谁都|谁){0,4}"
    r"(?:做不到|[保讲说承][证诺]?不了|不了|不让|不准|不许|没关系|两码事|差得?远|不沾边|无关|不到(?!期|位|一)|没有的|没有了|没有这|不存在(?!风险|亏|问题|损)"
    r"|不可能(?!亏|赔|损|跌|少|有|出|存|会|不|没)|不可以|不允许|不被允许|不敢(?:说|讲|保证|承诺)"
    r"|不能(?:用|提|说|讲|保证|承诺|答应|做|这么|这样|给|告|透|泄|发|报|念|提供)|谈不上|说不准|不好说|没法|无法|不合规"
    r"|不合法|违规|违法|不是(?:我们|银行|真的|承诺|绝对)|不现实|假的|骗人|不靠谱|不属实|取消|打破)"
)
_FORBIDDEN_INSIDE = re.compile(
    r"不要|(?<![特分区级个性类告])别(?!的|人|家|处)|勿|不用|无需|不必|不需要|不会(?:让|要|问|向)|不得"
    r"|不(?:能|可以?)(?:告诉|说|给|透露|泄露|发|报|念|提供)"
)

_OTHERS = (
    r"有人|有些人|对方|陌生人|骗子|任何人|任何机构|别人|不法分子|诈骗分子|犯罪分子|坏人|黑中介|中介"
    r"|冒充\w{0,6}|自称\w{0,8}|谎称|假冒|所谓的?|凡是|但凡|凡(?=[说称讲声宣以])|只要有?人|谁要是|谁"
)
_SPEAKS = r"说|讲|称|承诺|宣称|声称|保证|告诉|表示|宣传|推荐|问|要|让|叫|索要|索取|骗|忽悠|提供"
_REPORTED_BEFORE = re.compile(
    rf"(?:{_OTHERS})\w{{0,8}}(?:{_SPEAKS})\w{{0,10}}$"
    r"|任何(?:人|机构|单位|平台|公司)?\w{0,4}(?:说|讲|称|承诺|宣称|声称|号称|保证|要求|要|问|索要)\w{0,8}$"
    r"|(?:他|她|他们|业务员|销售|朋友|邻居|网上|外面|外边|广告|短信|电话里|群里)(?:里|上|们)?\w{0,3}"
    r"(?:说|讲|宣传|承诺|告诉|称)\w{0,8}$"
    r"|(?<![跟和对给向听瞒])(?:您|你)(?:刚才|刚刚|之前|前面|是|想|要|所|提|现在|可能|的意思是){0,3}"
    r"(?:说|讲|问|提到|提|听说|听到|看到|理解|以为|认为|担心|咨询|了解)(?:的|到的|的是)?(?:这个|那个|那种|这种)?[^\W我]{0,4}$"
    r"|(?:没有?人?|从未|不会|不敢|谁)(?:说|骂|讲)过?(?:您|你)?\w{0,3}$"
    r"|(?<![跟和对给向听瞒])(?:您|你)(?:刚才|刚刚)?(?:说|骂|讲)我\w{0,3}$"
    r"|号称\w{0,4}$|打着\w{0,8}$"
    r"|(?:警惕|谨防|小心|当心|防范|远离|举报|警方|反诈|诈骗|骗局|骗术|套路|谨慎对待)\w{0,10}$"
    r"|(?<!信)不(?:要|能|可)?(?:轻信|相信|听信|信)\w{0,10}$|别(?:轻信|相信|听信|信)\w{0,10}$"
)
_REPORTED_AFTER = re.compile(
    r"^\w{0,12}?(?:都|就|全|全都|肯定|一定|可能|很可能|往往|基本上?|多半|绝对){0,3}(?:是|属于|算|涉嫌)"
    r"(?:一种|一个|典型的|电信|网络|常见的?){0,2}"
    r"(?:诈骗|骗子|骗人|骗局|骗您|骗你|骗钱|假的|假冒|违规|违法|不合规|非法|不对|谣言|忽悠|误导|诱导|不可信|陷阱|套路)"
    r"|^\w{0,8}?(?:要|一定要|请|请您|您要|千万要){0,2}(?:小心|当心|警惕|提高警惕|注意防范|立即挂断|马上挂断|挂断|报警)"
    r"|^\w{0,8}?(?:请|千万|您|一定|就|都){0,3}(?:不要|别|不能|切勿|勿)(?:轻信|相信|听|信|上当|理|理会|理睬|给|转)"
    r"|^的?(?:不要|别)(?:轻信|相信|信)"
)
_NEGATED_SPEECH = re.compile(
    r"(?:没有?|从来没有?|从未|不曾|未|不会|不能|不可能|不敢|无法|不得)"
    r"(?:跟|和|对|向|给|与)?(?:您|你|客户|任何人)?(?:说|讲|承诺|表示|答应|提|保证)过?(?:什么|任何|过)?$"
)
_CONDITION = re.compile(
    r"如果|要是|凡是|但凡|只要|遇到|碰到|假如|一旦|任何|有人|对方|陌生人|万一|接到|收到"
)

_TAG = re.compile(r"(?:好|行|对|可以|知道|明白|清楚|懂|是|听懂)(?:了|的)?(?:吗|吧|么|不)$")
_ASKS_END = re.compile(r"(?:吗|么|嘛|没有|不)$|^\w{0,12}?(?<![好行对以道白楚懂是])吗")
_ASKS_BEFORE = re.compile(
    r"(?:是否|是不是|会不会|能不能|可不可以|有没有|能否|可否|哪(?:款|个|种|些)|什么(?:产品|理财)?)\w{0,6}$"
)
_RHETORICAL = re.compile(
    r"不(?:是|就是|都|也)\w{0,14}(?:吗|么)$|难道|怎么(?:会|可能|能)不|哪(?:能|会)不|还能(?:骗|不)"
)


def excuse(turn: Turn, start: int, end: int, guards: tuple[Guard, ...]) -> Guard | None:
    """Why the folded characters [start, end) of a turn do not count as said; None if they do."""
    if not guards:
        return None
    left, right = turn.clause(start, end)
    before, inside, after = turn.text[left:start], turn.text[start:end], turn.text[end:right]
    if "question" in guards and _asked(turn, right, before, inside + after):
        return "question"
    if "reported" in guards and _reported(turn, (left, start, end, right)):
        return "reported"
    if "negation" in guards and (
        _forbidden_inside(inside) or _denied(before) or _denied_after(turn, end, right)
    ):
        return None if _RHETORICAL.search(before + inside + after) else "negation"
    return None


def _forbidden_inside(phrase: str) -> bool:
    """Whether a phrase forbids between its first character and its last: 密码请不要告诉我."""
    found = _FORBIDDEN_INSIDE.finditer(phrase)
    return any(match.start() > 0 and match.end() < len(phrase) for match in found)


def _denied(before: str) -> bool:
    """Whether a negation in the same clause reaches the phrase."""
    if not _MAY_DENY.search(before):
        return False
    calm = _NEUTRAL.sub(lambda match: "＿" * len(match[0]), before)
    breaks = list(_TURN.finditer(calm))
    near = (calm[breaks[-1].end() :] if breaks else calm)[-_REACH:]
    denials = list(_DENIAL.finditer(near))
    if not denials or _ANEW.search(near[denials[-1].end() :]):
        return False
    if len(denials) > 1 and denials[-1].start() - denials[-2].end() <= 2:
        return len(denials) % 2 == 1  # 不可能不保本
    return True


def _denied_after(turn: Turn, end: int, right: int) -> bool:
    """Whether what follows takes it back: 保本是做不到的, also behind a comma."""
    if _DENIED_AFTER.search(turn.text[end:right]):
        return True
    if end != right:
        return False
    stop = turn.sentence(end - 1, end)[1]
    return bool(_DENIED_AFTER.search(turn.text[end:stop]))


def _asked(turn: Turn, right: int, before: str, rest: str) -> bool:
    clause = before + rest
    if _TAG.search(clause) or _RHETORICAL.search(clause):
        return False
    if _ASKS_BEFORE.search(before):
        return True
    return bool(_ASKS_END.search(rest)) if right not in turn.questions else True


def _reported(turn: Turn, places: tuple[int, int, int, int]) -> bool:
    """Whether somebody else is said to say it, or it is called false or a fraud."""
    left, start, end, right = places
    opening, stop = turn.sentence(start, end)
    before = turn.text[left:start]
    breaks = list(_TURN.finditer(before))
    if _REPORTED_BEFORE.search(before[breaks[-1].end() :] if breaks else before):
        return True
    if _REPORTED_AFTER.search(turn.text[end:right]) or _REPORTED_AFTER.search(
        turn.text[right:stop]
    ):
        return True
    earlier = turn.text[opening:left]
    if not earlier or "我们" in before:
        return False
    if _NEGATED_SPEECH.search(earlier) and len(before) <= 6:
        return True
    last = turn.text[turn.clause(left - 1, left)[0] : left]
    return bool(_CONDITION.search(last)) and bool(
        re.search(rf"(?:{_OTHERS}|电话|短信|链接|平台)", last + before)
    )
