"""Text helpers: digits said in Chinese, with a map back to the original characters.

A number that is dictated arrives in many spellings: `138 0013 8000`, `幺三八，零零幺三，八零零零`,
`妖三八零零腰三八，嗯，八零零零`. `digits_view` finds such runs and says for every digit where it
stands in the original text, so that a hit can be cut out or masked character by character.

Numbers that count something are not runs of digits: amounts, dates, times, rates (三千五百,
二零二六年, 五点八, 百分之三, 12,650.50元). They end a run and are never part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

MIN_RUN = 3  # shorter ones are words such as 三七分成; a CVV has three digits

_DIGIT_ROWS = (
    "0123456789",
    "０１２３４５６７８９",
    "零一二三四五六七八九",
    "〇壹贰叁肆伍陆柒捌玖",
)
_DIGITS = {char: str(value) for row in _DIGIT_ROWS for value, char in enumerate(row)}
_DIGITS |= {"○": "0", "幺": "1"}
# What the recogniser writes for 幺, and readings that are words elsewhere.
_GUESSES = dict.fromkeys("妖腰要吆夭邀摇", "1") | {"两": "2", "俩": "2", "洞": "0", "拐": "7"}
_GUESSES |= {"勾": "9", "钩": "9"}

_D = "".join(_DIGITS).replace("幺", "") + "幺"
_G = "".join(_GUESSES)
SPOKEN_DIGITS = _D + _G  # characters that may be a digit, for a class of an expression
_DIGIT = re.compile(f"[{SPOKEN_DIGITS}]")
_SPACE = r"[\s,，、。.．·…\-—–－_~/]"
_FILLERS = "嗯啊呃额哦喔唔诶欸哎杠"
_SEPARATOR = rf"(?:[{_SPACE[1:-1]}{_FILLERS}]|那个|这个|然后|后面|就是|斜[杠线]){{0,6}}"
_X = r"[xXｘＸ叉]|[艾埃诶爱]克[斯思]"
# 三个八 is 888, 双六 is 66: as many characters, each of them a digit or several.
_REPEATED = re.compile(
    rf"(?:(?P<times>[二两三四五六七八2-8])个|双)(?P<digit>[{_D}妖腰夭])(?![个月号点天年十百千万亿元块成折次])"
)
_TIMES = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_MANY = {  # private characters for a digit said twice or three times in the place of one
    str(digit) * times: chr(0xE200 + 16 * times + digit) for times in (2, 3) for digit in range(10)
}
_VALUES = {**_DIGITS, **_GUESSES, **{char: digits for digits, char in _MANY.items()}}
# What the recogniser writes for 九, 四, 六 and 洞 between digits; elsewhere everyday words.
_INSIDE = {"就": "9", "久": "9", "酒": "9", "是": "4", "留": "6", "流": "6", "动": "0"}
# Expressions begin with a class of characters where they can: the places where nothing begins are
# then passed many times faster.
_MAYBE = f"{_D}{_G}{''.join(_INSIDE)}"
_HINT = re.compile(rf"[{_MAYBE}双](?:(?<!双)(?:{_SEPARATOR}[{_MAYBE}]){{2}}|个|[{_D}妖腰夭])")
_LIKELY = re.compile(
    rf"[{_D}{_G}双](?:(?<!双)(?:{_SEPARATOR}[{_D}{_G}]){{2}}"
    rf"|(?<=[二两三四五六七八2-8])个[{_D}]|(?<=双)[{_D}妖腰夭])"
)
_OFTEN = "".join(_MANY.values())
_SAID = f"{_D}{_G}{_OFTEN}"
_ONE_MAYBE = re.compile(f"[{_MAYBE}]")
_SEVERAL = re.compile(f"[{_MAYBE}]个|[双{_OFTEN}]")
# Three of them, or fewer of which one is several digits.
_STRETCH = re.compile(
    rf"[{_SAID}](?:(?:{_SEPARATOR}[{_SAID}]){{{MIN_RUN - 1},}}"
    rf"|(?<=[{_OFTEN}])(?:{_SEPARATOR}[{_SAID}])?|{_SEPARATOR}[{_OFTEN}])"
)
_HOMOPHONE = re.compile(
    rf"[{''.join(_INSIDE)}](?<=[^A-Za-z][{_SAID}].)[{''.join(_INSIDE)}]?(?=[{_SAID}])"
)
_ANY = rf"(?!一[下个般样定起些直会共遍次边旦切致])[{_D}{_G}{''.join(_INSIDE)}]"
_CLEAR = f"{_D}妖腰夭摇洞拐勾钩"
_ANSWERED = re.compile(  # from the beginning of a phrase, or behind 是
    rf"(?:^|(?<=[{_SPACE[1:-1]}是的呢面头]))(?!就是)"
    rf"(?=[{_D}{_G}{''.join(_INSIDE)}{_SPACE[1:-1]}]*[{_CLEAR}])"
    rf"{_ANY}(?:{_SPACE}{{0,2}}{_ANY}){{2,19}}"
)
_TAIL_X = re.compile(rf"{_SEPARATOR}({_X})(?![A-Za-z])")
MIN_DIGITS_BEFORE_X = 14
MOST_QUOTED = 40  # characters
PRIVATE_FROM = 5  # digits
PAIR = 2  # sure digits beside a homophone
DICTATION = 5  # sure digits in its stretch: there one beside it is enough

# 一 inside these words may be no digit: 等一下, 第一; a digit only among others, and trimmable.
_WORD_ONE = re.compile(r"一(?=[下个般样定起些直会共遍次边旦切致名种])|(?<=[第统唯同之其])一")

_TENS = "十百千万亿"
_ONE = f"[{_D}两]"
_COUNTED = re.compile(
    rf"(?=[¥￥${_D}两几{_TENS}])(?:"  # so the places where nothing begins are passed fast
    + "|".join(
        (
            # money with a sign or thousands commas
            r"[¥￥$]\s*[0-9][0-9,]*(?:\.[0-9]+)?",
            r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?=\s*[元块圆万亿美港人股份])",
            # a written date
            r"(?<![0-9])(?<![0-9][-./])(?:19|20)[0-9]{2}([-./])[01]?[0-9]\1[0-3]?[0-9](?![0-9])",
            # 百分之五点八, 三分之一
            rf"[{_D}{_TENS}几]{{1,6}}分之[{_D}{_TENS}两点.几半]+",
            # decimals: 五点八, 3.25%, 8326.40
            rf"(?<![{_D}]){_ONE}{{1,6}}点[{_D}]+",
            r"(?<![0-9.])[0-9]{1,8}\.[0-9]{1,2}(?![0-9]|\.[0-9])",
            r"(?<![0-9.])[0-9]{1,2}\.[0-9]{3,4}(?![0-9]|\.[0-9])",
            r"(?<![0-9])[0-9]+\s*[%％‰]",
            # 三千五百, 二三十万, 一万二, 36万, 一百零五
            rf"(?:(?<![0-9])[0-9]+|{_ONE}{{0,2}})[{_TENS}](?:[零〇]?{_ONE}?[{_TENS}])*"
            rf"(?:[零〇]?{_ONE}(?![{_D}]))?(?:点[{_D}]+)?",
            # 二零二六年, 五号, 九零天, 八点, 五零零零元
            rf"(?<![{_D}])(?:[{_D}]{{4}}|[{_D}]{{2}})年",
            rf"(?<![{_D}]){_ONE}{{1,2}}(?:个?月|日|号|点|分|时|秒|岁|级|层|楼|栋|幢|单元)",
            rf"(?<![{_D}]){_ONE}{{1,4}}(?:[个天期笔次张位名折倍室米]|小时|公里)",
            rf"(?<![{_D}]){_ONE}{{1,8}}(?:[元块圆角毛股]|美元|港币|人民币)",
        )
    )
    + ")"
)
_CELL = re.compile(rf"{_X}|艾特|[{_D}{_G}{''.join(_INSIDE)}十A-Za-z@#$%^&*+=!?]")
_LONG_CELLS = {"特": "@", "斯": "X", "思": "X", "叉": "X"}
_BLANK = re.compile(rf"{_SPACE}|[{_FILLERS}]")


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits that were said or written as one number.

    `digits` is ASCII (the last may be `X`); `positions[i]` is where digit i stands in the original
    text, whose characters [start_char, end_char) hold the run. `breaks` are the indexes at which a
    new group begins after a separator. `guessed` are the indexes of homophones such as 妖 and 要.
    """

    digits: str
    positions: tuple[int, ...]
    start_char: int
    end_char: int
    breaks: tuple[int, ...] = ()
    guessed: frozenset[int] = frozenset()

    def __len__(self) -> int:
        """How many digits."""
        return len(self.digits)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the original characters of the digits [first, last)."""
        end = self.end_char if last == len(self.digits) else self.positions[last - 1] + 1
        return self.positions[first] if first else self.start_char, end

    def slices(self, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
        """Ranges [first, last) of whole groups with a wanted number of digits.

        Guessed digits at the ends may be left out: in 我要幺三八… 要 is a word.
        """
        size = len(self.digits)
        first, last = 0, size
        while first < size and first in self.guessed:
            first += 1
        while last > first and last - 1 in self.guessed:
            last -= 1
        edges = sorted({0, first, last, size, *self.breaks})
        for number, begin in enumerate(edges):
            for end in islice(edges, number + 1, number + 2 + longest):
                if end - begin > longest:
                    break
                if end - begin >= shortest:
                    yield begin, end

    def groups(self) -> Iterator[tuple[int, int]]:
        """Give the ranges of digits between separators."""
        edges = (0, *self.breaks, len(self.digits))
        return pairwise(edges)


def joined_runs(first: DigitRun, keep: int, second: DigitRun) -> DigitRun:
    """The first `keep` digits of a run and all of another one behind it as one run.

    Its characters hold what was said between, the digits that were taken back among them.
    """
    return DigitRun(
        first.digits[:keep] + second.digits,
        (*first.positions[:keep], *second.positions),
        first.start_char,
        second.end_char,
        tuple(sorted({*(b for b in first.breaks if b < keep), *([keep] if keep else []),
                      *(b + keep for b in second.breaks)})),
        frozenset({*(g for g in first.guessed if g < keep), *(g + keep for g in second.guessed)}),
    )  # fmt: skip


class DigitsView(NamedTuple):
    """A text and its runs of digits, in order."""

    text: str
    runs: tuple[DigitRun, ...] = ()

    def flat(self) -> tuple[str, tuple[int, ...]]:
        """Give the text with every run as ASCII digits, and each character's original position."""
        chars: list[str] = []
        offsets: list[int] = []
        done = 0
        for run in self.runs:
            chars += self.text[done : run.start_char] + run.digits
            offsets += (*range(done, run.start_char), *run.positions)
            done = run.end_char
        chars += self.text[done:]
        offsets += range(done, len(self.text))
        return "".join(chars), tuple(offsets)


