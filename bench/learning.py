"""Reasons and flags on passages that nobody trained or tuned on, beside two simple guesses.

    python -m bench.learning [--models FOLDER]

`majority`: the most frequent answer. `words`: the word lists that give weak labels. `model`: the
one that ships, or the one in force in FOLDER. Cases: bench/cases/learning, all by one hand.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import yaml

from pipeline.domain import Flag
from pipeline.learning.card import told
from pipeline.learning.files import SHIPPED, in_force
from pipeline.learning.fitting import Examples
from pipeline.learning.measuring import Measured, figures, said_by
from pipeline.learning.model import FLAGS, REASONS, Model
from pipeline.learning.names import reason_name, reasons
from pipeline.learning.texts import TURN, Passage, fold
from pipeline.learning.weak import weak_flags, weak_reason

CASES = Path(__file__).parent / "cases" / "learning"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=SHIPPED / "none", help="as in FILE.d/models")
    folder = parser.parse_args().models
    print(_table(REASONS, in_force(folder, REASONS), reason_cases()))
    print(_table(FLAGS, in_force(folder, FLAGS), flag_cases()))


def reason_cases() -> Examples:
    """The held-out calls."""
    found = yaml.safe_load((CASES / "reasons.yaml").read_text(encoding="utf-8"))
    keys = list(reasons())
    told_ = [(key, call) for key, calls in found.items() for call in calls]
    truth = np.array([[key == other for other in keys] for key, _ in told_], np.int8)
    return Examples([passage_of(call) for _, call in told_], truth, np.arange(len(told_)))


def flag_cases() -> Examples:
    """The held-out passages."""
    found = yaml.safe_load((CASES / "flags.yaml").read_text(encoding="utf-8"))["passages"]
    told_ = [(name, text) for name, texts in found.items() for text in texts]
    truth = np.array([[_flag_true(name, flag) for flag in Flag] for name, _ in told_], np.int8)
    return Examples([passage_of(text) for _, text in told_], truth, np.arange(len(told_)))


def passage_of(call: str) -> Passage:
    """`a:…|c:…` as a passage."""
    turns = [turn.split(":", 1) for turn in call.split("|")]
    sides = (TURN.join(fold(text) for role, text in turns if role == side) for side in "ca")
    return Passage(*sides)


def _flag_true(name: str, flag: Flag) -> int:
    open_ = flag is Flag.DISSATISFACTION and name not in ("none", flag)
    return -1 if open_ else int(name == flag)


def _table(kind: str, model: Model, cases: Examples) -> str:
    guesses = {
        "majority": _measured(kind, model, cases, _majority(kind, cases)),
        "words": _measured(kind, model, cases, _words(kind, cases)),
        model.id: _by_model(model, cases),
    }
    if kind == FLAGS:  # what `sentiment` with `by: either` finds
        either = _words(kind, cases) | said_by(model, _chances(model, cases))
        guesses["either"] = _measured(kind, model, cases, either)
    head = f"| {kind} | " + " | ".join(f"{name} P | R" for name in guesses) + " |"
    lines = [head, "|" + " --- |" * (1 + 2 * len(guesses))]
    for place, label in enumerate(model.labels):
        name = f"{reason_name(label, 'zh')} {label}" if kind == REASONS else label
        cells = [
            told(s)
            for m in guesses.values()
            for s in (m.labels[place].precision, m.labels[place].recall)
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", *(f"{name}: {one.summary()}" for name, one in guesses.items())]
    if kind == REASONS:
        for name, one in guesses.items():
            assert one.right is not None
            assert one.unsure is not None
            sure = one.examples - one.unsure.part
            right = f"{one.right.part}/{sure}" if sure else "—"
            lines.append(
                f"{name}: right of all {told(one.right)}; right where it says a reason {right}"
            )
    lines += [
        f"{b.low:.1f}–{b.high:.1f}: mean {b.mean_chance:.2f}, true {told(b.true)}"
        for b in guesses[model.id].bins
    ]
    return "\n".join([*lines, ""])


def _by_model(model: Model, cases: Examples) -> Measured:
    chances = _chances(model, cases)
    return figures(model.kind, model.labels, said_by(model, chances), chances, cases)


def _chances(model: Model, cases: Examples) -> np.ndarray:
    """Of the whole call for its reason; of flags the customer's likeliest turn."""
    if model.kind == REASONS:
        return model.chances(cases.passages)
    turns = [[Passage(turn) for turn in one.customer.split(TURN)] for one in cases.passages]
    return np.array([model.chances(own).max(axis=0) for own in turns])


def _measured(kind: str, model: Model, cases: Examples, said: np.ndarray) -> Measured:
    return figures(kind, model.labels, said, said.astype(float), cases)


def _majority(kind: str, cases: Examples) -> np.ndarray:
    said = np.zeros(cases.truth.shape, bool)
    if kind == REASONS:
        said[:, (cases.truth == 1).sum(axis=0).argmax()] = True
    return said


def _words(kind: str, cases: Examples) -> np.ndarray:
    if kind == FLAGS:
        return np.array([[weak_flags(p)[flag] == 1 for flag in Flag] for p in cases.passages])
    keys = list(reasons())
    return np.array([[weak_reason(p) == key for key in keys] for p in cases.passages])


if __name__ == "__main__":
    main()
