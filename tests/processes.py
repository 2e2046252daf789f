"""Processes of their own for tests in which several do something at once."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext


def several(*modules: str) -> ForkServerContext:
    """Begins processes that share nothing with this one; the modules are loaded once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context
