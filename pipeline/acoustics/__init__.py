"""What is measured from the sound and the times of a call; docs/voice.md says how and how well.

While a recording is decoded `SoundTracks` keeps what its voices are measured from; `with_voice`
gives it to the segments of the transcript; `measure` makes the call's figures of it. Nothing here
looks at more than the call itself, and nothing names a feeling.
"""

from __future__ import annotations

from pipeline.acoustics.measure import measure
from pipeline.acoustics.voice import SoundTracks, with_voice

__all__ = ["SoundTracks", "measure", "with_voice"]
