"""Databases of made calls to learn from: phrases of one reason or mood between ordinary ones."""

from __future__ import annotations

import random
from pathlib import Path

import yaml

from pipeline.domain import CallReport
from pipeline.store import Store
from tests.store.fresh import fresh
from tests.store.reports import a_report

MODELS = Path(__file__).parents[2] / "models"
REASONS = ("card_loss", "instalment", "claim", "login")


def seeds(kind: str) -> dict[str, object]:
    """The phrases that the model which ships is trained from."""
    found: dict[str, object] = yaml.safe_load(
        (MODELS / kind / "seeds.yaml").read_text(encoding="utf-8")
    )
    return found


def made_calls(count: int, agents: int = 12) -> list[CallReport]:
    """Calls of four reasons, some of them heated, by so many agents."""
    draw = random.Random(7)
    phrases, moods = seeds("reasons"), seeds("flags")
    calls = []
    for number in range(count):
        own = phrases[REASONS[number % len(REASONS)]]
        heated = draw.choice(
            moods[("complaint", "dissatisfaction", "abuse", "churn")[number // 4 % 4]]
        )
        turns = ("您好请问有什么可以帮您", draw.choice(own["customer"]), draw.choice(own["agent"]),
                 draw.choice(moods["calm"]), "好的", heated if number % 2 else "谢谢")  # fmt: skip
        agent = f"A{number % agents}"
        calls.append(a_report(str(number), turns=turns, agent=agent, customer=f"U{number}"))
    return calls


def make(db: Path, calls: list[CallReport]) -> Path:
    """A published database that no model has read."""
    with Store.open(fresh(db)) as store:
        store.save(calls)
        store.publish()
    return db
