"""Drift: figures of a day that left their usual range, by tests that say how likely that is.

What is compared with what, and how often it is wrong where nothing drifts: docs/alerts.md and
bench/README.md.
"""

from pipeline.drift.days import ALPHA, Figure
from pipeline.drift.judge import Known, judge, judge_known, judged_day

__all__ = ["ALPHA", "Figure", "Known", "judge", "judge_known", "judged_day"]
