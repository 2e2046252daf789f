"""A language model of the user's own network that answers questions of rules; off by default.

It speaks the OpenAI-compatible protocol. `Llm` is the `Judge` of `pipeline.rules`.
"""

from __future__ import annotations

from pipeline.llm.breaker import Breaker
from pipeline.llm.client import Llm
from pipeline.llm.post import Server

__all__ = ["Breaker", "Llm", "Server"]
