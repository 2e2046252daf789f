from __future__ import annotations

import numpy as np
import pytest

from pipeline.audio import RATE, Samples, frame_db
from pipeline.crosstalk import Crosstalk, gate_crosstalk
from tests.crosstalk.talk import AGENT, CUSTOMER, a_side, leaking

agent, customer = a_side(AGENT, 1), a_side(CUSTOMER, 2)


def part(sound: Samples, start: float, end: float) -> Samples:
    return sound[int(start * RATE) : int(end * RATE)]


def quiet(sound: Samples) -> float:
    """Share of 20 ms that are about as quiet as the line (-66 dB)."""
    return float((frame_db(sound) < -60).mean())


@pytest.mark.parametrize("level", [-12, -20, -30])
@pytest.mark.parametrize("delay", [0.0, 0.03, 0.12, 0.25, 0.3])
def test_a_leak_is_found_with_its_delay_and_level(level: float, delay: float) -> None:
    crosstalk = Crosstalk()
    crosstalk.gate(np.stack([agent, leaking(customer, agent, level, delay)]))
    assert set(crosstalk.leaks) == {1}
    assert crosstalk.leaks[1].delay == pytest.approx(delay, abs=0.01)
    assert crosstalk.leaks[1].level == pytest.approx(level, abs=2)


def test_both_sides_may_leak_each_in_its_own_way() -> None:
    crosstalk = Crosstalk()
    crosstalk.gate(
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
    gated = crosstalk.gate(call)
    assert crosstalk.leaks == {}
    np.testing.assert_array_equal(gated, before)


def test_a_faint_leak_is_left_to_the_voice_detector() -> None:
    call = np.stack([agent, leaking(customer, agent, -42, 0.02)])
    np.testing.assert_array_equal(gate_crosstalk(call), call)


def test_one_channel_stays_as_it_is() -> None:
    np.testing.assert_array_equal(gate_crosstalk(agent[None]), agent[None])


@pytest.mark.parametrize("level", [-12, -20, -30])
@pytest.mark.parametrize("delay", [0.0, 0.12, 0.25])
def test_where_only_the_echo_is_heard_it_is_as_quiet_as_the_line(
    level: float, delay: float
) -> None:
    call = np.stack([agent, leaking(customer, agent, level, delay)])
    gated = gate_crosstalk(call)
    for start, end in AGENT:
        assert quiet(part(gated[1], start + delay + 0.1, end + delay - 0.1)) > 0.97
    for start, end in CUSTOMER:  # what is really said stays, sample for sample
        np.testing.assert_array_equal(part(gated[1], start, end), part(call[1], start, end))
    np.testing.assert_array_equal(gated[0], call[0])


@pytest.mark.parametrize("level", [-20, -30])
def test_a_quiet_word_in_the_other_sides_turn_stays(level: float) -> None:
    """嗯 of 0.3 s, 10 dB under the agent who goes on speaking."""
    word = a_side(((11.0, 11.3),), 5, level=0.032)
    call = np.stack([agent, leaking(customer + word, agent, level, 0.1)])
    gated = gate_crosstalk(call)
    np.testing.assert_array_equal(part(gated[1], 11.0, 11.3), part(call[1], 11.0, 11.3))
    assert quiet(part(gated[1], 9.5, 10.8)) > 0.97


def test_two_who_speak_at_once_both_stay() -> None:
    over = a_side((*CUSTOMER, (10.0, 13.0)), 2)
    call = np.stack([leaking(agent, over, -20, 0.1), leaking(over, agent, -20, 0.1)])
    gated = gate_crosstalk(call)
    np.testing.assert_array_equal(part(gated[0], 10, 13), part(call[0], 10, 13))
    np.testing.assert_array_equal(part(gated[1], 10, 13), part(call[1], 10, 13))


def test_what_was_found_in_one_block_serves_the_next_ones() -> None:
    """The second block alone is too short to find anything in."""
    call = np.stack([agent, leaking(customer, agent, -20, 0.1)])
    crosstalk = Crosstalk()
    crosstalk.gate(call)
    found = crosstalk.leaks
    gated = crosstalk.gate(call[:, int(0.6 * RATE) : int(1.9 * RATE)], 40.6)
    assert crosstalk.leaks == found
    assert crosstalk.echoes[1] == ((pytest.approx(41.1, abs=0.05), pytest.approx(41.9, abs=0.05)),)
    assert quiet(gated[1]) > 0.9


def test_where_only_the_echo_is_heard_is_kept() -> None:
    """In two blocks; the times are those of the recording."""
    call = np.stack([agent, leaking(customer, agent, -20, 0.1)])
    crosstalk = Crosstalk()
    crosstalk.gate(call)
    crosstalk.gate(call, 40.0)
    assert {(place.channel, place.reason, place.characters) for place in crosstalk.removed} == {
        (1, "crosstalk", 0)
    }
    places = [(place.start, place.end) for place in crosstalk.removed]
    expected = [*AGENT, *((start + 40, end + 40) for start, end in AGENT)]
    assert np.abs(np.array(places) - np.array(expected) - 0.1).max() < 0.15


def test_nothing_is_kept_of_channels_that_are_apart() -> None:
    crosstalk = Crosstalk()
    crosstalk.gate(np.stack([agent, customer]))
    assert crosstalk.removed == ()