def digits_view(text: str, *, asked: bool = False) -> DigitsView:
    """Find the runs of three or more digits, said or written, in a text.

    `asked`: a number was asked for, so that a phrase of homophones alone is one (就就二, 洞拐勾).
    """
    if asked:
        plain = _ANSWERED.sub(_all_meant, text)
        return DigitsView(text, digits_view(plain).runs)
    if not _LIKELY.search(text):
        return DigitsView(text)
    clean = _REPEATED.sub(_said_often, text) if "个" in text or "双" in text else text
    clean = _COUNTED.sub(lambda match: "\0" * len(match.group()), clean)
    clean = _HOMOPHONE.sub(_meant, clean)
    runs: list[DigitRun] = []
    for stretch in _STRETCH.finditer(clean):
        if stretch.end() - stretch.start() >= MIN_RUN or stretch[0][0] in _OFTEN:
            runs += _runs_in(clean, stretch.start(), stretch.end())
    return DigitsView(text, tuple(runs))


def may_hold_digits(text: str) -> bool:
    """Test cheaply: False means that `digits_view` finds no run, asked for or not."""
    return _HINT.search(text) is not None


def may_reach(text: str, digits: int) -> bool:
    """Test cheaply: False means that no run of a text, asked for or not, has so many digits."""
    return len(_ONE_MAYBE.findall(text)) >= digits or _SEVERAL.search(text) is not None


