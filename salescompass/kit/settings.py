"""Every setting of an installation: its name, its default, what it means, in one place.

Settings come from the environment. Each field of `Settings` carries the name of its variable, how to
read it and one sentence; docs/operations.md prints the same table, and a test fails when it is stale.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from salescompass.kit import setting_kinds as kinds
from salescompass.kit.kept import made_once

CHECKOUT = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting has a value that cannot be used, or one that is needed is missing."""


@dataclass(frozen=True)
class Setting:
    """One row of the table of settings, as documentation shows it."""

    name: str
    default: str
    meaning: str


def _setting(name: str, default: Any, meaning: str, read: Callable[[str], Any] = kinds.text, shown: str = "") -> Any:
    """A field of Settings that is read from the environment variable `name`."""
    row = Setting(name, shown or ("" if default in (None, ()) else str(default)), meaning)
    return field(default=default, metadata={"row": row, "read": read})


@dataclass(frozen=True)
class Settings:
    """What this installation is told from outside. Read it through `settings()`."""

    data: Path = _setting(  # noqa: RUF009
        "SALESCOMPASS_DATA",
        CHECKOUT / ".data",
        "Folder of the embedded servers, secrets, logs and written mail. Same as --data.",
        kinds.folder,
        shown=".data in the checkout",
    )
    host: str = _setting("SALESCOMPASS_HOST", "127.0.0.1", "Address to listen on. Same as --host.")
    port: int = _setting("SALESCOMPASS_PORT", 8000, "Port to listen on. Same as --port.", kinds.number(1, 65535))
    web: int = _setting("SALESCOMPASS_WEB", 2, "Number of web processes. Same as --web.", kinds.number(1, 64))
    workers: int = _setting("SALESCOMPASS_WORKERS", 2, "Number of RQ workers. Same as --workers.", kinds.number(0, 64))
    database_url: str | None = _setting(
        "DATABASE_URL",
        None,
        "PostgreSQL 16 or newer, as the application role sc_app. Unset: the embedded PostgreSQL.",
        kinds.database_url,
    )
    database_system_url: str | None = _setting(
        "DATABASE_SYSTEM_URL",
        None,
        "The same database as sc_system (sign-in, outbox, schedule). Needed beside DATABASE_URL.",
        kinds.database_url,
    )
    database_owner_url: str | None = _setting(
        "DATABASE_OWNER_URL",
        None,
        "The same database as sc_owner (migrations, maintenance). Needed beside DATABASE_URL.",
        kinds.database_url,
    )
    redis_url: str | None = _setting(
        "REDIS_URL", None, "Redis 6.2 or newer, or Valkey. Unset: the embedded Valkey.", kinds.redis_url
    )
    given_secret_keys: tuple[str, ...] = _setting(
        "SALESCOMPASS_SECRET_KEY",
        (),
        "The installation's secret, kept sealed in backups; signs nothing today. Needed beside DATABASE_URL.",
        kinds.words,
        shown="made once in the data folder",
    )
    public_url: str | None = _setting(
        "SALESCOMPASS_PUBLIC_URL",
        None,
        "Address that people open. Gives links, allowed origins, and Secure cookies when https.",
        kinds.web_url,
        shown="http://HOST:PORT",
    )
    smtp_url: str | None = _setting(
        "SALESCOMPASS_SMTP_URL",
        None,
        "smtp://user:password@host:587 or smtps://. Unset: mail is written to files in the data folder.",
        kinds.smtp_url,
    )
    mail_from: str = _setting(
        "SALESCOMPASS_MAIL_FROM", "SalesCompass <salescompass@localhost>", "Sender of system mail."
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "SALESCOMPASS_TRUSTED_PROXIES",
        (),
        "Addresses or networks of proxies whose X-Forwarded-For is believed.",
        kinds.networks,
    )
    metrics_token: str | None = _setting(
        "SALESCOMPASS_METRICS_TOKEN", None, "Bearer token for /metrics from anywhere but this machine."
    )
    sentry_dsn: str | None = _setting(
        "SALESCOMPASS_SENTRY_DSN", None, "Where errors are reported, without personal data. Unset: nowhere."
    )
    lease_seconds: float = _setting(
        "SALESCOMPASS_LEASE",
        60.0,
        "Seconds after which claimed work of a dead worker is free again.",
        kinds.seconds,
    )
    sweep_seconds: float = _setting(
        "SALESCOMPASS_SWEEP",
        5.0,
        "Seconds between two looks for work that nobody was woken for.",
        kinds.seconds,
    )
    monitor_seconds: float = _setting(
        "SALESCOMPASS_MONITOR", 5.0, "Seconds between two heartbeats of a worker.", kinds.seconds
    )
    given_instance: str | None = _setting(
        "SALESCOMPASS_INSTANCE",
        None,
        "Part of cookie names; give several machines of one installation the same.",
        shown="made once in the data folder",
    )
    postgres: str = _setting(
        "SALESCOMPASS_POSTGRES",
        "18",
        "Major version of a new embedded PostgreSQL: 18 or 16.",
        kinds.one_of("18", "16"),
    )
    log_level: str = _setting(
        "SALESCOMPASS_LOG_LEVEL",
        "info",
        "debug, info, warning or error.",
        kinds.one_of("debug", "info", "warning", "error"),
    )

    @cached_property
    def secret_keys(self) -> tuple[str, ...]:
        """The installation's secrets, newest first: kept for what will be signed; nothing is today."""
        if self.given_secret_keys:
            return self.given_secret_keys
        return (made_once(self.data / "secret-key", lambda: secrets.token_urlsafe(48)),)

    @cached_property
    def instance_id(self) -> str:
        """Tells this installation's cookies from another's on the same host."""
        given = self.given_instance
        return given or made_once(self.data / "instance-id", lambda: secrets.token_hex(4))

    def make_secrets(self) -> None:
        """Make what is made once, so that a first start leaves it in the data folder."""
        _ = self.secret_keys, self.instance_id

    @property
    def base_url(self) -> str:
        """The address that links are made of."""
        return self.public_url or f"http://{self.host}:{self.port}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in `environment`; raises SettingsError with one clear sentence."""
    values: dict[str, Any] = {}
    for item in fields(Settings):
        row: Setting = item.metadata["row"]
        given = environment.get(row.name, "").strip()
        if not given:
            continue
        read = item.metadata["read"]
        try:
            values[item.name] = read(given)
        except ValueError:
            wanted = (read.__doc__ or "another value").strip()
            # An address may hold a password, so it is not repeated.
            shown = "" if "URL" in row.name else f" ({given})"
            raise SettingsError(f"{row.name}{shown} cannot be used: it must be {wanted}.") from None
    return Settings(**values)


def table() -> Iterator[Setting]:
    """The rows of the table of settings, in the order of declaration."""
    for item in fields(Settings):
        yield item.metadata["row"]


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process; `settings.cache_clear()` reads the environment again."""
    return read_settings(os.environ)
