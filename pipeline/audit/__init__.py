"""The audit trail of a database: who did what with originals, when, and why. Append-only.

::

    NAME.audit.jsonl       one JSON entry per line, each holding the hash of the one before
    NAME.audit.head.json   how many entries there are and the last hash, replaced after each append

An entry is written, and synced, before what it permits happens::

    trail = Trail.beside(Path("calls.duckdb"), signing)
    trail.append("unmask", subject="c-1", reason="complaint 4711", role="compliance")
    ...                                          # only now show the text
    found = verify(trail.read(), signing)        # found.problems: which line is wrong, and how

**What is noticed without a key**: every change, removal, insertion, swap and a cut tail made by
somebody who does not compute all hashes, and the head file, anew. Whoever does so with both files
is noticed only by a hash noted elsewhere (`verify(expect=…)`).

**What is noticed with a key**: an entry that was signed (HMAC) vouches for itself and all entries
before it, also for unsigned ones and those under keys that are gone. Unsigned entries after a
signed one are a fault, but for refused tries and sign-ins, whose writers need not read the key;
those at the very end are vouched for by nobody until the next signed one. Putting back older copies
of both files needs no key; only a hash noted elsewhere shows that.

**After a crash**: a trail ahead of its head file is whole. A half-written last line stays where it
is; the next entry begins on a new line and names the fragment by hash. Where the head file says
that entries were cut off or changed, the next entry says so for good (`doubt`): appending hides
nothing.
"""

from pipeline.audit.entry import REFUSED, Entry, Signing
from pipeline.audit.trail import Contents, Trail, operating_user
from pipeline.audit.verify import Problem, Verified, verify

__all__ = [
    "REFUSED",
    "Contents",
    "Entry",
    "Problem",
    "Signing",
    "Trail",
    "Verified",
    "operating_user",
    "verify",
]
