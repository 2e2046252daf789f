"""Phrases found by their sound: a recogniser writes 公号 for 工号 and 露印 for 录音.

Every character of a folded text becomes one symbol, so a position in the symbols is a position in
the text. How much may differ depends on the length of the phrase (measured on calls):

    2–3 syllables   the same syllables and tones, and no other word is written there
    4 and more      the same syllables without tones; zh/z, ch/c, sh/s, n/l, -ng/-n are the same
    6 and more      one syllable in six may be similar, a filler missing or added, inside it

Digits and Latin letters are never heard for one another, 买 never for 卖, 预期 never for 逾期, and
不, 没, 别 … are neither added nor lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import count

from ahocorasick_rs import AhoCorasick, MatchKind
from pypinyin import Style, lazy_pinyin
from pypinyin.phrases_dict import phrases_dict
from rapidfuzz.distance import Levenshtein

from pipeline.rules.characters import Table, text_of

LOOSE_FROM = 4  # syllables from which tones and common confusions do not matter
EDITS_FROM = 6  # syllables from which, and for so many one, a syllable may be wrong
SAME_SYLLABLE, ALIKE = 0.95, 0.85  # what a character counts that is written differently

_DIGITS = frozenset("零〇一二两三四五六七八九十百千万亿幺")
_DENYING = frozenset("不没别非未无勿")
# Sound alike and mean different things, often the opposite.
_NEVER = tuple(map(frozenset, ("买卖", "预逾", "近禁", "升省", "假加", "真正", "亏归", "收受")))
# Words of the trade that pypinyin reads wrongly.
_READ = {
    "还款": ("huan2", "kuan3"), "还钱": ("huan2", "qian2"), "还清": ("huan2", "qing1"),
    "应还": ("ying1", "huan2"), "未还": ("wei4", "huan2"), "已还": ("yi3", "huan2"),
}  # fmt: skip
_LONGEST_WORD = 4
# What a recogniser writes right: where one of these stands in a short phrase, it was said.
_COMMON = frozenset("的了是在有和就给我您你他她它这那要会能可来去说到好对成吗呢吧啊")
# May be lost or added inside a long phrase.
_FILLERS = frozenset("的了呢啊嗯呃哦那个您你")
# Words beside pypinyin's own, of which a short phrase must not be a part.
_TRADE = frozenset(
    re.findall(
        r"\w+",
        "投资 投保 投诉 客户 犹豫 点击 受益 收益 全部 四位 帮助 办理 工本 原音 键盘 操作 试试 可能 "
        "银行 证券 保险 基金 理财 账户 账号 卡号 身份 密码 短信 利息 利率 本金 本人 期限 逾期 还款 "
        "分期 贷款 借款 合同 保单 产品 风险 资金 金额 余额 手续 网点 柜台 手机 电话 号码 信息 信用 "
        "时间 现在 今天 明天 昨天 请问 需要 问题 情况 公司 经理 通过 方便 确认 核实 登录 登记 带来 "
        "免费 误导 费用 错误 立即 处理 服务 风险 谨慎 选择 说明 名额 下载",
    )
)
_FIRST_SYMBOL = 0xE000  # a private area of Unicode; there are about 1,800 syllables
_SYMBOLS_FROM, _SYMBOLS_TO = chr(_FIRST_SYMBOL), chr(0xF900)
_symbols: dict[str, str] = {}
_syllables: dict[str, str] = {}
_numbers = count(_FIRST_SYMBOL)

# Written for 不, 没, 别 by a recogniser, apart from words where they stand by right.
_HOMOPHONES = (
    (re.compile(r"(?<![全内外总财干])部(?![门分长])|(?<![公发分散])布(?!置)"), "不"),
    (re.compile(r"(?<![一进同逐初下跑地这])步(?!骤|入)|簿"), "不"),
    (re.compile(r"[梅煤枚眉霉]|媒(?!体|介)"), "没"),
    (re.compile(r"[憋鳖]"), "别"),
)


@dataclass(frozen=True)
class Spoken:
    """A folded text as it sounds, one symbol per character: with tones, and loosely."""

    text: str
    toned: str
    loose: str

    @cached_property
    def size(self) -> int:
        """How many of the characters are syllables that may be written otherwise."""
        return sum(_SYMBOLS_FROM <= symbol < _SYMBOLS_TO for symbol in self.toned)


@dataclass(frozen=True, slots=True)
class Heard:
    """Characters [start, end) that sound like a phrase; `score` 1.0: written the same."""

    start: int
    end: int
    score: float


def speak(text: str) -> Spoken:
    """How a folded text sounds."""
    with_tones, loosely = _tables()
    toned = text_of(with_tones.codes(text))
    parts: list[str] = []
    read = 0
    for number, start, end in _words().find_matches_as_indexes(text):
        otherwise = _READINGS[number]
        if otherwise is not None:
            parts += (toned[read:start], otherwise)
            read = end
    if read:
        toned = "".join((*parts, toned[read:]))
    return Spoken(text, toned, text_of(loosely.codes(toned)))


def syllables(spoken: Spoken) -> list[str]:
    """How each character sounds, loosely, such as `bao0`: unlike symbols, the same everywhere."""
    return [_syllables.get(symbol, symbol) for symbol in spoken.loose]


def needed_sounds(phrase: str, *, strict: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Toned and loose symbols of which a text must hold one, if it is to sound like a phrase."""
    spoken = speak_phrase(phrase)
    size = spoken.size
    if size < 2:
        return frozenset(), frozenset()
    if size < LOOSE_FROM or strict:
        return frozenset({spoken.toned}), frozenset()
    return frozenset(), frozenset((spoken.loose, *_parts(spoken.loose, size // EDITS_FROM)))


def _parts(loose: str, edits: int) -> Iterator[str]:
    """Equal parts of a long phrase, one of which is unchanged when so many syllables are wrong."""
    part = len(loose) // (edits + 1)
    if edits:
        yield from (loose[n * part : (n + 1) * part] for n in range(edits + 1))


def denials(text: str) -> str:
    """The text with what sounds like 不, 没, 别 written so; as long as before."""
    for homophone, denial in _HOMOPHONES:
        text = homophone.sub(denial, text)
    return text


def listen(
    phrase: Spoken, text: Spoken, start: int, end: int, *, strict: bool = False
) -> Iterator[Heard]:
    """Where text[start:end] sounds like the phrase; `strict`: with tones, nothing else differing.

    What is written exactly so is among them, with score 1.0.
    """
    size = phrase.size
    if size < 2:
        return
    loose = size >= LOOSE_FROM and not strict
    found = False
    for at in _places(
        *((phrase.loose, text.loose) if loose else (phrase.toned, text.toned)), start, end
    ):
        heard = _judged(phrase, text, at, at + len(phrase.text))
        if heard is not None and (size >= LOOSE_FROM or not _another_word(phrase, text, at)):
            found = True
            yield heard
    if loose and size >= EDITS_FROM and not found:
        yield from _nearly(phrase, text, (start, end), size // EDITS_FROM)


@cache
def _tables() -> tuple[Table, Table]:
    """Character → its symbol with tones → its loose symbol."""
    return Table(lambda char: ord(_toned(char))), Table(lambda symbol: ord(_loose(symbol)))


@cache
def _known_words() -> tuple[str, ...]:
    return tuple({w for w in (*phrases_dict, *_READ) if 2 <= len(w) <= _LONGEST_WORD})


@cache
def _words() -> AhoCorasick:
    """Finds the longest known words: they tell how 行 is read."""
    return AhoCorasick(_known_words(), matchkind=MatchKind.LeftmostLongest)


class _Readings(dict[int, str | None]):
    """Number of a known word → its toned symbols, None where it is read like its characters."""

    def __missing__(self, number: int) -> str | None:
        word = _known_words()[number]
        own = _toned(word)
        self[number] = reading = None if own == "".join(map(_toned, word)) else own
        return reading


_READINGS = _Readings()


@lru_cache(maxsize=65536)
def _toned(word: str) -> str:
    """The toned symbols of a known word or of one character."""
    read = _READ.get(word) or lazy_pinyin(word, Style.TONE3, neutral_tone_with_five=True)
    if len(read) != len(word):
        return word if len(word) == 1 else "".join(map(_toned, word))
    return "".join(_symbol(_reading(*pair)) for pair in zip(word, read, strict=True))


def _loose(symbol: str) -> str:
    """The loose symbol of a toned one."""
    return _symbol(_loosely(_syllables.get(symbol, symbol)))


def _reading(char: str, syllable: str) -> str:
    """The syllable of a character; digits stand for themselves, tones of 不 are one."""
    if char in _DIGITS or not syllable[-1:].isdigit():
        return char
    return "bu4" if char == "不" else syllable


def _loosely(syllable: str) -> str:
    """A syllable without tone and common confusions."""
    if len(syllable) == 1:
        return syllable
    plain = "ni" if syllable == "nin2" else syllable[:-1]  # 您 is said as 你 and the other way
    if plain[:2] in ("zh", "ch", "sh"):
        plain = plain[0] + plain[2:]
    if plain[0] == "n" and len(plain) > 1:
        plain = "l" + plain[1:]
    return (plain[:-1] if plain.endswith(("ang", "eng", "ing")) else plain) + "0"


def _symbol(syllable: str) -> str:
    """One character for a syllable; what is no syllable stands for itself."""
    if len(syllable) == 1:
        return syllable
    # Both calls are atomic: threads never give one symbol to two syllables.
    symbol = _symbols.get(syllable) or _symbols.setdefault(syllable, chr(next(_numbers)))
    _syllables[symbol] = syllable
    return symbol


def _places(phrase: str, text: str, start: int, end: int) -> Iterator[int]:
    at = text.find(phrase, start, end)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1, end)


def _another_word(phrase: Spoken, text: Spoken, at: int) -> bool:
    """Whether what is written otherwise is a word or part of one: 何时, (可能)性明(天)."""
    end = at + len(phrase.text)
    other = [k for k in range(at, end) if text.text[k] != phrase.text[k - at]]
    if not other:
        return False
    if any(text.text[k] in _COMMON for k in other):
        return True
    first, last = other[0], other[-1]
    return any(
        (word := text.text[a:b]) in phrases_dict or word in _TRADE
        for a in range(max(at - 3, 0), last + 1)
        for b in range(max(a + 2, first + 1), min(a + 4, len(text.text)) + 1)
        if a < at or b > end or (a, b) == (at, end)
    )


def _nearly(phrase: Spoken, text: Spoken, span: tuple[int, int], edits: int) -> Iterator[Heard]:
    """Places that differ from the phrase by a few syllables, the best of those that overlap."""
    best: list[tuple[int, int, int]] = []
    for start, end in sorted(_windows(phrase.loose, text.loose, span, edits)):
        distance = Levenshtein.distance(phrase.loose, text.loose[start:end], score_cutoff=edits)
        if distance <= edits:
            best.append((distance, start, end))
    taken: list[tuple[int, int]] = []
    for _, start, end in sorted(best):
        heard = _judged(phrase, text, start, end)
        if heard is not None and all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            yield heard


def _windows(phrase: str, text: str, span: tuple[int, int], edits: int) -> set[tuple[int, int]]:
    """Stretches that begin and end like the phrase and hold one of its parts unchanged."""
    found: set[tuple[int, int]] = set()
    for number, part in enumerate(_parts(phrase, edits)):
        first = number * len(part)
        for at in _places(part, text, *span):
            for shift in range(-edits, edits + 1):
                start = at - first + shift
                for size in range(len(phrase) - edits, len(phrase) + edits + 1):
                    end = start + size
                    if (
                        span[0] <= start
                        and end <= span[1]
                        and text[start] == phrase[0]
                        and text[end - 1] == phrase[-1]
                    ):
                        found.add((start, end))
    return found


def _judged(phrase: Spoken, text: Spoken, start: int, end: int) -> Heard | None:
    """How well a stretch fits, character by character; None where the difference means another."""
    scores: list[float] = []
    written, toned = text.text[start:end], text.toned[start:end]
    for op in Levenshtein.opcodes(phrase.loose, text.loose[start:end]):
        i, i_end, j, j_end = op.src_start, op.src_end, op.dest_start, op.dest_end
        if op.tag != "equal":
            if not _may_err(phrase, (i, i_end), text, (start + j, start + j_end)):
                return None
            scores.extend([0.0] * max(i_end - i, j_end - j))
            continue
        for a, b in zip(range(i, i_end), range(j, j_end), strict=True):
            same_tone = phrase.toned[a] == toned[b]
            if not _may_be(phrase.text[a], written[b], same_tone=same_tone):
                return None
            same = phrase.text[a] == written[b]
            scores.append(1.0 if same else SAME_SYLLABLE if same_tone else ALIKE)
    return Heard(start, end, sum(scores) / len(scores))


def _may_err(phrase: Spoken, a: tuple[int, int], text: Spoken, b: tuple[int, int]) -> bool:
    """Whether some syllables may stand for others: similar ones, or fillers lost and added."""
    said, written = phrase.text[slice(*a)], text.text[slice(*b)]
    if any(c in _DIGITS or c in _DENYING or c.isascii() for c in said + written):
        return False
    if len(said) != len(written):
        return all(c in _FILLERS for c in said + written)
    sounds = zip(phrase.loose[slice(*a)], text.loose[slice(*b)], strict=True)
    return all(_similar(_syllables.get(x, x), _syllables.get(y, y)) for x, y in sounds)


def _similar(one: str, other: str) -> bool:
    """Whether two loose syllables begin or end the same: zeng (证) and zong (重)."""
    vowels = "aeiouv"
    first, second = (
        s[: next((k for k, c in enumerate(s) if c in vowels), 0)] for s in (one, other)
    )
    same_end = one[len(first) :] == other[len(second) :]
    return same_end or (first == second != "")


def _may_be(said: str, written: str, *, same_tone: bool) -> bool:
    """Whether one character may be written for another one of the same sound."""
    if said == written:
        return True
    if written in _DENYING or (said in _DENYING and not same_tone):
        return False
    return frozenset((said, written)) not in _NEVER


@lru_cache(maxsize=8192)
def speak_phrase(phrase: str) -> Spoken:
    """How a phrase of a pack sounds, remembered: packs come and go, their phrases stay."""
    return speak(phrase)
