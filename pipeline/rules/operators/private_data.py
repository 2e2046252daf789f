"""Private data that is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from pipeline.domain import PrivateSpan, Role
from pipeline.rules.amounts import read_sum
from pipeline.rules.context import ROLE_NAMES, CallContext
from pipeline.rules.operators.attribute import attribute_of
from pipeline.rules.operators.base import Operator
from pipeline.rules.result import Hit, Lookup, Result, hit, no, unsure
from pipeline.rules.scope import Speaker
from pipeline.text import cells, spoken_length

Kind = Literal[
    "phone", "landline", "id_card", "bank_card", "password", "otp", "cvv", "expiry", "name",
    "address", "email", "wechat", "qq", "plate", "passport", "amount", "date_of_birth", "employer",
]  # fmt: skip
CENT = 0.01  # yuan
# Fewer spoken characters than this are only a part of the number, such as the last four digits.
FULL_LENGTH = {"bank_card": 13, "id_card": 15, "phone": 11, "landline": 7, "passport": 8}


class PrivateData(Operator):
    """Holds when private data of one of the kinds is spoken, by `role` if given.

    `full`: only complete numbers (parts that one side speaks over several segments add up).
    `valid`: only those whose check digit is right. `least`: how many. `same_as` / `differs_from`:
    only numbers that are (not) the one in an attribute of the call, such as `card_tail`; when the
    attribute is shorter the last digits are compared, of an `amount` the values. Where only the
    masked text is kept, such a comparison is unsure.
    """

    EXAMPLE: ClassVar[str] = """
operator: private_data
label: 完整卡号
kinds: [bank_card]
role: agent
full: true
"""
    operator: Literal["private_data"]
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    role: Speaker | None = None
    full: bool = False
    valid: bool | None = None
    same_as: str | None = None
    differs_from: str | None = None
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.5
    least: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        if self.same_as is not None and self.differs_from is not None:
            raise ValueError("give same_as: or differs_from:, not both")
        return self

    def check(self, call: CallContext, lookup: Lookup) -> Result:
        """Spans of the wanted kinds, on whoever speaks them."""
        known = self.same_as or self.differs_from
        if known and attribute_of(call.transcript.info, known) is None:
            return unsure(f"元数据没有注明 {known}，无法核对{self.label}")
        if known and call.stands_in:
            return unsure(f"只留存了脱敏文本，无法核对{self.label}")
        spans = [s for s in call.spans if s.kind in self.kinds and self._good(s)]
        own = [s for s in spans if self.role is None or self._role(s, call) == self.role]
        maybe = [s for s in spans if self._role(s, call) is Role.UNKNOWN]
        sure = self._complete(own, call)
        who = ROLE_NAMES[Role(self.role)] if self.role else "通话中"
        if len(_numbers(sure)) >= self.least:
            hits = sorted((Hit(s.segment, s.start_char, s.end_char) for s in sure), key=_place)
            where = "、".join(call.said(h) for h in hits[:3])
            return hit(f"{self.label}：{where}", hits, min(s.confidence for s in sure))
        if self.role is not None and len(_numbers(self._complete(own + maybe, call))) >= self.least:
            return unsure(f"说话人未能区分，不能确定{self.label}是否出自{who}")
        return no(f"{who}没有说出{self.label}")

    def _compared(self, spans: Sequence[PrivateSpan], call: CallContext) -> list[PrivateSpan]:
        """The spans of numbers that are, or are not, the one in the attribute."""
        known = str(attribute_of(call.transcript.info, self.same_as or self.differs_from or ""))
        numbers: dict[object, list[PrivateSpan]] = {}
        for span in spans:
            numbers.setdefault(_number(span), []).append(span)
        kept = (
            own
            for own in numbers.values()
            if _is_one(own, call, known) is (self.same_as is not None)
        )
        return [span for own in kept for span in own]

    def _good(self, span: PrivateSpan) -> bool:
        return span.confidence >= self.min_confidence and self.valid in (None, span.valid)

    @staticmethod
    def _role(span: PrivateSpan, call: CallContext) -> Role:
        return call.role_of(span.segment)

    def _complete(self, spans: Sequence[PrivateSpan], call: CallContext) -> list[PrivateSpan]:
        """The spans of numbers that are complete and compare as wanted, where that is asked."""
        if self.same_as or self.differs_from:
            spans = self._compared(spans, call)
        if not self.full:
            return list(spans)
        length: dict[object, int] = {}
        for span in spans:
            text = call.segment(span.segment).text[span.start_char : span.end_char]
            length[_number(span)] = length.get(_number(span), 0) + spoken_length(text)
        return [s for s in spans if length[_number(s)] >= FULL_LENGTH.get(s.kind, 1)]


def _is_one(spans: Sequence[PrivateSpan], call: CallContext, known: str) -> bool | None:
    """Whether a number is the known one, or ends with it; of sums the value counts.

    None for a sum that cannot be read.
    """
    if spans[0].kind == "amount":
        parts = (call.segment(s.segment).text[s.start_char : s.end_char] for s in spans)
        said, value = read_sum("".join(parts)), read_sum(known)
        return None if said is None or value is None else abs(said - value) < CENT / 2
    wanted = "".join(plain for *_, plain in cells(known, 0, len(known))).upper()
    return _digits(spans, call).endswith(wanted)


def _digits(spans: Sequence[PrivateSpan], call: CallContext) -> str:
    """The digits (and letters) of one number, in ASCII."""
    return "".join(
        plain
        for span in spans
        for *_, plain in cells(call.segment(span.segment).text, span.start_char, span.end_char)
    ).upper()


def _number(span: PrivateSpan) -> object:
    """What the parts of one number have in common."""
    if span.group is not None:
        return span.group
    return span.segment, span.start_char


def _numbers(spans: Sequence[PrivateSpan]) -> set[object]:
    return {_number(span) for span in spans}


def _place(one: Hit) -> tuple[int, int]:
    return one.place
