"""Speech that the recogniser passed over is heard again; faint and doubtful sound is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.asr import ChannelAudio, Engine
from pipeline.asr.lost import added, passed_over
from pipeline.asr.windows import Piece, Window
from pipeline.audio import RATE
from pipeline.domain import Removed, Word
from tests.asr.conftest import a_side
from tests.sounds import a_tone


def a_window(*loudness: float) -> Window:
    """Pieces of 4 s, each so loud, 100, 110, 120 … seconds into the call."""
    sound = np.concatenate([level * a_tone(4, RATE) for level in loudness]).astype(np.float32)
    pieces = tuple(Piece(4.0 * n, 100.0 + 10 * n, 4.0) for n in range(len(loudness)))
    return Window(sound, pieces)


def words(start: float, end: float, sure: float = 0.9, text: str = "好") -> list[Word]:
    steps = np.arange(start, end, 0.5)
    return [Word(text, float(at), float(at) + 0.5, sure) for at in steps]


def spans(found: Sequence[Window]) -> list[tuple[float, float]]:
    (pieces,) = zip(*(window.pieces for window in found), strict=True) if found else ((),)
    return [(round(p.source, 1), round(p.source + p.length, 1)) for p in pieces]


@pytest.mark.parametrize(
    ("heard", "lost"),
    [
        (words(100, 104), [(110.2, 113.8)]),  # a whole piece
        ([*words(100, 104), *words(110, 112)], [(111.8, 113.8)]),  # its end
        ([*words(100, 104), *words(112.5, 114)], [(110.2, 112.7)]),  # its beginning
        ([*words(100, 104), *words(110, 113)], []),  # the pause of a breath
        ([*words(100, 101.5), *words(102.5, 104), *words(110, 114)], [(101.3, 102.7)]),
    ],
)
def test_what_was_passed_over(heard: list[Word], lost: list[tuple[float, float]]) -> None:
    assert spans(passed_over(a_window(0.5, 0.5), heard)) == lost


def test_digits_told_singly_are_one_stretch_of_many_pieces() -> None:
    sound = (0.5 * a_tone(8, RATE)).astype(np.float32)
    singly = tuple(Piece(n * 1.0, 100.0 + n * 1.1, 1.0) for n in range(8))
    (part,) = passed_over(Window(sound, singly), words(104, 109))
    assert part.pieces[0].source == pytest.approx(100.2)
    last = part.pieces[-1]
    assert last.source + last.length == pytest.approx(104.2)
    assert [piece.at for piece in part.pieces] == pytest.approx([0.0, 0.8, 1.8, 2.8])
    assert part.length == pytest.approx(3.7)


def test_a_faint_voice_is_the_other_sides_echo() -> None:
    assert spans(passed_over(a_window(0.5, 0.25), words(100, 104))) == [(110.2, 113.8)]
    assert spans(passed_over(a_window(0.5, 0.05), words(100, 104))) == []


@pytest.mark.parametrize(("reason", "again"), [("caption", False), ("loop", True)])
def test_what_was_taken_out_as_invented_is_not_heard_again(reason: str, *, again: bool) -> None:
    removed = [Removed(reason, 110.0, 114.0, 0, 12)]
    assert bool(passed_over(a_window(0.5, 0.5), words(100, 104), removed)) is again


@pytest.mark.parametrize(
    ("again", "before", "kept"),
    [
        (words(110, 112), words(100, 104, text="嗯"), 4),
        (words(110, 112, 0.4), words(100, 104, text="嗯"), 0),  # doubtful
        (words(110, 111, text="验证码"), words(104, 106, text="验证码"), 0),  # written beside
        (words(110, 111, text="验证码"), words(10, 12, text="验证码"), 2),  # said long before
        ([], words(100, 104), 0),
    ],
)
def test_what_counts_of_a_second_hearing(again: list[Word], before: list[Word], kept: int) -> None:
    assert len(added(again, before)) == kept


@pytest.mark.model
def test_a_stretch_that_was_left_out_is_written_after_all(
    engine: Engine, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech = a_side(samples)
    (whole,) = engine.transcribe([ChannelAudio("a", 0, speech)])
    cut = whole.words[-1].end - 4.0
    real: Any = engine._recognise  # type: ignore[attr-defined]
    runs = 0

    def forgetful(*asked: Any, **how: Any) -> Any:
        """The first time the end of the text is lost."""
        nonlocal runs
        runs += 1
        found = real(*asked, **how)
        if runs > 1:
            return found
        return [
            [type(h)(tuple(w for w in h.words if w.end < cut), h.nothing_said) for h in heard]
            for heard in found
        ]

    monkeypatch.setattr(engine, "_recognise", forgetful)
    (again,) = engine.transcribe([ChannelAudio("a", 0, speech)])
    assert runs == 2, "heard once more, all lost stretches together"
    tail = "".join(w.text for w in again.words if w.end >= cut)
    assert "请说一下" in tail
    assert [w.start for w in again.words] == sorted(w.start for w in again.words)
