"""How the text of an environment variable becomes a value.

Each reader raises ValueError for a text it cannot use; its docstring says what it wants.
"""

from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


def text(value: str) -> str:
    return value


def words(value: str) -> tuple[str, ...]:
    return tuple(part for part in value.replace(",", " ").split() if part)


def folder(value: str) -> Path:
    return Path(value).expanduser().absolute()


def number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if not lowest <= number <= highest:
            raise ValueError
        return number

    read.__doc__ = f"a whole number from {lowest} to {highest}"
    return read


def seconds(value: str) -> float:
    """a number of seconds above 0"""
    seconds = float(value)
    if not 0 < seconds <= 3600:
        raise ValueError
    return seconds


def database_url(value: str) -> str:
    """an address that starts with postgresql://"""
    scheme, _, rest = value.partition("://")
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg") or not rest:
        raise ValueError
    return f"postgresql+psycopg://{rest}"


def redis_url(value: str) -> str:
    """an address that starts with redis://, rediss:// or unix://, with a number as its port"""
    parts = urlsplit(value)
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError
    _number_as_port(parts)
    return value


def smtp_url(value: str) -> str:
    """an address such as smtp://user:password@host:587 or smtps://host, with a number as its port"""
    parts = urlsplit(value)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise ValueError
    _number_as_port(parts)
    return value


def _number_as_port(parts: SplitResult) -> None:
    if parts.port == 0:
        raise ValueError


def networks(value: str) -> tuple[str, ...]:
    """IP addresses or networks such as 10.0.0.7 or 10.0.0.0/8, with spaces or commas between them"""
    parts = words(value)
    for part in parts:
        ip_network(part, strict=False)
    return parts


def web_url(value: str) -> str:
    """an address such as https://crm.example.com"""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError
    return value.rstrip("/")


def one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError
        return value

    read.__doc__ = "one of " + ", ".join(choices)
    return read
