"""What the dashboard was started with: `-- --db FILE [--config FILE]`."""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from pipeline.access import Door
from pipeline.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Options:
    """The database to show, and the settings file (None: the usual places)."""

    db: Path
    config: Path | None


def options() -> Options:
    """Read the arguments after `--`; ends the script with usage when `--db` is missing."""
    given = _read(tuple(sys.argv[1:]))
    return Options(given.db.absolute(), given.config)


@lru_cache(maxsize=8)
def _read(arguments: tuple[str, ...]) -> Options:
    """A page asks for its options some eighty times."""
    parser = argparse.ArgumentParser(prog="dashboards/app.py")
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--config", type=Path)
    given, _ = parser.parse_known_args(arguments)
    return Options(given.db, given.config)


@st.cache_resource(show_spinner=False)
def _load(config: Path | None) -> Settings:
    return load_settings(config)


def settings() -> Settings:
    """The centre's settings: time zone and default language matter here."""
    return _load(options().config)


def door() -> Door:
    """Where people sign in to this database."""
    return Door(settings(), options().db)


def cookie_name() -> str:
    """One per database: cookies are shared by all ports of a machine."""
    return f"callqa_{hashlib.sha256(str(options().db).encode()).hexdigest()[:12]}"
