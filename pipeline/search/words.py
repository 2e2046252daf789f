"""Text as it is looked for, and the terms by which an index finds it.

Terms are pairs of neighbouring characters: two characters are the shortest word that people look
for, and a pair is rare where a character is not. Pairs of syllables find what sounds alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, cast

from pipeline.rules.sound import speak, syllables

_GONE = "\0"
_DENIALS = frozenset("不没别未无非勿")


class _Folding(dict[int, str]):
    """Character → half width, lower case, or nothing where it is no letter; for str.translate."""

    def __missing__(self, code: int) -> str:
        char = unicodedata.normalize("NFKC", chr(code)).lower()
        kept = len(char) == 1 and (char.isalnum() or char == "*")
        self[code] = folded = char if kept else _GONE
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Letters, Han, digits and the `*` of masking; no punctuation and spaces, which no one says."""
    return text.translate(_FOLDING).replace(_GONE, "")


def places(text: str) -> list[int]:
    """Where each character of the folded text stands in the text."""
    return [at for at, char in enumerate(text.translate(_FOLDING)) if char != _GONE]


def sounds(folded: str) -> str:
    """One symbol per character: without tones, zh as z, n as l, -ng as -n. Not to be stored."""
    return speak(folded).loose


def written_terms(folded: str) -> list[str]:
    """Pairs of characters; the last character alone, so that every one begins a term."""
    return [first + second for first, second in pairwise(folded)] + [folded[-1:]]


def spoken_terms(folded: str) -> list[str]:
    """Pairs of syllables; they cannot be taken for pairs of characters."""
    heard = syllables(speak(folded))
    return [f"_{first}{second}" for first, second in pairwise(heard)] + [f"_{heard[-1]}"]


@lru_cache(maxsize=16_384)  # people say 好的 and 嗯 all day
def terms(folded: str) -> str:
    """Everything by which a text is found, with spaces between."""
    return " ".join((*written_terms(folded), *spoken_terms(folded))) if folded else ""


def cut(folded: str) -> Sequence[str]:
    """The words of a query that was written without spaces: 保证收益吗 → 保证, 收益, 吗.

    Characters that make no word of the dictionary stay together, a denial with what it denies.
    """
    found: list[str] = []
    loose = ""  # characters since the last word
    for word in _cutter().cut(folded, HMM=False):
        if len(word) == 1 and not word.isascii():
            loose += word
            continue
        denial = loose[-1] if loose and loose[-1] in _DENIALS else ""
        loose = loose.removesuffix(denial)
        found += [loose, denial + word] if loose else [denial + word]
        loose = ""
    return [*found, loose] if loose else found


def is_word(folded: str) -> bool:
    """Whether the dictionary has it: what `cut` gives else are characters that stand together."""
    return bool(_cutter().FREQ.get(folded))


@cache
def _cutter() -> Any:  # noqa: ANN401 - jieba is untyped
    """A jieba with its own dictionary and no cache file, which lies where everybody may write."""
    from jieba import Tokenizer  # it compiles many patterns

    cutter = cast("Any", Tokenizer)()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return cutter
