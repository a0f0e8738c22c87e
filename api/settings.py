"""Every setting: read from the environment as ``CACHET_...``, with a default that runs on one machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "CACHET_"


def _processes() -> int:
    return max(1, min(8, os.cpu_count() or 1))


class Settings(BaseSettings):
    """The settings of one installation. The description of each field is what ``cachet settings`` prints."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data_folder: Annotated[Path, Field(description="The one folder that holds everything.")] = Path("cachet-data")
    database_url: Annotated[
        SecretStr | None,
        Field(description="A database elsewhere, as an SQLAlchemy URL; empty: SQLite in the data folder."),
    ] = None
    host: Annotated[str, Field(description="The address to listen on; 0.0.0.0 for every network card.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="The port to listen on; 0 takes a free one.")] = 8000
    secure_cookie: Annotated[
        bool, Field(description="Send the sign-in cookie over HTTPS only; set it behind a proxy that ends TLS.")
    ] = False
    workers: Annotated[
        int, Field(ge=1, le=64, description="Processes that decode and describe photographs; default: the CPU cores.")
    ] = Field(default_factory=_processes)
    max_file_megabytes: Annotated[
        int, Field(ge=1, le=1024, description="The largest photograph that is read, in units of a million bytes.")
    ] = 256
    max_files: Annotated[int, Field(ge=1, le=10_000, description="The most photographs in one upload.")] = 500
    max_body_megabytes: Annotated[
        int, Field(ge=1, le=64, description="The largest request of any other kind, tables of chemistry among them.")
    ] = 4
    administrator: Annotated[
        str, Field(min_length=1, max_length=100, description="The user name of the administrator made at first start.")
    ] = "administrator"
    admin_password: Annotated[
        SecretStr | None,
        Field(description="The administrator's password at first start; empty: one is made, shown once."),
    ] = None
    organisation: Annotated[
        str, Field(min_length=1, max_length=200, description="The name of this laboratory, owner of what it records.")
    ] = "This laboratory"
    session_hours: Annotated[float, Field(gt=0, le=720, description="How long a sign-in lasts, in hours.")] = 12.0
    log_format: Annotated[
        Literal["console", "json"], Field(description="Logs for a person, or one JSON object a line for a collector.")
    ] = "console"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="The least serious line that is logged.")
    ] = "info"

    @property
    def max_file_bytes(self) -> int:
        """The largest photograph that is read, in bytes."""
        return self.max_file_megabytes * 1_000_000

    @property
    def max_body_bytes(self) -> int:
        """The largest request body that is no upload of photographs, in bytes."""
        return self.max_body_megabytes * 1_000_000


def table(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting as (environment variable, value, what it does); secrets are not shown.

    Parameters
    ----------
    settings : Settings
        The settings whose values are told.

    Returns
    -------
    list of tuple of str
        In the order in which the settings are declared.
    """
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        shown = "" if value is None else "(set)" if isinstance(value, SecretStr) else str(value)
        rows.append((PREFIX + name.upper(), shown, field.description or ""))
    return rows
