"""Every kind of tampering by hand is found, at its line; with a key also whole rebuilt chains."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit import Entry, Signing, Trail, verify
from tests.audit.test_trail import SIGNING, a_trail, kinds

Lines = list[bytes]


def rewritten(line: bytes, signing: Signing | None = None, **changes: object) -> bytes:
    """An entry changed by somebody who computes its hash anew."""
    body = json.loads(line) | changes
    for name in ("hash", "mac", "key"):
        body.pop(name)
    return Entry.made(body, signing).line()


def swapped(lines: Lines, one: int, other: int) -> Lines:
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def with_line(lines: Lines, at: int, line: bytes) -> Lines:
    return [*lines[:at], line, *lines[at:]]


TAMPERED: list[tuple[str, Callable[[Lines], Lines], list[tuple[str, int | None]]]] = [
    ("field", lambda s: [*s[:3], s[3].replace(b'"c-4"', b'"c-9"'), *s[4:]], [("edited", 4)]),
    ("space", lambda s: [*s[:3], s[3].replace(b":", b": ", 1), *s[4:]], [("edited", 4)]),
    ("rubbish", lambda s: [*s[:3], b"xxx", *s[4:]], [("edited", 4)]),
    ("last field", lambda s: [*s[:7], s[7].replace(b'"c-8"', b'"c-9"')], [("edited", 8)]),
    ("hash anew", lambda s: [*s[:3], rewritten(s[3], who="x"), *s[4:]], [("edited", 4)]),
    ("last hash anew", lambda s: [*s[:7], rewritten(s[7], who="x")], [("edited", 8)]),
    ("removed", lambda s: [*s[:3], *s[4:]], [("removed", 4)]),
    ("first removed", lambda s: s[1:], [("removed", 1)]),
    ("swapped", lambda s: swapped(s, 3, 4), [("reordered", 4), ("reordered", 5)]),
    ("rubbish put in", lambda s: with_line(s, 3, b"{}"), [("inserted", 4)]),
    ("copy put in", lambda s: with_line(s, 6, s[2]), [("inserted", 7)]),
    ("forged put in", lambda s: with_line(s, 3, rewritten(s[3], who="x")), [("inserted", 4)]),
    ("rubbish after", lambda s: [*s, b"{}"], [("inserted", 9)]),
    ("cut", lambda s: s[:5], [("truncated", None)]),
    ("all cut", lambda s: [], [("truncated", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("how", "tamper", "found"), TAMPERED, ids=[t[0] for t in TAMPERED])
def test_tampering_is_found_at_its_line(
    tmp_path: Path, how: str, tamper: Callable[[Lines], Lines], found: list[tuple[str, int | None]]
) -> None:
    trail = a_trail(tmp_path)
    assert kinds(trail) == []
    lines = tamper(trail.path.read_bytes().splitlines())
    trail.path.write_bytes(b"".join(line + b"\n" for line in lines))
    assert kinds(trail) == found


def test_appending_after_the_last_line_was_rewritten_hides_nothing(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 4)
    lines = trail.path.read_bytes().splitlines()
    lines[3] = rewritten(lines[3], reason="harmless")
    trail.path.write_bytes(b"".join(line + b"\n" for line in lines))
    assert kinds(trail) == [("edited", 4)]
    trail.append("unmask")
    trail.append("unmask")
    assert kinds(trail) == [("edited", 4)]


def test_a_line_cut_in_its_middle_is_a_cut_when_it_was_whole_once(tmp_path: Path) -> None:
    trail = a_trail(tmp_path)
    trail.path.write_bytes(trail.path.read_bytes()[:-30])
    found = verify(trail.read())
    assert ([(p.kind, p.first) for p in found.problems], found.torn) == ([("truncated", 8)], [])


def rebuilt(trail: Trail, signing: Signing | None = None) -> Trail:
    """Somebody without the key drops entry 3 and computes everything anew, head file included."""
    entries = trail.read().entries()
    trail.path.unlink()
    trail.head_path.unlink()
    forger = Trail(trail.path, signing)
    for entry in entries:
        if entry.seq != 3:
            forger.append(entry.action, subject=entry.subject)
    return trail


def test_a_rebuilt_chain_is_found_by_a_noted_hash_or_by_a_key(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, signing=SIGNING)
    noted = verify(trail.read(), SIGNING).hash
    assert verify(trail.read(), SIGNING, noted.upper()).expected == 8
    trail.append("unmask")
    assert verify(trail.read(), SIGNING, noted).expected == 8, "noted earlier"
    rebuilt(trail)
    assert kinds(trail) == [], "without a key and a noted hash nothing shows it"
    assert [p.kind for p in verify(trail.read(), None, noted).problems] == ["expected"]
    assert kinds(trail, SIGNING) == [("unsigned", None)]
    rebuilt(a_trail(tmp_path, signing=SIGNING), Signing("k1", {"k1": b"2" * 32}))
    assert ("signature", 1) in kinds(trail, SIGNING)


def test_a_tail_rebuilt_without_the_key_is_found(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 5, SIGNING)
    head, whole = trail.head_path.read_bytes(), trail.path.read_bytes()
    assert kinds(trail, SIGNING) == []
    lines = whole.splitlines(keepends=True)
    forged = json.loads(head) | {"count": 3, "hash": json.loads(lines[2])["hash"]}
    trail.path.write_bytes(b"".join(lines[:3]))
    trail.head_path.write_text(json.dumps(forged))
    assert kinds(trail) == []
    assert kinds(trail, SIGNING) == [("head", None)], "its signature is that of another end"
    Trail(trail.path).append("unmask")
    assert ("unsigned", 4) in kinds(trail, SIGNING)


def test_a_refused_try_of_somebody_without_the_key_is_no_fault(tmp_path: Path) -> None:
    trail = a_trail(tmp_path, 3, SIGNING)
    Trail(trail.path).append("unmask_refused", subject="c-1")
    found = verify(trail.read(), SIGNING)
    assert (found.entries, found.signed, found.problems) == (4, 3, [])
    trail.append("unmask")
    assert verify(trail.read(), SIGNING).signed == 5, "the next signed one vouches for it"


def test_a_new_key_vouches_for_entries_of_one_that_is_gone(tmp_path: Path) -> None:
    a_trail(tmp_path, 3, SIGNING)
    new = Signing("k2", {"k2": b"2" * 32})
    trail = a_trail(tmp_path, 2, new)
    found = verify(trail.read(), new)
    assert (found.signed, found.problems) == (5, [])
    lines = trail.path.read_bytes().splitlines()
    lines[1] = rewritten(lines[1], SIGNING, who="x")
    trail.path.write_bytes(b"".join(line + b"\n" for line in lines))
    assert kinds(trail, new) == [("edited", 2)]
