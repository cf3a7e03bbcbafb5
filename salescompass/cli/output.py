"""What a command says and how it ends.

People read lines; with --json stdout holds exactly one JSON object, also for an error. Exit codes: 0 done,
1 failed, 2 wrong use or environment. Progress and notes go to stderr, so they never disturb either.
"""

import errno
import json
import sys
import traceback
from dataclasses import dataclass
from typing import Any

DONE, FAILED, WRONG = 0, 1, 2


class Refused(Exception):
    """Wrong use or environment: one sentence that says what to do. Ends with exit code 2."""

    def __init__(self, message: str, *, code: str = "environment", field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class Failed(Exception):
    """Something that should have worked did not: one sentence. Ends with exit code 1."""


@dataclass(frozen=True)
class Failure:
    """An error as a command reports it."""

    code: str
    message: str
    field: str | None = None
    exit_code: int = FAILED

    def as_json(self) -> str:
        """The one JSON object of an error."""
        return json.dumps({"error": {"code": self.code, "message": self.message, "field": self.field}})


def say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)


def show(result: dict[str, Any], lines: str, *, as_json: bool) -> None:
    """The result of a command: the object for programs, the lines for people."""
    print(json.dumps(result, default=str) if as_json else lines, flush=True)


def failure_of(error: BaseException) -> Failure:
    """How an exception is told to the user."""
    from salescompass.kit.embedded import EmbeddedError
    from salescompass.kit.errors import SalesCompassError
    from salescompass.kit.settings import SettingsError

    if isinstance(error, Refused):
        return Failure(error.code, str(error), error.field, WRONG)
    if isinstance(error, Failed):
        return Failure("failed", str(error))
    if isinstance(error, SettingsError):
        return Failure("setting", str(error), None, WRONG)
    if isinstance(error, EmbeddedError):
        return Failure("environment", str(error), None, WRONG)
    if isinstance(error, SalesCompassError):
        exit_code = WRONG if error.status == 503 or error.code == "newer_database" else FAILED
        return Failure(error.code, error.message, error.field, exit_code)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failure("disk_full", "The disk is full: free some space and try again.", None, WRONG)
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return Failure("environment", f"{error.filename} cannot be used: {error.strerror}.", None, WRONG)
    return _usage(error) or _database(error) or _unexpected(error)


def _usage(error: BaseException) -> Failure | None:
    """Wrong arguments, as typer reports them."""
    if not hasattr(error, "format_message"):
        return None
    option = getattr(getattr(error, "param", None), "name", None)
    return Failure("usage", error.format_message(), option, WRONG)


def _database(error: BaseException) -> Failure | None:
    """A server that is away or refuses us is the environment's fault, told without its password."""
    names = {kind.__module__.partition(".")[0] + "." + kind.__name__ for kind in type(error).__mro__}
    if names & {"sqlalchemy.OperationalError", "psycopg.OperationalError"}:
        lines = str(getattr(error, "orig", error)).strip().splitlines() or ["no answer"]
        return Failure("database", f"PostgreSQL: {lines[0]}", None, WRONG)
    if names & {"redis.ConnectionError", "redis.TimeoutError"}:
        return Failure("redis", f"Redis: {error}", None, WRONG)
    return None


def _unexpected(error: BaseException) -> Failure:
    traceback.print_exception(error, file=sys.stderr)
    return Failure("internal", f"{type(error).__name__}: {error}")
