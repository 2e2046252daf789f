"""Labels that a recogniser misheard: 作记 for 座机, 宣份证 for 身份证.

Every character counts as its syllable, without tones and with the common confusions as one (zh/z,
n/l, -ng/-n; 号 and 后). A label of two syllables must sound the same, of three and more one syllable
may be another.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

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


@cache
def _syllable(char: str) -> str:
    """A character's syllable, folded; anything but a Han character as it is."""
    from pypinyin import lazy_pinyin

    sound = lazy_pinyin(char)[0] if "\u4e00" <= char <= "\u9fff" else char
    for other, one in _FOLDED:
        sound = sound.replace(other, one)
    if sound.startswith("n") and len(sound) > 1:
        sound = "l" + sound[1:]
    return sound.removesuffix("g") if sound.endswith("ng") else sound


@cache
def _sounds() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every label with its syllables, longer ones first."""
    found = [
        (topic, tuple(map(_syllable, label))) for topic, forms in _LABELS.items() for label in forms
    ]
    return tuple(sorted(found, key=lambda entry: -len(entry[1])))


def heard_labels(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """What sounds like a label in text[start:end], as (topic, start, end)."""
    for topic, first, last in _heard(text[start:end]):
        yield topic, start + first, start + last


@lru_cache(maxsize=1024)
def _heard(text: str) -> tuple[tuple[str, int, int], ...]:
    spoken = [_syllable(char) for char in text]
    found: list[tuple[str, int, int]] = []
    at = 0
    while at < len(spoken):
        for topic, label in _sounds():
            part = spoken[at : at + len(label)]
            wrong = sum(one != other for one, other in zip(part, label, strict=False))
            if len(part) == len(label) and wrong <= (len(label) >= LOOSE_FROM):
                found.append((topic, at, at + len(label)))
                at += len(label) - 1
                break
        at += 1
    return tuple(found)