def may_answer(text: str) -> bool:
    """Whether a text holds a phrase of digits or homophones, for `digits_view(asked=True)`."""
    return _ANSWERED.search(text) is not None


def cells(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Give the characters of a number or an identifier that carry it: no separators, no fillers.

    As (start, end, plain): one character each, plain in ASCII where it is a digit; 艾克斯 (X) and
    艾特 (@) are one cell.
    """
    found = []
    for match in _CELL.finditer(text, start, end):
        char = match.group()
        plain = _VALUES.get(char) or _INSIDE.get(char) or _LONG_CELLS.get(char[-1:], char)
        found.append((*match.span(), plain))
    return found


def trim_separators(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the range without separators and fillers at its ends; it may become empty."""
    while start < end and _BLANK.match(text[start]):
        start += 1
    while end > start and _BLANK.match(text[end - 1]):
        end -= 1
    return start, end


def spoken_length(text: str) -> int:
    """How many characters are spoken: Han, letters and digits; no punctuation, no spaces."""
    return sum(map(str.isalnum, text))


# What a listener says to show that he listens; alone it takes no turn from anybody.
BACKCHANNELS = (
    "嗯", "啊", "哦", "噢", "唔", "诶", "呃", "好", "好的", "对", "对的", "是", "是的", "行",
    "可以", "没事", "明白", "知道了", "您说", "请讲",
)  # fmt: skip
_BEGIN_BACKCHANNELS = frozenset(words[0] for words in BACKCHANNELS)
_BACKCHANNEL = re.compile("(?:" + "|".join(sorted(BACKCHANNELS, key=len, reverse=True)) + ")+")


def is_backchannel(text: str) -> bool:
    """Whether nothing is said but 嗯, 好的 and the like."""
    if text[:1].isalnum() and text[0] not in _BEGIN_BACKCHANNELS:
        return False
    return _BACKCHANNEL.fullmatch("".join(filter(str.isalnum, text))) is not None


def quotable(value: object) -> str:
    """A value from a file as an error may show it: short, and no number that may be private.

    Where a column slipped, a phone number stands where a direction was expected.
    """
    text = str(value)[:MOST_QUOTED]
    return _DIGIT.sub("*", text) if len(_DIGIT.findall(text)) >= PRIVATE_FROM else text


def _said_often(match: re.Match[str]) -> str:
    """三个八 as three characters that are eights; of 四个八 one of them is two."""
    digit = _VALUES[match["digit"]]
    times = _TIMES.get(match["times"] or "两") or int(match["times"])
    size = len(match[0])
    shares = [times // size + (k < times % size) for k in range(size)]
    shares = [1, 0, 1] if shares == [1, 1, 0] else shares  # its ends are digits
    return "".join(" " if n == 0 else digit if n == 1 else _MANY[digit * n] for n in shares)


def _all_meant(match: re.Match[str]) -> str:
    """妖八是 is 184."""
    return "".join(_VALUES.get(char) or _INSIDE.get(char) or char for char in match[0])


def _meant(match: re.Match[str]) -> str:
    """一就就一 is 1991."""
    return "".join(_INSIDE[char] for char in match[0])


def _runs_in(text: str, start: int, end: int) -> Iterator[DigitRun]:
    """Cut a stretch where a guessed digit turns out to be a word, and build the runs."""
    marks = [at for at in range(start, end) if text[at] in _VALUES]
    unsure = {at for at in marks if text[at] in _GUESSES}
    if text.find("一", start, end) >= 0:
        last = min(end + 1, len(text))
        unsure.update(match.start() for match in _WORD_ONE.finditer(text, start, last))
    if not unsure:
        yield from _run(text, marks, unsure)
        return
    kept: list[int] = []
    for group in _adjacent(marks):
        believed = _believed(group, unsure, len(marks) - len(unsure))
        for at in group:
            if at in believed:
                kept.append(at)
            else:
                yield from _run(text, kept, unsure)
                kept = []
    yield from _run(text, kept, unsure)


def _adjacent(marks: list[int]) -> Iterator[list[int]]:
    """Split positions into groups without anything between."""
    group: list[int] = []
    for at in marks:
        if group and at != group[-1] + 1:
            yield group
            group = []
        group.append(at)
    if group:
        yield group


def _believed(group: list[int], unsure: set[int], sure_in_stretch: int) -> set[int]:
    """Give the positions of a group that are digits: a homophone needs two digits around it."""
    sure = sum(at not in unsure for at in group)
    among_digits = sure >= PAIR or (sure >= 1 and sure_in_stretch >= DICTATION)
    return set(group) if among_digits else {at for at in group if at not in unsure}


def _run(text: str, kept: list[int], unsure: set[int]) -> Iterator[DigitRun]:
    """One run from the positions of its digits, or none when it is too short."""
    values = [_VALUES[text[at]] for at in kept]
    digits = "".join(values)
    if len(digits) < MIN_RUN:
        return
    positions = tuple(kept)
    if len(digits) > len(kept):
        positions = tuple(at for at, value in zip(kept, values, strict=True) for _ in value)
    end = kept[-1] + 1
    if len(digits) >= MIN_DIGITS_BEFORE_X and (tail := _TAIL_X.match(text, end)):
        digits, positions, end = digits + "X", (*positions, tail.start(1)), tail.end()
    guessed = frozenset(index for index, at in enumerate(positions) if at in unsure)
    yield DigitRun(digits, positions, kept[0], end, _breaks(text, kept), guessed)


def _breaks(text: str, kept: list[int]) -> tuple[int, ...]:
    """Where groups begin. Digits said one by one (1 3 8 0 0 …) are one group."""
    if kept[-1] - kept[0] == len(kept) - 1:
        return ()
    groups = [[len(_VALUES[text[at]]) for at in group] for group in _adjacent(kept)]
    breaks, index = [], 0
    for group, following in pairwise(groups):
        index += sum(group)
        if len(group) > 1 or len(following) > 1:
            breaks.append(index)
    return tuple(breaks)
