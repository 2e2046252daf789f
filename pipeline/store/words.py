"""Words for jieba that people accepted or rejected, in `people.sqlite`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import BadInput
from pipeline.store.people import People

LATEST = "SELECT * FROM words WHERE id IN (SELECT max(id) FROM words GROUP BY word) ORDER BY word"
INSERT = "INSERT INTO words (at, who, word, accepted) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class DecidedWord:
    """What was last decided about a word; `at` is UTC."""

    word: str
    accepted: bool
    who: str
    at: datetime


class Words:
    """The words of one database."""

    def __init__(self, people: People) -> None:
        self._people = people

    def decide(self, who: str, words: Iterable[str], *, accepted: bool) -> None:
        """Accept or reject words; a later decision replaces an earlier one."""
        if not who.strip():
            raise BadInput("a decision about words needs a name: say who you are")
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._people.writing() as connection:
            rows = [(now, who.strip(), word, accepted) for word in dict.fromkeys(words)]
            connection.executemany(INSERT, rows)

    def decided(self) -> list[DecidedWord]:
        """The latest decision about every word."""
        if not self._people.path.exists():
            return []
        with self._people.connected() as connection:
            rows = connection.execute(LATEST).fetchall()
        return [
            DecidedWord(
                row["word"], bool(row["accepted"]), row["who"], datetime.fromisoformat(row["at"])
            )
            for row in rows
        ]

    def accepted(self) -> frozenset[str]:
        """The words that the cutter is to know."""
        return frozenset(decided.word for decided in self.decided() if decided.accepted)
