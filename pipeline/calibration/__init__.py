"""Calibration (校准): inspectors score the same calls blind, and how far they agree.

A round is made of calls and people (`rounds`), every call is asked about by the pack that scored it
(`asking`), the answers lie in `store.Calibrations`, and a closed round is measured (`results`,
`agreement`). Nothing of it changes a review or a score.
"""

from __future__ import annotations

from pipeline.calibration.agreement import FEW, Agreement, Coefficient, Gap
from pipeline.calibration.asking import Question, questions, refuse_unknown
from pipeline.calibration.blind import blinded
from pipeline.calibration.results import (
    CallResult,
    Dispute,
    PointResult,
    RaterResult,
    Result,
    Share,
    result_of,
    unresolved,
)
from pipeline.calibration.rounds import MOST_CALLS, Draw, Readers, make_round

__all__ = [
    "FEW",
    "MOST_CALLS",
    "Agreement",
    "CallResult",
    "Coefficient",
    "Dispute",
    "Draw",
    "Gap",
    "PointResult",
    "Question",
    "RaterResult",
    "Readers",
    "Result",
    "Share",
    "blinded",
    "make_round",
    "questions",
    "refuse_unknown",
    "result_of",
    "unresolved",
]
