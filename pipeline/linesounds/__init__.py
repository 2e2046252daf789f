"""What the line itself sounds like: tones, keys, music and announcements, which are nobody's words.

`SoundTrack` listens to a channel while it is decoded; `announcements` reads what was recognised.
"""

from __future__ import annotations

from pipeline.linesounds.outside import mute, words_outside
from pipeline.linesounds.prompts import Announced, announcements
from pipeline.linesounds.track import Heard, SoundTrack

__all__ = ["Announced", "Heard", "SoundTrack", "announcements", "mute", "words_outside"]
