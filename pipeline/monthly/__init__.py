"""The monthly report (服务质量分析报告): figures, ranking, rewards and penalties, open items."""

from pipeline.monthly.gather import Wish, month_report, report_of
from pipeline.monthly.period import MonthPeriod
from pipeline.monthly.report import (
    Cited,
    Compared,
    Counts,
    Failing,
    LineState,
    MonthReport,
    Ranked,
    RewardLine,
    Span,
    VetoState,
)

__all__ = [
    "Cited",
    "Compared",
    "Counts",
    "Failing",
    "LineState",
    "MonthPeriod",
    "MonthReport",
    "Ranked",
    "RewardLine",
    "Span",
    "VetoState",
    "Wish",
    "month_report",
    "report_of",
]
