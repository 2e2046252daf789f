"""One typed Settings, and the only place that reads the environment.

Sources, strongest first: `CALLQA_…` environment variables (nested by `__`, such as
`CALLQA_ASR__MODEL=large-v3`), the YAML file named by `--config`, `CALLQA_CONFIG` or `callqa.yaml`
in the working folder, the defaults below. `callqa.example.yaml` shows every field.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pipeline.alert_settings import AlertSettings, checked
from pipeline.domain import BUSINESS_LINES
from pipeline.errors import BadSettings
from pipeline.network import checked_url
from pipeline.periods import Period
from pipeline.report_settings import ReportSettings
from pipeline.reward_rules import RewardRule


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Vocabulary(_Part):
    """Words of a business line that the recogniser should expect.

    Never put forbidden phrases here: on unclear sound a recogniser prints its hotwords as if said.
    """

    hotwords: list[str] = []
    prompt: str | None = None


class AsrSettings(_Part):
    """The recogniser. `workers` 0: one per core on a CPU, two on a GPU (one decodes meanwhile)."""

    engine: str = "faster-whisper"
    model: str = "base"
    device: str = "auto"
    compute_type: str = "auto"
    beam_size: int = Field(5, ge=1, le=10)
    batch_size: int = Field(8, ge=1, le=256)
    language: str = "zh"
    workers: int = Field(0, ge=0)
    threads: int = Field(1, ge=1)
    vocabulary: dict[str, Vocabulary] = {}


class IntakeSettings(_Part):
    """What is read from the input folder.

    `name_pattern`: a regular expression with named groups (`call_id`, `agent_id`, `started_at`,
    `business_line` … any metadata column) searched in the file's name without its ending.
    `settle_seconds`: a file written less than a minute ago must stay unchanged for this long.
    """

    name_pattern: str | None = None
    settle_seconds: float = Field(2.0, ge=0)


class RunSettings(_Part):
    """The nightly run. `batch_calls`: at most so many calls in one Prefect task."""

    batch_calls: int = Field(50, ge=1, le=500)
    publish_every_seconds: float = Field(120.0, ge=1)
    cron: str = "0 1 * * *"


class LlmSettings(_Part):
    """A language model in your own network that rules may ask; off while `url` is null.

    `api_key_env` names the environment variable that holds the key, if the server wants one; the
    key itself stands in no file. `timeout_seconds` is for one question with its second try.
    """

    url: str | None = None
    model: str | None = None
    api_key_env: str | None = None
    timeout_seconds: float = Field(30.0, gt=0, le=600)
    concurrency: int = Field(2, ge=1, le=64)

    @field_validator("url")
    @classmethod
    def _in_own_network(cls, url: str | None) -> str | None:
        return checked_url(url) if url else None

    @model_validator(mode="after")
    def _names_the_model(self) -> Self:
        if self.url and not self.model:
            raise ValueError("model: name the model that the server at url: serves")
        return self

    def api_key(self) -> str | None:
        """The key from the environment; BadSettings when it is not there or cannot be one."""
        if self.api_key_env is None:
            return None
        key = os.environ.get(self.api_key_env, "").strip()
        if not key or not key.isascii() or not key.isprintable():
            raise BadSettings(
                f"llm.api_key_env: the environment variable {self.api_key_env} is not set or does "
                "not hold a key; set it, or leave the field out"
            )
        return key


class RawSettings(_Part):
    """Raw transcripts at rest: none, or sealed. docs/privacy-at-rest.md says more.

    `key_file`: lines `ID KEY`, the first is active. Without it the environment variable `key_env`
    may hold the same lines.
    """

    keep: bool = False
    key_file: Path | None = None
    key_env: str = Field("CALLQA_RAW_KEY", min_length=1)

    @field_validator("key_file")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser()

    def keys_in_environment(self) -> str | None:
        """The lines of keys in the environment variable; None when it is not set."""
        return os.environ.get(self.key_env) or None


class PeopleSettings(_Part):
    """Who may see raw text: operating-system users and their roles. Only in the settings file."""

    privileged: dict[str, str] = {}

    @field_validator("privileged")
    @classmethod
    def _roles_have_names(cls, roles: dict[str, str]) -> dict[str, str]:
        for user, role in roles.items():
            if not user.strip() or not role.strip():
                raise ValueError("write USERNAME: ROLE, such as `lin: compliance`")
        return roles


class AppealSettings(_Part):
    """How long an agent may object after a finding was decided on, and the leader be awaited."""

    days: int = Field(5, ge=1, le=365)
    leader_days: int = Field(2, ge=0, le=30)


class AccessSettings(_Part):
    """How people sign in to the dashboard; docs/access.md says more.

    `sign_in` auto: needed as soon as there is an account. `oidc_claim`: what the identity provider
    says that must be the name of an account.
    """

    sign_in: Literal["auto", "required"] = "auto"
    idle_minutes: float = Field(30, gt=0)
    longest_hours: float = Field(12, gt=0)
    oidc_claim: str = Field("email", min_length=1)


class Keep(_Part):
    """How long the parts of a call are kept after it was held; null: as long as its results.

    `results`: everything that is stored of a call, and with it its recording and its original.
    Null: until somebody erases it.
    """

    audio: Period | None = None
    originals: Period | None = None
    results: Period | None = None

    @field_validator("audio", "originals", "results", mode="before")
    @classmethod
    def _parsed(cls, value: object) -> object:
        return Period.parse(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _results_last(self) -> Self:
        for name in ("audio", "originals"):
            part = getattr(self, name)
            if part and self.results and part.longer_than(self.results):
                raise ValueError(
                    f"{name}: {part} is longer than results: {self.results}; when the results of a "
                    "call go, all of it goes"
                )
        return self


class Settings(BaseSettings):
    """Everything that a site may set."""

    model_config = SettingsConfigDict(
        env_prefix="CALLQA_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    timezone: str = "Asia/Shanghai"
    language: str = Field("zh", pattern="^(zh|en)$")
    models_dir: Path = Path("~/.cache/callqa/models")
    packs_dir: Path | None = None
    pack: str | None = None
    dashboard_url: str | None = None
    asr: AsrSettings = AsrSettings()
    intake: IntakeSettings = IntakeSettings()
    run: RunSettings = RunSettings()
    llm: LlmSettings = LlmSettings()
    raw: RawSettings = RawSettings()
    people: PeopleSettings = PeopleSettings()
    access: AccessSettings = AccessSettings()
    appeals: AppealSettings = AppealSettings()
    rewards: list[RewardRule] = []
    reports: ReportSettings = ReportSettings()
    alerts: AlertSettings = AlertSettings()
    retention: dict[str, Keep] = {}

    @field_validator("models_dir", "packs_dir")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser()

    @field_validator("dashboard_url")
    @classmethod
    def _is_base(cls, url: str | None) -> str | None:
        return url if url is None else checked(url).rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except Exception as error:
            raise ValueError(f"unknown time zone '{name}'; an example: Asia/Shanghai") from error
        return name

    @field_validator("retention")
    @classmethod
    def _known_lines(cls, rules: dict[str, Keep]) -> dict[str, Keep]:
        known = ("default", *BUSINESS_LINES)
        for line in rules:
            if line not in known:
                raise ValueError(f"unknown business line '{line}'; known: {', '.join(known)}")
        return rules

    @property
    def zone(self) -> ZoneInfo:
        """The centre's local time."""
        return ZoneInfo(self.timezone)

    def result_hash(self) -> str:
        """Hash of the settings that change a result (not of workers, folders or language)."""
        relevant = {
            "asr": self.asr.model_dump(
                include={"engine", "model", "beam_size", "language", "vocabulary"}, mode="json"
            ),
            "timezone": self.timezone,
            "name_pattern": self.intake.name_pattern,
            # only where it is on, so that a site without it keeps its results
            **({"llm": [self.llm.url, self.llm.model]} if self.llm.url else {}),
        }
        return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()[:16]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file (given as init values)."""
        return env_settings, init_settings


def settings_file(given: Path | None = None) -> Path | None:
    """The settings file in use: the one given, that of CALLQA_CONFIG, or `callqa.yaml` here."""
    if given is None and (named := os.environ.get("CALLQA_CONFIG")):
        return Path(named)
    if given is None and Path("callqa.yaml").is_file():
        return Path("callqa.yaml")
    return given


def load_settings(file: Path | None = None) -> Settings:
    """Settings from the environment, the file and the defaults; BadSettings names the field."""
    file = settings_file(file)
    if any(name.upper().startswith("CALLQA_PEOPLE") for name in os.environ):
        raise BadSettings(
            "people: roles are granted in the settings file only; unset CALLQA_PEOPLE…"
        )
    values: dict[str, Any] = {} if file is None else _read(file)
    try:
        return Settings(**values)
    except ValidationError as error:
        where = file.name if file else "environment"
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadSettings(f"settings ({where}): {field}: {first['msg']}") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise BadSettings(f"settings file {file} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSettings(f"settings file {file} is not valid YAML in UTF-8: {error}") from error
    if not isinstance(values, dict):
        raise BadSettings(f"settings file {file} must hold fields, such as `timezone: …`")
    return values
