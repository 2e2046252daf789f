"""Months and the weeks in them."""

from __future__ import annotations

from datetime import date, timedelta


def month_before(first: date) -> date:
    """The same day of the month before (up to the 28th): where the month before begins."""
    return (first.replace(day=1) - timedelta(days=1)).replace(day=first.day)


def months_back(first: date, count: int) -> date:
    """The first day of the month `count` months before."""
    for _ in range(count):
        first = month_before(first)
    return first


def days_of_week(monday: date, first: date, last: date) -> tuple[date, date]:
    """The days of a week that lie in a month."""
    return max(monday, first), min(monday + timedelta(days=6), last)
