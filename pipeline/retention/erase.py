"""`callqa erase`: one customer goes everywhere, on request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit import REFUSED, Trail
from pipeline.authority import Request, permit, trail_of
from pipeline.errors import BadInput, NotAllowed
from pipeline.files import need_database
from pipeline.intake import discover
from pipeline.retention.removing import Removed, remove_all, write_down
from pipeline.settings import Settings
from pipeline.store import HeldCalls, Holds, People, Removals, Store

_Call = tuple[str | None, str | None, str]  # customer, agent, content


@dataclass(frozen=True, slots=True)
class Erasure:
    """Who asks to erase whom, and why. `inputs`: folders with recordings not processed yet.

    The reason and no id of the customer goes into the trail: name the case in it.
    """

    customer: str
    reason: str
    inputs: Sequence[Path] = ()
    granted_by: Path | None = None


def erase(settings: Settings, db: Path, wish: Erasure) -> Removed:
    """Remove every call of a customer, and prove it.

    Raises NotAllowed without a role or under a legal hold, BadInput when there is no such customer
    here, TryAgain while a run is writing or when the trail cannot be written: then nothing went.
    """
    need_database(db)
    request = Request("erase", wish.reason, granted_by=wish.granted_by)
    role = permit(settings, db, request)
    trail = trail_of(settings, db)
    with Store.open(db, settings.timezone) as store:
        store.load_spool()
        removals = Removals(store)
        fresh, doubtful = _not_processed(settings, wish)
        calls = [
            call
            for call in removals.candidates()
            if call.customer_id == wish.customer or call.content_sha256 in fresh
        ]
        contents = sorted({*fresh, *(call.content_sha256 for call in calls)})
        pending = removals.marked("marked", "deleted")
        if not contents and not pending:
            raise BadInput(
                f"--customer {wish.customer}: there is no call of this customer in {db}, so "
                "nothing was removed. Is the id written as in the metadata?"
            )
        people: list[_Call] = [(wish.customer, waiting.agent_id, "") for waiting in fresh.values()]
        people += [(call.customer_id, call.agent_id, call.content_sha256) for call in calls]
        _need_no_hold(db, [(wish.customer, None, ""), *people], request, trail, role)
        details = {**request.said, "calls": len(calls), "contents": contents}
        entry = trail.append("erase", role=role, reason=wish.reason.strip(), details=details)
        store.add_names(
            (content, path) for content, waiting in fresh.items() for path in waiting.paths
        )
        done = remove_all(store, contents, "erase", wish.customer)
        done.by_hand += doubtful
        write_down(trail, "erased", entry, done)
    return done


@dataclass(frozen=True, slots=True)
class _Waiting:
    agent_id: str | None
    paths: list[str]


def _not_processed(settings: Settings, wish: Erasure) -> tuple[dict[str, _Waiting], list[str]]:
    """By content what lies in the input and says that it is of this customer.

    And files there that cannot be read as they should, or still grow, and name the customer.
    """
    if not wish.inputs:
        return {}, []
    found = discover(
        wish.inputs,
        settings.zone,
        name_pattern=settings.intake.name_pattern,
        settle_seconds=settings.intake.settle_seconds,
    )
    works = [(item.info, item.sha256, item.paths) for item in found.recordings]
    works += [(item.transcript.info, item.sha256, item.paths) for item in found.transcripts]
    own = {
        content: _Waiting(info.agent.id, [str(path.absolute()) for path in paths])
        for info, content, paths in works
        if info.customer_id == wish.customer
    }
    broken = {Path(failure.file): failure.message for failure in found.failures}
    broken |= dict.fromkeys(found.growing, "is still being written")
    named = (path for path in broken if _names(path, wish.customer))
    return own, [f"{path}: {broken[path]}" for path in named]


def _names(path: Path, customer: str) -> bool:
    """Whether a file that could not be used has the customer in its name or, if text, inside."""
    if customer in path.name:
        return True
    try:
        text = path.suffix.lower() in (".json", ".jsonl", ".csv")
        return text and customer.encode() in path.read_bytes()
    except OSError:
        return False


def _need_no_hold(
    db: Path, calls: Iterable[_Call], request: Request, trail: Trail, role: str
) -> None:
    """NotAllowed, and an entry, when a hold is on the customer or on one of the calls."""
    held = HeldCalls(Holds(People.open(db)).in_force())
    found = [held.of(*call) for call in calls]
    numbers = sorted({hold.id for hold in found if hold is not None})
    if not numbers:
        return
    reason = request.reason.strip()
    trail.append(f"erase{REFUSED}", role=role, reason=reason, details={"holds": numbers})
    listed = ", ".join(map(str, numbers))
    raise NotAllowed(
        f"legal hold {listed} is in force for calls of this customer, so nothing was removed. "
        "`callqa hold list` says why; who may, releases it first."
    )
