"""Sealing and opening: exact round trips; whatever is damaged does not open and says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.domain import Role, Segment, Transcript, Word
from pipeline.errors import BadInput, BadSeal, TryAgain
from pipeline.vault import Keyring, Vault, parse_keys
from tests.builders import a_dialogue
from tests.store.reports import a_hash
from tests.vault.keys import a_line

ONE, TWO = a_hash("one"), a_hash("two")
CARD = "6222021234567890128"


def keys(*lines: str) -> Keyring:
    return parse_keys("".join(lines) or a_line("k1"), "raw.keys")


def a_vault(folder: Path, *lines: str) -> Vault:
    return Vault.beside(folder / "calls.duckdb", keys(*lines))


def a_raw_call() -> Transcript:
    """Raw text with times, words, metadata of every type."""
    call = a_dialogue(
        "客服: 您好", f"客户: 卡号{CARD}", attributes={"age": 67, "vip": True, "r": 1.0}
    )
    words = (Word("嗯", 1.25, 1.5, 0.5), Word("。", 1.5, 1.5, 1.0))
    last = Segment(Role.UNKNOWN, "嗯。", 1.25, 1.5, 0.75, words, 1, -21.5)
    return Transcript(call.info, (*call.segments, last), 9.5, capabilities=call.capabilities)


def test_an_original_comes_back_exactly_and_nothing_of_it_can_be_read(tmp_path: Path) -> None:
    vault, call = a_vault(tmp_path), a_raw_call()
    path = vault.put(ONE, call)
    assert path == tmp_path / "calls.raw" / ONE[:2] / f"{ONE}.sealed"
    assert vault.get(ONE) == call
    data = path.read_bytes()
    assert CARD.encode() not in data
    assert "您好".encode() not in data
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path], "no temporary file is left"


def test_the_same_content_again_is_one_file_with_the_newer_text(tmp_path: Path) -> None:
    vault = a_vault(tmp_path)
    first = vault.put(ONE, a_dialogue("客服: 您好")).read_bytes()
    vault.put(ONE, a_raw_call())
    assert vault.get(ONE) == a_raw_call()
    assert list(vault.contents()) == [ONE]
    again = vault.put(ONE, a_raw_call()).read_bytes()
    assert again not in (first, vault.put(ONE, a_raw_call()).read_bytes()), "a nonce serves once"


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: b"", "is empty"),
        (lambda data: data[:5], "is cut off"),
        (lambda data: data[:40], "is cut off"),
        (lambda data: data[:-1], "was changed or cut off"),
        (lambda data: data + b"x", "was changed or cut off"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "was changed or cut off"),
        (lambda data: b"{}" * 100, "is no sealed original"),
        (lambda data: data[:10] + b"\x07" + data[11:], "has format 7; this callqa knows 1"),
    ],
)
def test_damage_is_named_with_its_file(
    tmp_path: Path, damage: Callable[[bytes], bytes], says: str
) -> None:
    vault = a_vault(tmp_path)
    path = vault.put(ONE, a_raw_call())
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BadSeal, match=says) as caught:
        vault.get(ONE)
    assert str(caught.value).startswith(f"{ONE}.sealed: ")


def test_no_byte_can_be_changed(tmp_path: Path) -> None:
    vault = a_vault(tmp_path)
    path = vault.put(ONE, a_dialogue("客服: 您好"))
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        with pytest.raises(BadSeal):
            vault.get(ONE)


def test_a_file_under_the_name_of_another_call_does_not_open(tmp_path: Path) -> None:
    vault = a_vault(tmp_path)
    one, two = vault.put(ONE, a_raw_call()), vault.put(TWO, a_dialogue("客服: 您好"))
    two.write_bytes(one.read_bytes())
    with pytest.raises(BadSeal, match=f"original of another call \\({ONE[:12]}"):
        vault.get(TWO)
    forged = one.read_bytes().replace(bytes.fromhex(ONE), bytes.fromhex(TWO))
    two.write_bytes(forged)
    with pytest.raises(BadSeal, match="was changed"):
        vault.get(TWO)


def test_a_wrong_or_unknown_key_is_told_apart_from_damage(tmp_path: Path) -> None:
    a_vault(tmp_path).put(ONE, a_raw_call())
    with pytest.raises(BadSeal, match=r"another key than the one called k1 in raw.keys"):
        a_vault(tmp_path, a_line("k1", b"o")).get(ONE)
    with pytest.raises(BadSeal, match=r"key 'k1', which is not in raw.keys \(there: k2\)"):
        a_vault(tmp_path, a_line("k2")).get(ONE)
    assert a_vault(tmp_path, a_line("k2", b"x"), a_line("k1")).get(ONE) == a_raw_call()


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    vault = a_vault(tmp_path)
    with pytest.raises(BadSeal, match=r"calls.raw: there is no such folder"):
        vault.get(ONE)
    with pytest.raises(BadInput, match=r"calls.raw: there is no such folder"):
        list(vault.contents())
    vault.put(ONE, a_raw_call())
    with pytest.raises(BadSeal, match="processed without keeping originals, or the file was lost"):
        vault.get(TWO)


def test_text_that_is_no_unicode_is_bad_input_and_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="call c-test holds text that is not Unicode") as caught:
        a_vault(tmp_path).put(ONE, a_dialogue(f"客户: {CARD}\ud800"))
    assert caught.value.__suppress_context__
    assert CARD not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_try_again(tmp_path: Path) -> None:
    (tmp_path / "calls.raw").write_text("a file in its place")
    with pytest.raises(TryAgain, match=r"cannot write .*sealed"):
        a_vault(tmp_path).put(ONE, a_raw_call())


def test_sealing_again_changes_the_key_and_nothing_else(tmp_path: Path) -> None:
    a_vault(tmp_path).put(ONE, a_raw_call())
    both = a_vault(tmp_path, a_line("k2", b"n"), a_line("k1"))
    assert (both.key_of(ONE), both.reseal(ONE), both.reseal(ONE)) == ("k1", True, False)
    assert a_vault(tmp_path, a_line("k2", b"n")).get(ONE) == a_raw_call()
