"""Which calls people listen to by plan (抽检), and what that says of the calls nobody heard.

`draw` chooses by a kept seed, so that anybody can draw the same again; `plans` keeps plans beside
the reviews and verifies them; `estimate` says how many unflagged calls held a violation.
"""

from pipeline.sampling.draw import digest_of, draw, ticket
from pipeline.sampling.estimate import Estimate, Stratum, estimate
from pipeline.sampling.plans import (
    AgentProgress,
    Board,
    Heard,
    Repeated,
    board,
    days_left,
    make_plan,
    month_of,
    repeat,
)

__all__ = [
    "AgentProgress",
    "Board",
    "Estimate",
    "Heard",
    "Repeated",
    "Stratum",
    "board",
    "days_left",
    "digest_of",
    "draw",
    "estimate",
    "make_plan",
    "month_of",
    "repeat",
    "ticket",
]
