"""Key files: made, read, refused; what is wrong is said without showing a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BadInput, BadSettings
from pipeline.vault import Key, new_key_file, parse_keys, read_key_file
from tests.vault.keys import a_key_file, a_line


def test_a_new_key_is_for_its_owner_alone_and_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "raw.keys"
    key_id = new_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key_file(path).active.id == key_id
    before = path.read_bytes()
    with pytest.raises(BadInput, match="is there already and is left as it is"):
        new_key_file(path)
    assert path.read_bytes() == before
    other = tmp_path / "other.keys"
    new_key_file(other)
    assert other.read_text().split()[1] != path.read_text().split()[1]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o620, 0o601])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = a_key_file(tmp_path / "raw.keys")
    path.chmod(mode)
    with pytest.raises(BadSettings, match=f"raw.keys may be read by others.*{mode:04o}.*chmod 600"):
        read_key_file(path)
    path.chmod(0o640)
    assert read_key_file(path).active.id == "k1"


def test_the_first_line_is_active_and_remarks_are_passed_over() -> None:
    keys = parse_keys("# ours\n\n" + a_line("new", b"n") + a_line("old", b"o"), "here")
    assert (keys.active.id, list(keys.keys)) == ("new", ["new", "old"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "here: holds no key"),
        ("# only a remark\n", "here: holds no key"),
        ("c2VjcmV0c2VjcmV0\n", "here, line 1: must be `ID KEY`"),
        (a_line("k1") + "k2 c2VjcmV0\n", "here, line 2: must be `ID KEY`"),
        ("k1 no-base64!\n", "line 1"),
        (a_line("k/1"), "line 1"),
        (a_line("k1") + a_line("k1", b"x"), "line 2: the id k1 is there twice"),
    ],
)
def test_lines_that_are_no_keys_are_named_but_not_shown(text: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says) as caught:
        parse_keys(text, "here")
    assert "c2Vj" not in str(caught.value)


def test_a_missing_key_file_says_that_a_new_one_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"Bring the file back .* callqa raw new-key -o"):
        read_key_file(tmp_path / "raw.keys")
    with pytest.raises(BadSettings, match=r"is not a file|cannot be read"):
        read_key_file(tmp_path)


def test_a_key_shows_nothing_and_serves_each_purpose_alone() -> None:
    key = Key.of("k1", b"s" * 32)
    assert repr(key) == "Key(id='k1')"
    assert len({key.sealing, key.signing, b"s" * 32}) == 3
