"""Retention and erasure: how long calls are kept, who is removed on request, what must not go.

::

    settings.retention ─ due ─▶ Due ─┐                 ┌─ input: recordings, chats, metadata rows
    callqa erase ─ of a customer ────┼─▶ remove_all ───┼─ originals, spool, exports, audio copies
    holds (legal) prevent both ──────┘                 └─ tables, reviews; then the file anew, proof

The database forgets last: what could not be deleted elsewhere keeps its rows, and the next purge or
erasure goes on with it, also after a kill. Every act is an entry of the audit trail before it
begins, and another one with its result.
"""

from pipeline.retention.due import Due, find_due
from pipeline.retention.erase import Erasure, erase
from pipeline.retention.hold import covered, hold, release
from pipeline.retention.purge import Purged, purge
from pipeline.retention.removing import Removed

__all__ = [
    "Due",
    "Erasure",
    "Purged",
    "Removed",
    "covered",
    "erase",
    "find_due",
    "hold",
    "purge",
    "release",
]
