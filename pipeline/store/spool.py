"""The spool: one file per finished call, complete or absent, so a killed run loses nothing."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.domain import CallReport
from pipeline.errors import BadInput, CallqaError, TryAgain
from pipeline.files import storable, write_atomically

FORMAT = 1


class SpoolDamageError(CallqaError):
    """A spool file that cannot be read back; it is set aside and the call is processed again."""

    stage = "store"


class Spooled(BaseModel):
    """A finished call on its way into the database. `written_at` is UTC."""

    # Not-a-number must come back as what it was: a bad figure must not cost the whole call.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    format: int = FORMAT
    run_id: str | None = None
    written_at: datetime
    report: CallReport


def write_spool(report: CallReport, spool: Path, run_id: str | None = None) -> Path:
    """Store a finished call as `spool/<content_sha256>.json`; safe from many processes."""
    report = replace(report, sources=tuple(storable(source) for source in report.sources))
    entry = Spooled(run_id=run_id, written_at=datetime.now(UTC), report=report)
    target = spool / f"{report.provenance.content_sha256}.json"
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        spool.mkdir(parents=True, exist_ok=True)
        write_atomically(target, entry.model_dump_json().encode("utf-8"), temporary)
    except PydanticSerializationError as error:  # lone surrogates: not Unicode text
        raise BadInput(
            f"call {report.info.call_id} holds text that is not Unicode: {error}"
        ) from error
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise TryAgain(f"cannot write {target}: {error.strerror}; is the disk full?") from error
    return target


def read_spool(path: Path) -> Spooled:
    """Read one file of the spool; `SpoolDamageError` when it is damaged or of an unknown format."""
    try:
        entry = Spooled.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "file"
        raise SpoolDamageError(f"{path.name} is damaged at {where}: {first['msg']}") from error
    except OSError as error:
        raise SpoolDamageError(f"{path.name} cannot be read: {error.strerror}") from error
    if entry.format != FORMAT:
        raise SpoolDamageError(f"{path.name} has format {entry.format}; this callqa knows {FORMAT}")
    return entry
