"""Labels that a recogniser misheard: 作记 for 座机, 宣份证 for 身份证.

Every character counts as its syllable, without tones and with the common confusions as one (zh/z,
n/l, -ng/-n; 号 and 后). A label of two syllables must sound the same, of three and more one may
be another.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from itertools import pairwise

_LABELS = {
    "otp": ("验证码", "校验码", "交验码", "动态码", "确认码"),
    "password": ("密码",),
    "cvv": ("安全码", "后三码", "末三码"),
    "id_card": ("身份证", "证件号码"),
    "bank_card": ("银行卡", "信用卡", "卡号"),
    "phone": ("手机号", "手机号码"),
    "landline": ("座机",),
    "expiry": ("有效期",),
    "other": ("流水号", "订单号", "保单号", "合同号", "工单号", "回执号", "邮编", "工号", "编号"),
}
LOOSE_FROM = 3
_FOLDED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("hou", "hao"), ("yuan", "yan"), ("qv", "qu"))


def _syllable(char: str) -> str:
    """A character's syllable, folded; anything but a Han character as it is."""
    from pypinyin import lazy_pinyin

    sound = lazy_pinyin(char)[0] if "\u4e00" <= char <= "\u9fff" else char
    for other, one in _FOLDED:
        sound = sound.replace(other, one)
    if sound.startswith("n") and len(sound) > 1:
        sound = "l" + sound[1:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound


class _Syllables(dict[str, str]):
    """The syllable of every character that was met."""

    def __missing__(self, char: str) -> str:
        sound = self[char] = _syllable(char)
        return sound


_SYLLABLES = _Syllables()


def sounded(text: str) -> str:
    """A text as it sounds, every character between two spaces; a space sounds like a mark."""
    return f" {' '.join(map(_SYLLABLES.__getitem__, text.replace(' ', '_')))} "


_Sounds = dict[str, list[tuple[str, tuple[str, ...]]]]


@cache
def _sounds() -> tuple[_Sounds, _Sounds]:
    """The labels by their first syllable and by their second: one of both is always right."""
    first: _Sounds = defaultdict(list)
    second: _Sounds = defaultdict(list)
    for topic, forms in _LABELS.items():
        for form in sorted(forms, key=len, reverse=True):
            label = tuple(map(_syllable, form))
            first[label[0]].append((topic, label))
            if len(label) >= LOOSE_FROM:
                second[label[1]].append((topic, label))
    return dict(first), dict(second)


@lru_cache(maxsize=256)
def heard_labels(text: str) -> tuple[tuple[str, int, int], ...]:
    """What sounds like a label in a text, as (topic, start, end)."""
    first, second = _sounds()
    spoken = list(map(_SYLLABLES.__getitem__, text))
    found: list[tuple[str, int, int]] = []
    end = 0
    for at, (one, two) in enumerate(pairwise(spoken)):
        if at >= end and (one in first or two in second):
            for topic, label in (*first.get(one, ()), *second.get(two, ())):
                if _sounds_like(spoken[at : at + len(label)], label):
                    end = at + len(label)
                    found.append((topic, at, end))
                    break
    return tuple(found)


def _sounds_like(part: list[str], label: tuple[str, ...]) -> bool:
    """Whether at most one syllable differs, and none of a short label."""
    if len(part) < len(label):
        return False
    may_differ = len(label) >= LOOSE_FROM
    for one, other in zip(part, label, strict=True):
        if one != other:
            if not may_differ:
                return False
            may_differ = False
    return True
