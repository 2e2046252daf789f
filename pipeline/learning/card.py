"""Model cards: what a model was made from, how good it is, what it cannot do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pipeline.learning.files import save
from pipeline.learning.measuring import Measured, Share
from pipeline.learning.model import REASONS, Model
from pipeline.learning.names import reason_name

TITLES = {"reasons": "why people call", "flags": "complaint, dissatisfaction, abuse and churn risk"}
LIMITS = """## Limits

- {weak} not people's judgement. A high figure above says that
  the model repeats them, and how far it does so in words that it has not seen.
- It reads masked text of a recogniser that mishears; dialects and other languages it does not know.
- Chances hold where labels are as frequent as in the data above; elsewhere they are off.
- It says what a customer's words show. It is no judgement of an agent and takes no points away.
"""


def write_model(folder: Path, model: Model, measured: Measured, data: str, said: int = 0) -> None:
    """A model with its card into a folder.

    `data`: where its examples come from; `said`: how many labels people gave.
    """
    figures = {"kind": model.kind, "labels_of_people": said, **asdict(measured)}
    save(folder, model, card(model, measured, data, said), figures)


def card(model: Model, measured: Measured, data: str, said: int = 0) -> str:
    """The card as Markdown; the same for the same model."""
    low, high = measured.interval
    return f"""# {model.id}: {TITLES[model.kind]}

A linear model over pairs and triples of characters and long words (`pipeline/learning`),
{len(model.vocabulary.ids):,} features; probabilities calibrated on examples it was not trained on.
{_threshold(model)}

## Data

{data}

Measured on {measured.examples:,} examples in {measured.groups:,} groups (a group is an agent's
calls, or a phrase; all of it is trained on, or none).

## Figures

Mean F1 over labels: {measured.macro_f1:.3f} ({low:.3f}–{high:.3f}).{_whole(measured)}

| label | precision | recall |
| --- | --- | --- |
{_figures(model, measured)}

95 % intervals: Wilson's of shares; of the mean by drawing groups.

## Calibration

| chance said | mean | true |
| --- | ---: | --- |
{_calibration(measured)}

{LIMITS.format(weak=_weak(said))}"""


def _weak(said: int) -> str:
    others = f", but for {said:,} that people gave" if said else ""
    return f"Labels are weak{others}: phrases and word lists,"


def _figures(model: Model, measured: Measured) -> str:
    return "\n".join(
        f"| {_name(model, one.label)} | {told(one.precision)} | {told(one.recall)} |"
        for one in measured.labels
    )


def _calibration(measured: Measured) -> str:
    return "\n".join(
        f"| {b.low:.1f}–{min(b.high, 1.0):.1f} | {b.mean_chance:.2f} | {told(b.true)} |"
        for b in measured.bins
    )


def told(share: Share) -> str:
    """A share with its interval and counts."""
    if share.value is None or share.interval is None:
        return "—"
    low, high = share.interval
    return f"{share.value:.2f} ({low:.2f}–{high:.2f}), {share.part}/{share.whole}"


def _name(model: Model, label: str) -> str:
    return f"{reason_name(label, 'zh')} `{label}`" if model.kind == REASONS else f"`{label}`"


def _threshold(model: Model) -> str:
    if model.kind == REASONS:
        return f"A reason with a chance under {model.thresholds[0]:.2f} is not said: unsure."
    return f"A flag is raised from a chance of {model.thresholds[0]:.2f} on."


def _whole(measured: Measured) -> str:
    if measured.right is None or measured.unsure is None:
        return ""
    return f"\nRight: {told(measured.right)}. Unsure: {told(measured.unsure)}."
