"""Which language a window of speech is in, asked only where the text makes one doubt.

Mandarin that is read as Mandarin comes out in Han with word confidences around 0.85 (0.77 to 0.90
per window on the development calls); other languages come out in Latin letters or as guesswork
(0.2 to 0.6). Only such windows are asked, because an answer costs as much as encoding the window.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain import MANDARIN, Seconds, Word, mean_confidence

DOUBTFUL = 0.65  # mean confidence of a window's words
FOREIGN = 0.3  # share of Latin letters
SURE = 0.8  # probability from which another language is believed
MOST = 0.6  # share of the seconds of speech that makes it the language of the call


def doubtful(words: Sequence[Word]) -> bool:
    """Whether the text of a window may be another language, forced into the expected one."""
    text = "".join(word.text for word in words)
    if not text.strip():
        return False
    latin = sum(character.isascii() and character.isalpha() for character in text)
    sure = mean_confidence(words)
    return (sure is not None and sure < DOUBTFUL) or latin / len(text) > FOREIGN


def language_of_call(heard: Sequence[tuple[str, Seconds]]) -> str | None:
    """The language of most of the speech, from (language, seconds); None where nobody looked.

    Another one than Mandarin must be spoken for 60 % of the time: a call with a few English
    sentences is a Mandarin call.
    """
    seconds: dict[str, Seconds] = {}
    for language, length in heard:
        seconds[language] = seconds.get(language, 0.0) + length
    if not seconds:
        return None
    language, most = max(seconds.items(), key=lambda item: item[1])
    return language if most >= MOST * sum(seconds.values()) else MANDARIN
