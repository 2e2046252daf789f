"""`callqa hold`: what must not be removed while a dispute or an investigation lasts."""

from __future__ import annotations

from pathlib import Path

from pipeline.authority import Request, permit, trail_of
from pipeline.errors import BadInput
from pipeline.files import need_database
from pipeline.settings import Settings
from pipeline.store import Held, Hold, Holds, People, Snapshot


def hold(settings: Settings, db: Path, kind: Held, subject: str, request: Request) -> Hold:
    """Hold a customer, an agent or one call: no purge and no erasure removes their calls.

    The number of the hold goes into the trail, the id of the customer does not. Raises NotAllowed
    without a role, BadInput for an unknown call.
    """
    need_database(db)
    role = permit(settings, db, request)
    if not subject.strip():
        raise BadInput(f"name the id of the {kind}")
    content = None
    if kind is Held.CALL:
        with Snapshot.open(db) as snapshot:
            content = str(snapshot.call(subject).call["content_sha256"])
    trail = trail_of(settings, db)
    people = Holds(People.open(db))
    entry = trail.append(
        "hold", role=role, reason=request.reason.strip(), details={**request.said, "kind": kind}
    )
    made = people.add(entry.who, request.reason.strip(), kind, subject.strip(), content)
    trail.append("held", role=role, details={"entry": entry.seq, "hold": made.id})
    return made


def covered(db: Path, made: Hold) -> int:
    """How many stored calls a hold covers now; 0 may be a mistyped id."""
    columns = {Held.CUSTOMER: "customer_id", Held.AGENT: "agent_id", Held.CALL: "content_sha256"}
    with Snapshot.open(db) as snapshot:
        return snapshot.count_of(columns[made.kind], made.content_sha256 or made.subject)


def release(settings: Settings, db: Path, number: int, request: Request) -> Hold:
    """End a hold. Raises NotAllowed without a role, BadInput when there is no such hold."""
    need_database(db)
    role = permit(settings, db, request)
    holds = Holds(People.open(db))
    ended = holds.get(number)
    details = {**request.said, "hold": number}
    entry = trail_of(settings, db).append(
        "release", role=role, reason=request.reason.strip(), details=details
    )
    holds.release(entry.who, request.reason.strip(), number)
    return ended
