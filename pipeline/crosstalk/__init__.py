"""The other side, heard faintly on a channel: found, muted, and its words taken out.

`Crosstalk` finds leaks while a recording is decoded and mutes what only they explain.
"""

from __future__ import annotations

from pipeline.crosstalk.leak import Crosstalk, Leak, gate_crosstalk

__all__ = ["Crosstalk", "Leak", "gate_crosstalk"]
