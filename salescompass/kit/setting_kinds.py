"""How the text of an environment variable becomes a value.

Each reader raises ValueError for a text it cannot use; its docstring says what it wants.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit


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
    """an address that starts with redis://, rediss:// or unix://"""
    if urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ValueError
    return value


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
