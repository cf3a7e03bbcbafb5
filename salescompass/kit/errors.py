"""Errors a user can cause or meet. Each carries its HTTP status; one renderer at each door shows them.

SalesCompassError
├── Unauthenticated 401   no or bad credentials
├── Denied          403   signed in, but the permission or scope is missing
├── NotFound        404   unknown, or another tenant's
├── Conflict        409   the state does not allow it
│   ├── Exists      409   a thing with this key is there already
│   └── Changed     412   somebody changed it since it was read
├── TooLarge        413
├── Invalid         422   names the field and the fix
├── TooMany         429   carries retry_after, in seconds
└── Unavailable     503   a server we need is away; nothing was lost
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One wrong field: `field` as a form names it, `pointer` as a JSON pointer into the body."""

    message: str
    field: str | None = None
    pointer: str | None = None


class SalesCompassError(Exception):
    """`message` is a sentence for the user; `field` names what to mend."""

    status = 500
    code = "error"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        pointer: str | None = None,
        code: str | None = None,
        errors: tuple[FieldError, ...] = (),
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.pointer = pointer
        self.code = code or type(self).code
        self.errors = errors or ((FieldError(message, field, pointer),) if field or pointer else ())
        self.extra = extra


class Unauthenticated(SalesCompassError):
    status, code = 401, "unauthenticated"


class Denied(SalesCompassError):
    status, code = 403, "denied"


class NotFound(SalesCompassError):
    status, code = 404, "not_found"


class Conflict(SalesCompassError):
    status, code = 409, "conflict"


class Exists(Conflict):
    code = "exists"


class Changed(Conflict):
    status, code = 412, "changed"


class TooLarge(SalesCompassError):
    status, code = 413, "too_large"


class Invalid(SalesCompassError):
    status, code = 422, "invalid"


class TooMany(SalesCompassError):
    status, code = 429, "too_many"

    def __init__(self, message: str, *, retry_after: int, **more: Any) -> None:
        super().__init__(message, **more)
        self.retry_after = retry_after


class Unavailable(SalesCompassError):
    status, code = 503, "unavailable"
