"""How a generated call is worded: turns with times, from templates."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

SLOT = re.compile(r"\{([^{}]*)\}")
SPEED = 4.8  # characters a second
Topic = Mapping[str, Any]


class Talk:
    """One call as it grows."""

    def __init__(
        self, rng: random.Random, common: Mapping[str, Any], topic: Topic, agent_id: str
    ) -> None:
        self.rng, self.common, self.topic, self.number = rng, common, topic, agent_id[1:]
        self.segments: list[dict[str, Any]] = []
        self.clock = 0.5

    def say(self, role: str, text: str, pause: float | None = None) -> None:
        """A turn, filled in, after `pause` seconds."""
        words = self.fill(text)
        gap = self.rng.choice((0.3, 0.5, 0.8, 1.2)) if pause is None else pause
        start = round(self.clock + gap, 2)
        end = round(start + max(len(words), 2) / SPEED, 2)
        self.segments.append({"role": role, "start": start, "end": end, "text": words})
        self.clock = end

    def fill(self, text: str) -> str:
        """Without its slots."""
        while SLOT.search(text):
            text = SLOT.sub(self._slot, text)
        return text

    def _slot(self, match: re.Match[str]) -> str:
        name, rng = match[1], self.rng
        if "|" in name:
            return rng.choice(name.split("|"))
        numbers = {"m": (1, 13), "d": (1, 29), "n": (2, 30), "amt": (100, 9000)}
        if name in numbers:
            return str(rng.randrange(*numbers[name]))
        return self.number if name == "no" else str(rng.choice(self.common[name]))

    def begin(self) -> None:
        """What every agent says first."""
        self.say("agent", self.rng.choice(self.common["opening"]))

    def ask(self, topic: Topic, wait: float) -> None:
        """The customer's question, and the agent's answer after `wait` seconds."""
        rng, common = self.rng, self.common
        said = (
            rng.choice(common["before"]) + rng.choice(topic["asks"]) + rng.choice(common["after"])
        )
        self.say("customer", said)
        if wait < 2 and rng.random() < 0.6:
            self.say("agent", rng.choice(common["wait"]))
            self.say("agent", rng.choice(topic["replies"]), rng.choice((1.5, 3.0, 6.0)))
        else:
            self.say("agent", rng.choice(topic["replies"]), wait)

    def middle(self, others: Sequence[Topic], *, again: bool, angry: bool) -> set[tuple[str, str]]:
        """Small talk, other questions, the question again, discontent; returns what was asked."""
        rng, common, topic = self.rng, self.common, self.topic
        found = set()
        parts = ["talk"] * rng.randrange(1, 3)
        parts += ["again"] * again + ["angry"] * angry
        parts += ["side"] * (rng.random() < 0.3) + ["other"] * (rng.random() < 0.1)
        rng.shuffle(parts)
        for part in parts:
            if part == "talk":
                said, answer = rng.choice(common["talk"])
                self.say("agent", said)
                self.say("customer", answer)
            elif part == "again":
                self.say("agent", rng.choice(common["vague"]))
                self.say("customer", rng.choice(topic.get("again", topic["asks"])))
                self.say("agent", rng.choice(topic["replies"]))
            elif part == "angry":
                self.say(
                    "customer", rng.choice(topic.get("angry", ["你们这服务{太差了|太慢了}。"]))
                )
                self.say("agent", "非常抱歉给您带来不便。")
            else:
                asked = rng.choice(common["side"] if part == "side" else others)
                found.add(("asked", asked["key"]))
                self.say("customer", rng.choice(asked["asks"]))
                self.say("agent", rng.choice(asked.get("replies", common["vague"])))
        return found

    def end(self, breaches: set[str]) -> None:
        """What breaks a rule, and the farewell."""
        for rule in sorted(breaches):
            if rule in self.common["breaches"]:
                self.say("agent", self.rng.choice(self.common["breaches"][rule]))
                self.say("customer", "哦，这样啊。")
        bare = "asks_further_needs" in breaches
        self.say("agent", self.rng.choice(self.common["bare_closing" if bare else "closing"]))
        self.say("customer", "好，再见。")
