"""Reading the chain from its beginning: which line is wrong, and how."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field

from pipeline.audit.entry import GENESIS, Entry, Signing, may_be_unsigned
from pipeline.audit.trail import Contents

EDITED, REMOVED, INSERTED = "edited", "removed", "inserted"
REORDERED, TRUNCATED, SIGNATURE = "reordered", "truncated", "signature"
HEAD, UNSIGNED, EXPECTED = "head", "unsigned", "expected"
KINDS = (
    EDITED, REMOVED, INSERTED, REORDERED, TRUNCATED, SIGNATURE, HEAD, UNSIGNED, EXPECTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong: at, or just before, a line; entries `first` to `last` are meant."""

    kind: str
    line: int | None = None
    first: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Verified:
    """What the trail proves. `torn`: lines that a crash left half-written, which is no fault.

    `signed`: up to this entry a key vouches for everything (0: none, or no key to check with).
    `expected`: the entry that has the hash noted elsewhere.
    """

    entries: int = 0
    hash: str = GENESIS
    signed: int = 0
    torn: list[int] = field(default_factory=list)
    expected: int | None = None
    problems: list[Problem] = field(default_factory=list)


def verify(
    contents: Contents, signing: Signing | None = None, expect: str | None = None
) -> Verified:
    """Check every line, the links, the end against the head file, signatures, a noted hash."""
    walk = _Walk(contents, signing)
    walk.through()
    walk.compare_with_head()
    found = walk.found
    if signing and found.entries and not found.signed:
        found.problems.append(Problem(UNSIGNED))
    if expect is not None:
        found.expected = walk.numbers.get(expect.strip().lower())
        if found.expected is None:
            found.problems.append(Problem(EXPECTED))
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    raw: bytes
    entry: Entry | None


class _Walk:
    """Line by line; remembers the number and hash that the next entry must follow."""

    def __init__(self, contents: Contents, signing: Signing | None) -> None:
        *whole, rest = contents.data.split(b"\n")
        raw = [*whole, rest] if rest else whole
        self.lines = [_Line(n, line, Entry.parsed(line)) for n, line in enumerate(raw, 1)]
        self.cut_line = bool(rest)
        self.head = contents.head
        self.signing = signing
        entries = [line.entry for line in self.lines if line.entry]
        self.seqs = Counter(entry.seq for entry in entries)
        self.links = {entry.prev for entry in entries}
        if self.head:
            self.links.add(self.head.hash)
        self.found = Verified()
        self.seq, self.prev, self.at = 0, GENESIS, 0
        self.numbers: dict[str, int] = {}
        self.accepted: dict[int, _Line] = {}

    def through(self) -> None:
        broken: list[_Line] = []
        for line in self.lines:
            if line.entry is None:
                broken.append(line)
                continue
            self._broken_before(broken, line.entry)
            broken = []
            self._step(line, line.entry)
        self._broken_at_end(broken)
        self.found.entries, self.found.hash = len(self.accepted), self.prev or GENESIS

    def _add(self, kind: str, line: int | None, first: int | None, last: int | None = None) -> None:
        self.found.problems.append(Problem(kind, line, first, last or first))

    def _broken_before(self, broken: list[_Line], following: Entry) -> None:
        """Lines that are no entries: left by a crash, put in, or entries that were changed."""
        if not broken:
            return
        text = b"\n".join(line.raw for line in broken).strip(b"\n")
        torn = following.torn
        if torn and torn.sha256 == hashlib.sha256(text).hexdigest():
            self.found.torn += [line.number for line in broken]
        elif (following.seq, following.prev) == (self.seq + 1, self.prev):
            for line in broken:
                self._add(INSERTED, line.number, None)
        else:
            for line in broken:
                self._edited(line)

    def _edited(self, line: _Line) -> None:
        """Count a changed line as the entry that belongs here; go on from the hash it claims."""
        self.seq, self.prev, self.at = self.seq + 1, _claimed_hash(line.raw), line.number
        self._add(EDITED, line.number, self.seq)

    def _broken_at_end(self, broken: list[_Line]) -> None:
        count = self.head.count if self.head else 0
        if broken and self.cut_line:
            if count <= self.seq:
                self.found.torn += [line.number for line in broken]
                return
            broken = broken[:-1]  # it was whole once: the head file counts it
        for line in broken:
            if count > self.seq:
                self._edited(line)
            else:
                self._add(INSERTED, line.number, None)

    def _step(self, line: _Line, entry: Entry) -> None:
        if self.seqs[entry.seq] > 1 and (
            entry.hash in self.numbers or entry.hash not in self.links
        ):
            self._add(INSERTED, line.number, entry.seq)
            return
        if entry.seq <= self.seq:
            self._add(REORDERED, line.number, entry.seq)
            return
        if entry.doubt is not None:
            self._doubted(line, entry)
        elif entry.seq > self.seq + 1:
            missing = range(self.seq + 1, entry.seq)
            if any(seq in self.seqs for seq in missing):
                self._add(REORDERED, line.number, entry.seq)
            else:
                self._add(REMOVED, line.number, missing[0], missing[-1])
        elif self.prev and entry.prev != self.prev:  # its hash was computed anew
            self._add(EDITED, self.at, self.seq)
        self.seq, self.prev, self.at = entry.seq, entry.hash, line.number
        self.numbers[entry.hash] = entry.seq
        self.accepted[entry.seq] = line
        self._check_signature(line, entry)

    def _doubted(self, line: _Line, entry: Entry) -> None:
        """Whoever wrote this entry found that the end of the trail was not what it had been."""
        if entry.doubt is None or entry.doubt.count is None:
            self._add(HEAD, line.number, None)
        elif entry.seq > self.seq + 1:
            self._add(TRUNCATED, line.number, self.seq + 1, entry.seq - 1)
        elif entry.doubt.count:
            known = self.accepted.get(entry.doubt.count)
            self._add(EDITED, known.number if known else line.number, entry.doubt.count)
        else:
            self._add(HEAD, line.number, None)

    def _check_signature(self, line: _Line, entry: Entry) -> None:
        if self.signing is None:
            return
        if entry.key is None and self.found.signed and not may_be_unsigned(entry.action):
            self._add(UNSIGNED, line.number, entry.seq)
        if entry.key is None or entry.key not in self.signing.keys:
            return
        if self.signing.fits(entry.hash, entry.key, entry.mac):
            self.found.signed = entry.seq
        else:
            self._add(SIGNATURE, line.number, entry.seq)

    def compare_with_head(self) -> None:
        """The head file knows how many entries there were, and which was the last."""
        head = self.head
        if head is None:
            if self.lines:
                self._add(HEAD, None, None)
            return
        if head.count > self.seq:
            self._add(TRUNCATED, None, self.seq + 1, head.count)
            return
        line = self.accepted.get(head.count)
        if line is None or line.entry is None:
            return
        key = line.entry.key
        if line.entry.hash != head.hash:
            self._add(EDITED, line.number, head.count)
        elif (
            self.signing
            and key is not None
            and key in self.signing.keys
            and not self.signing.fits(f"head:{head.hash}", key, head.mac)
        ):
            self._add(HEAD, None, None)


def _claimed_hash(raw: bytes) -> str:
    """The hash that a changed line still carries; empty when it cannot be read."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    claimed = data.get("hash") if isinstance(data, dict) else None
    return claimed if isinstance(claimed, str) else ""
