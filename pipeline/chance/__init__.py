"""The chance that people will confirm a finding, learned from what they decided."""

from pipeline.chance.estimate import (
    Chance,
    Example,
    Learned,
    Record,
    Tested,
    learn,
    learned,
    plain_chance,
)
from pipeline.chance.model import Model, Traits, brier, fit, log_loss

__all__ = [
    "Chance",
    "Example",
    "Learned",
    "Model",
    "Record",
    "Tested",
    "Traits",
    "brier",
    "fit",
    "learn",
    "learned",
    "log_loss",
    "plain_chance",
]
