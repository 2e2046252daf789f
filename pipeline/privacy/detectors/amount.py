"""Sums that state what a customer has, owes, earns or moves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.domain import DataClass
from pipeline.privacy.accounts import (
    ASKED,
    ASKED_OTHER,
    BEHIND_OTHER,
    BEHIND_OWN,
    DUE,
    EXAMPLE,
    LEADS,
    NEAREST,
    NOT_THIS,
    PERSON,
    ROW,
    RULE,
    WISH,
)
from pipeline.privacy.context import Passage
from pipeline.privacy.cues import Cue
from pipeline.privacy.hits import Hit
from pipeline.privacy.labels import AMOUNT
from pipeline.privacy.money import A_SUM, OF_A_SUM, Sum, sums

REACH = 24  # characters between a word and the sum that it names
EXAMPLE_REACH = 60
IDLE = 8  # characters of a turn between a question and its answer
_SENTENCE = re.compile(r"[。！？!?]")
_CLAUSE = re.compile(r"[。！？!?；;，,\n]")


class Amount:
    """Sums that a word beside them, or the question before, says to be of the customer's account.

    Prices, fees, premiums, limits in general and examples are nobody's, and stay.
    """

    kind = "amount"
    data_class = DataClass.C2
    wordy = False
    cue = Cue(form=A_SUM, hints=OF_A_SUM)

    def find(self, passage: Passage) -> Iterator[Hit]:
        """Sums with such a word or question, and those that stand in a row with one."""
        last: Sum | None = None
        private = False
        asked: bool | None = None
        for each in sums(passage.text):
            if each.bare and _is_called(passage, each):
                continue
            if private and last and ROW.fullmatch(passage.text, last.end, each.start):
                said: bool | None = not BEHIND_OTHER.match(passage.text, each.end)
            else:
                said = _said(passage, each, last.end if last else 0)
            if said is None:
                asked = _asked(passage) if asked is None else asked
                said = asked and not _unsaid(passage.text, each.start)
            private, last = said, each
            if private:
                yield Hit(each.start, each.end, True, 0.85, context=True)

    def keep(self, number: str) -> tuple[int, int]:
        """Nothing of the digits; 万 and 块 are none."""
        return 0, 0


def _is_called(passage: Passage, bare: Sum) -> bool:
    """Whether digits are called something else, such as a card number."""
    for number in passage.numbers:
        if number.run.start_char < bare.end and bare.start < number.run.end_char:
            return number.said not in (None, AMOUNT) or number.look_alike
    return False


def _said(passage: Passage, each: Sum, done: int) -> bool | None:
    """Whether the words around a sum make it private; None when they leave it open.

    `done`: where the sum before ends, whose words are not this one's.
    """
    text = passage.text
    if BEHIND_OTHER.match(text, each.end):
        return False
    topic, at = _topic(passage, each, done)
    if topic is None:
        return None
    if topic == "other" or _in_general(text, at, each.start):
        return False
    if topic in ("weak", "open") and WISH.search(text, _after_last(_CLAUSE, text, at), each.start):
        return False
    return None if topic == "open" else True


def _topic(passage: Passage, each: Sum, done: int) -> tuple[str | None, int]:
    """What the nearest word calls a sum, and where that is said; `open`: weak, and of nobody."""
    text = passage.text
    if BEHIND_OWN.match(text, each.end):
        return "own", each.start
    begin = _after_last(_SENTENCE, text, each.start)
    somebody = PERSON[passage.role].search(text, begin, each.start) is not None
    topic, at = None, begin
    leads = begin
    for word in NEAREST.finditer(text, max(begin, done, each.start - REACH), each.start):
        fee = topic == "other" and not _CLAUSE.search(text, at, word.end())
        if not (fee and word.lastgroup == "done"):  # 短信费扣了三块
            topic, (at, leads) = word.lastgroup, word.span()
    if each.bare and topic is not None and not LEADS.fullmatch(text, leads, each.start):
        return "other", at
    if topic != "other" and somebody and DUE.match(text, each.end):
        return "own", begin
    return ("open" if topic == "weak" and not somebody else topic), at


def _after_last(mark: re.Pattern[str], text: str, end: int) -> int:
    """Where the sentence or clause begins that holds the position `end`."""
    at = 0
    for match in mark.finditer(text, max(0, end - EXAMPLE_REACH), end):
        at = match.end()
    return at


def _unsaid(text: str, at: int) -> bool:
    """Whether an answer states nothing: it is a wish, or said of nobody."""
    clause = _after_last(_CLAUSE, text, at)
    return _in_general(text, at, at) or WISH.search(text, clause, at) is not None


def _in_general(text: str, word: int, end: int) -> bool:
    """Whether a sum is said of nobody: an example, a rule, a condition."""
    clause = _after_last(_CLAUSE, text, word)
    sentence = _after_last(_SENTENCE, text, end)
    return bool(
        RULE.search(text, clause, end)
        or NOT_THIS.search(text, sentence, end)
        or EXAMPLE.search(text, max(0, end - EXAMPLE_REACH), end)
    )


def _asked(passage: Passage) -> bool:
    """Whether the last turns asked for such a sum, idle ones (嗯, 上个月吗) between not counted."""
    for turn in reversed(passage.before):
        if ASKED.search(turn):
            return ASKED_OTHER.search(turn) is None
        if len(turn) > IDLE:
            return False
    return False
