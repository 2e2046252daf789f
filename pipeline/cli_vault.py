"""The commands `callqa audit …`, `raw …`, `unmask` and `hear`: originals and who had them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import BadInput, BadSettings

if TYPE_CHECKING:
    from pipeline.audit import Signing
    from pipeline.settings import Settings

audit_app = typer.Typer(help="审计 The audit trail: who saw originals, when and why.")
raw_app = typer.Typer(help="原文 Originals at rest: keys, and whether all of them open.")

Db = Annotated[Path, typer.Option("--db", help="The DuckDB file of results.")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file (YAML).")]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]


def _settings(config: Path | None) -> Settings:
    from pipeline.settings import load_settings

    return load_settings(config)


def _print_json(item: object) -> None:
    print(json.dumps(item, ensure_ascii=False))


@audit_app.command("verify")
def audit_verify(
    db: Db,
    expect: Annotated[
        str | None, typer.Option("--expect", help="A hash noted elsewhere, to be found again.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Check the chain: exit code 0 with count and last hash, or 3 with what is wrong where."""
    from pipeline.audit import Trail, verify
    from pipeline.vault_tables import print_verified

    settings = _settings(config)
    signing, unchecked = _signing(settings)
    trail = Trail.beside(db)
    if not (db.exists() or trail.path.exists() or trail.head_path.exists()):
        raise BadInput(f"{db}: there is no such database, and no audit trail of it")
    found = verify(trail.read(), signing, expect)
    if as_json:
        _print_json({"whole": not found.problems, "signatures": unchecked, **asdict(found)})
    else:
        print_verified(found, unchecked, settings.language)
    raise typer.Exit(3 if found.problems else 0)


def _signing(settings: Settings) -> tuple[Signing | None, str | None]:
    """What checks signatures, or why they cannot be checked (empty: no key is named)."""
    from pipeline.authority import keys_of, signing_of

    try:
        keys = keys_of(settings)
    except BadSettings as error:
        return None, str(error)
    return (None, "") if keys is None else (signing_of(keys), None)


@audit_app.command("show")
def audit_show(
    db: Db,
    call: Annotated[str | None, typer.Option("--call", help="Only of this call.")] = None,
    action: Annotated[str | None, typer.Option("--action", help="Only this action.")] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """The entries, oldest first."""
    from pipeline.audit import Trail
    from pipeline.vault_tables import print_entries

    settings = _settings(config)
    contents = Trail.beside(db).read()
    everything = contents.entries()
    lines = sum(1 for line in contents.data.split(b"\n") if line)
    entries = [
        entry
        for entry in everything
        if call in (None, entry.subject) and action in (None, entry.action)
    ]
    if as_json:
        for entry in entries:
            _print_json(entry.model_dump())
    else:
        unreadable = lines - len(everything)
        print_entries(entries, unreadable, settings.zone, settings.language)


@raw_app.command("new-key")
def raw_new_key(
    out: Annotated[Path, typer.Option("--out", "-o", help="The new file, for its owner alone.")],
    config: Config = None,
) -> None:
    """Make a key and write it into a new file (mode 0600)."""
    from pipeline.vault import new_key_file
    from pipeline.vault_tables import print_new_key

    settings = _settings(config)
    print_new_key(new_key_file(out), str(out), settings.language)


@raw_app.command("rotate")
def raw_rotate(db: Db, config: Config = None, as_json: Json = False) -> None:
    """Seal every original with the active key; go on after a kill by running it again.

    Exit code 3 when some could not be opened.
    """
    from pipeline import originals
    from pipeline.authority import needed_keys
    from pipeline.vault_tables import print_rotated

    settings = _settings(config)
    tally = originals.rotate(settings, db)
    if as_json:
        _print_json(asdict(tally))
    else:
        print_rotated(tally, needed_keys(settings).active.id, settings.language)
    raise typer.Exit(3 if tally.damaged else 0)


@raw_app.command("check")
def raw_check(db: Db, config: Config = None, as_json: Json = False) -> None:
    """Open every original and show none. Exit code 3 when some do not open."""
    from pipeline import originals
    from pipeline.vault_tables import print_checked

    settings = _settings(config)
    tally = originals.check(settings, db)
    if as_json:
        _print_json(asdict(tally))
    else:
        print_checked(tally, settings.language)
    raise typer.Exit(3 if tally.damaged else 0)


def unmask(
    call_id: Annotated[str, typer.Argument(help="The id of the call.")],
    db: Db,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the audit trail.")],
    segment: Annotated[
        int | None, typer.Option("--segment", help="Only this one; the first is 0.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show the raw text of a call: for people with a role, and written down first."""
    from pipeline import originals
    from pipeline.settings import settings_file
    from pipeline.vault_tables import print_unmasked

    settings = _settings(config)
    wish = originals.Wish(call_id, reason, segment, settings_file(config))
    found = originals.unmask(settings, db, wish)
    if not as_json:
        print_unmasked(found, settings.language)
        return
    segments = [
        {"segment": n, "role": str(s.role), "start": s.start, "end": s.end, "text": s.text}
        for n, s in found.segments.items()
    ]
    _print_json({"call_id": found.call_id, "audit_entry": found.entry.seq, "segments": segments})


def hear(
    call_id: Annotated[str, typer.Argument(help="The id of the call.")],
    db: Db,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the audit trail.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write a copy instead: .wav or .flac.")
    ] = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """A one-time code to hear the original on the dashboard: for people with a role; audited."""
    from pipeline import hearing_grants as grants
    from pipeline.settings import settings_file
    from pipeline.vault_tables import print_copy, print_grant

    settings = _settings(config)
    wish = grants.Wish(call_id, reason, settings_file(config))
    said: dict[str, object] = {"call_id": call_id}
    if out is not None:
        copy = grants.copy(settings, db, wish, out)
        said |= {"audit_entry": copy.entry.seq, "file": str(copy.file)}
        tell = partial(print_copy, copy, settings.language)
    else:
        grant = grants.grant(settings, db, wish)
        until = grant.until.astimezone(settings.zone)
        said |= {"audit_entry": grant.entry.seq, "code": grant.code, "until": until.isoformat()}
        tell = partial(print_grant, grant, settings.zone, settings.language)
    _print_json(said) if as_json else tell()


def print_unmasked_export(db: Path, out: Path, form: str, reason: str, config: Path | None) -> None:
    """The part of `callqa export` that needs a role: segments with raw text."""
    from pipeline import originals
    from pipeline.authority import Request
    from pipeline.settings import settings_file
    from pipeline.vault_tables import print_exported

    settings = _settings(config)
    request = Request("export_unmasked", reason, granted_by=settings_file(config))
    opened, masked = originals.export_unmasked(settings, db, out, form, request)
    print_exported(out, opened, masked, settings.language)
