"""The other side, heard faintly on a channel: where that is all there is, nobody speaks.

`Crosstalk` finds leaks while a recording is decoded, and the stretches that only they explain.
"""

from __future__ import annotations

from pipeline.crosstalk.leak import Crosstalk, Leak

__all__ = ["Crosstalk", "Leak"]
