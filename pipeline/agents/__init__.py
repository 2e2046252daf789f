"""Agents: figures of a month, trend, and the 服务质量综合考评表 for pages and workbooks."""

from pipeline.agents.figures import ENOUGH_CALLS, AgentFigures, agents_of_month
from pipeline.agents.form import Deduction, Form, deductions, forms_of, list_counted, settled
from pipeline.agents.trend import Grain, Peers, PointRecord, Step, point_records, trend

__all__ = [
    "ENOUGH_CALLS",
    "AgentFigures",
    "Deduction",
    "Form",
    "Grain",
    "Peers",
    "PointRecord",
    "Step",
    "agents_of_month",
    "deductions",
    "forms_of",
    "list_counted",
    "point_records",
    "settled",
    "trend",
]
