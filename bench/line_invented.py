"""What the recogniser writes where only the line sounds, without and with the detection.

Speech, a sound of 30 s, and speech, as one channel. Without: the recogniser hears the channel as it
is. With: as `pipeline.listening` does. Whatever is written inside the sound was invented.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.line_signals import Sound, at_level
from bench.line_sources import Source, on_the_line
from pipeline.asr import ChannelAudio, make_engine
from pipeline.audio import RATE
from pipeline.domain import Word
from pipeline.linesounds import SoundTrack, words_outside
from pipeline.listening import engine_options
from pipeline.settings import Settings

EDGE = 0.5
QUIET = np.zeros(RATE, np.float32)


def invented(model: str, sources: Sequence[Source], around: Sound) -> None:
    """One row per set of sounds: characters written inside them."""
    settings = Settings()
    settings = settings.model_copy(update={"asr": settings.asr.model_copy(update={"model": model})})
    engine = make_engine(settings.asr.engine, engine_options(settings))
    print("| sound | pieces | invented characters without | with |")
    print("| --- | ---: | ---: | ---: |")
    for group in dict.fromkeys(source.name.split("/")[0] for source in sources):
        own = [source for source in sources if source.name.split("/")[0] == group][:4]
        before = after = 0
        for number, source in enumerate(own):
            first = around[(5 * number + 1) * RATE :][: 5 * RATE]
            sound = at_level(source.sound, (-15.0, -22.0, -30.0)[number % 3])
            whole = np.concatenate([first, QUIET, sound, QUIET, first])
            line = on_the_line(whole, "alaw", -60.0, number)
            inside = 6.0 + EDGE, 6.0 + sound.size / RATE - EDGE
            audio = ChannelAudio("x", 0, line, 0.0)
            words = [w for text in engine.transcribe([audio]) for w in text.words]
            before += _characters(words, *inside)
            track = SoundTrack(0)
            audio = ChannelAudio("x", 0, track.hear(line), 0.0)
            words = [w for text in engine.transcribe([audio]) for w in text.words]
            heard = track.heard()
            kept, _ = words_outside(words, heard.nobody, heard.certain, 0)
            after += _characters(kept, *inside)
        print(f"| {group} | {len(own)} | {before} | {after} |", flush=True)


def _characters(words: Sequence[Word], start: float, end: float) -> int:
    inside = [w for w in words if start <= (w.start + w.end) / 2 <= end]
    return sum(len(word.text.strip("，。 ")) for word in inside)
