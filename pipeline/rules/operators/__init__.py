"""The operators that a rule can use. To add one: a file here, a line in OPERATORS, a case file."""

from __future__ import annotations

from pipeline.rules.operators.answer import Answer
from pipeline.rules.operators.answer_lag import AnswerLag
from pipeline.rules.operators.attribute import AttributeIs
from pipeline.rules.operators.base import Operator
from pipeline.rules.operators.clock import Clock
from pipeline.rules.operators.duration import Duration
from pipeline.rules.operators.earlier_calls import EarlierCalls
from pipeline.rules.operators.flow import Flow
from pipeline.rules.operators.hangup_lag import HangupLag
from pipeline.rules.operators.interruption import Interruption
from pipeline.rules.operators.keyword import Keyword
from pipeline.rules.operators.knowledge import Knowledge
from pipeline.rules.operators.llm import Llm
from pipeline.rules.operators.loudness import Loudness
from pipeline.rules.operators.order import Order
from pipeline.rules.operators.private_data import PrivateData
from pipeline.rules.operators.regex import Regex
from pipeline.rules.operators.repetition import Repetition
from pipeline.rules.operators.role_at import RoleAt
from pipeline.rules.operators.sentiment import Sentiment
from pipeline.rules.operators.silence import LongSilence
from pipeline.rules.operators.similarity import Similarity
from pipeline.rules.operators.slots import Slots
from pipeline.rules.operators.speech_rate import SpeechRate
from pipeline.rules.operators.tone import VoiceTone
from pipeline.rules.operators.turns import TurnCount


def table(*rows: tuple[str, type[Operator]]) -> dict[str, type[Operator]]:
    """Name → operator; ValueError when a name is taken or is not the one in the class."""
    operators: dict[str, type[Operator]] = {}
    for name, operator in rows:
        if name in operators:
            raise ValueError(f"operator {name!r} is registered twice")
        operators[name] = operator
    return operators


OPERATORS = table(
    ("answer", Answer),
    ("answer_lag", AnswerLag),
    ("attribute", AttributeIs),
    ("clock", Clock),
    ("duration", Duration),
    ("earlier_calls", EarlierCalls),
    ("flow", Flow),
    ("hangup_lag", HangupLag),
    ("interruption", Interruption),
    ("keyword", Keyword),
    ("knowledge", Knowledge),
    ("llm", Llm),
    ("loudness", Loudness),
    ("order", Order),
    ("private_data", PrivateData),
    ("regex", Regex),
    ("repetition", Repetition),
    ("role_at", RoleAt),
    ("sentiment", Sentiment),
    ("silence", LongSilence),
    ("similarity", Similarity),
    ("slots", Slots),
    ("speech_rate", SpeechRate),
    ("tone", VoiceTone),
    ("turns", TurnCount),
)

__all__ = ["OPERATORS", "Operator", "table"]
