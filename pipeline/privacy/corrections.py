"""Numbers that are corrected while they are told: 幺三八零零幺四，不对，零零幺三八零零零."""

from __future__ import annotations

import re

from pipeline.text import DigitRun, DigitsView, joined_runs

_CORRECTED = re.compile(
    r"[\s,，。、]*(?:嗯|呃|哎|哦|啊)*[\s,，]*(?:不对|不是|错了|说错了?|看错了?|念错了?|更正"
    r"|不不|不)"
    r"(?:[\s,，]*(?:不对|不是|错了|说错了?|看错了?|念错了?"
    r"|我?重[新说来]\w?))*[\s,，。]*(?:应该)?(?:还)?是?[\s,，]*"
    r"(?:嗯|呃)?[\s,，]*"
)
WHOLE = (11, 18, 16, 17, 19, 6, 8)  # digits of a phone, an identity card, bank cards, codes
MOST_TAKEN_BACK = 8
BRIDGE = 3  # characters
_COUNTS = re.compile(r"[元块年月日号点分个和到至转的是或]")
_WHOLE_FORM = re.compile(r"1[3-9]\d{9}|[1-6]\d{5}(?:19|20)\d{9}[\dX]|62\d{14}|62\d{17}")


def corrected(view: DigitsView) -> list[DigitRun]:
    """The runs of a text, those that correct the one before joined with it.

    幺三八零零幺四，不对，零零幺三八零零零: what was right before, then what was said anew.
    """
    runs: list[DigitRun] = []
    for run in view.runs:
        if runs and _bridged(view.text, runs[-1], run):
            runs.append(joined_runs(runs[-1], len(runs.pop()), run))
            continue
        between = (
            _CORRECTED.fullmatch(view.text, runs[-1].end_char, run.start_char) if runs else None
        )
        runs.append(run if between is None else _mended(runs.pop(), run))
    return runs


def _mended(first: DigitRun, second: DigitRun) -> DigitRun:
    """Two runs as one number, without the digits that the second one replaces."""
    if len(second) == len(first):
        return joined_runs(first, 0, second)
    for keep in range(len(first) - 1, max(-1, len(first) - MOST_TAKEN_BACK - 1), -1):
        again = second.digits[: min(2, len(first) - keep)]
        if first.digits.startswith(again, keep) and keep + len(second) in WHOLE:
            return joined_runs(first, keep, second)
    for keep in range(len(first), max(-1, len(first) - MOST_TAKEN_BACK - 1), -1):
        if keep + len(second) in WHOLE:
            return joined_runs(first, keep, second)
    return joined_runs(first, 0 if len(second) > len(first) else len(first), second)


def _bridged(text: str, first: DigitRun, second: DigitRun) -> bool:
    """Whether runs with a misheard filler between make a whole number: 139，增1670，2583."""
    between = text[first.end_char : second.start_char]
    if len(between) > BRIDGE or _COUNTS.search(between):
        return False
    return _WHOLE_FORM.fullmatch(first.digits + second.digits) is not None
