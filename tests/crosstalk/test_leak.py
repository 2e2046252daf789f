from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.audio import RATE
from pipeline.crosstalk import Crosstalk
from tests.crosstalk.talk import AGENT, CUSTOMER, a_side, leaking

agent, customer = a_side(AGENT, 1), a_side(CUSTOMER, 2)


def share(stretches: Sequence[tuple[float, float]], start: float, end: float) -> float:
    """How much of [start, end) lies within the stretches."""
    return sum(max(min(b, end) - max(a, start), 0) for a, b in stretches) / (end - start)


@pytest.mark.parametrize("level", [-12, -20, -30])
@pytest.mark.parametrize("delay", [0.0, 0.03, 0.12, 0.25, 0.3])
def test_a_leak_is_found_with_its_delay_and_level(level: float, delay: float) -> None:
    crosstalk = Crosstalk()
    crosstalk.hear(np.stack([agent, leaking(customer, agent, level, delay)]))
    assert set(crosstalk.leaks) == {1}
    assert crosstalk.leaks[1].delay == pytest.approx(delay, abs=0.01)
    assert crosstalk.leaks[1].level == pytest.approx(level, abs=2)


def test_both_sides_may_leak_each_in_its_own_way() -> None:
    crosstalk = Crosstalk()
    crosstalk.hear(
        np.stack([leaking(agent, customer, -15, 0.2), leaking(customer, agent, -25, 0.05)])
    )
    assert [
        (n, round(leak.delay, 2), round(leak.level)) for n, leak in crosstalk.leaks.items()
    ] == [
        (0, 0.2, -15),
        (1, 0.05, -25),
    ]


def test_channels_that_are_apart_stay_as_they_are() -> None:
    call = np.stack([agent, customer])
    before = call.copy()
    crosstalk = Crosstalk()
    assert crosstalk.hear(call) == {}
    assert crosstalk.leaks == {}
    assert crosstalk.removed == ()
    np.testing.assert_array_equal(call, before)


def test_a_faint_leak_is_left_to_the_voice_detector() -> None:
    assert Crosstalk().hear(np.stack([agent, leaking(customer, agent, -42, 0.02)])) == {}


def test_one_channel_has_no_other_side() -> None:
    assert Crosstalk().hear(agent[None]) == {}


@pytest.mark.parametrize("level", [-12, -20, -30])
@pytest.mark.parametrize("delay", [0.0, 0.12, 0.25])
def test_where_only_the_echo_is_heard_nobody_speaks(level: float, delay: float) -> None:
    found = Crosstalk().hear(np.stack([agent, leaking(customer, agent, level, delay)]))
    assert set(found) == {1}
    for start, end in AGENT:
        assert share(found[1], start + delay + 0.1, end + delay - 0.1) > 0.97
    for start, end in CUSTOMER:
        assert share(found[1], start, end) == 0


@pytest.mark.parametrize("level", [-20, -30])
def test_a_quiet_word_in_the_other_sides_turn_stays(level: float) -> None:
    """嗯 of 0.3 s, 10 dB under the agent who goes on speaking."""
    word = a_side(((11.0, 11.3),), 5, level=0.032)
    found = Crosstalk().hear(np.stack([agent, leaking(customer + word, agent, level, 0.1)]))
    assert share(found[1], 11.0, 11.3) < 0.1  # its first 20 ms are under the echo
    assert share(found[1], 9.5, 10.8) > 0.97


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.1, 0.99, 1.0, 1.01])
def test_a_last_block_may_be_short(seconds: float) -> None:
    call = np.stack([agent, leaking(customer, agent, -20, 0.3)])
    crosstalk = Crosstalk()
    crosstalk.hear(call)
    rest = int(seconds * RATE)
    found = crosstalk.hear(call[:, 2 * RATE : 2 * RATE + rest], 40.0)
    assert bool(found.get(1)) == (seconds >= 1)


def test_two_who_speak_at_once_both_stay() -> None:
    over = a_side((*CUSTOMER, (10.0, 13.0)), 2)
    found = Crosstalk().hear(
        np.stack([leaking(agent, over, -20, 0.1), leaking(over, agent, -20, 0.1)])
    )
    assert set(found) == {0, 1}
    assert share(found[0], 10, 13) == share(found[1], 10, 13) == 0


def test_what_was_found_in_one_block_serves_the_next_ones() -> None:
    """The second block alone is too short to find anything in."""
    call = np.stack([agent, leaking(customer, agent, -20, 0.1)])
    crosstalk = Crosstalk()
    crosstalk.hear(call)
    leaks = crosstalk.leaks
    found = crosstalk.hear(call[:, int(0.6 * RATE) : int(1.9 * RATE)], 40.6)
    assert crosstalk.leaks == leaks
    assert found[1] == ((pytest.approx(41.1, abs=0.05), pytest.approx(41.9, abs=0.05)),)


def test_where_only_the_echo_is_heard_is_kept() -> None:
    """In two blocks; the times are those of the recording."""
    call = np.stack([agent, leaking(customer, agent, -20, 0.1)])
    crosstalk = Crosstalk()
    crosstalk.hear(call)
    crosstalk.hear(call, 40.0)
    assert {(place.channel, place.reason, place.characters) for place in crosstalk.removed} == {
        (1, "crosstalk", 0)
    }
    places = [(place.start, place.end) for place in crosstalk.removed]
    expected = [*AGENT, *((start + 40, end + 40) for start, end in AGENT)]
    assert np.abs(np.array(places) - np.array(expected) - 0.1).max() < 0.15
