"""What a browser may send to a handler: every argument has a kind and a bound, declared where the handler is.

    @guarded("users.manage")
    async def invite(self, form: InviteForm, role: Id, notify: bool) -> ...

A parameter is `bool`, `Literal[...]`, one of the names below, `Annotated[str, Text(n)]`,
`Annotated[int, Number(low, high)]`, `Annotated[list[str], Items(n, kind)]`, an optional of those, or a form: a
`TypedDict` of those. Anything without a bound is refused when the module is imported; a value that does not fit is
refused before the handler runs.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, FormData

from salescompass.kit.ids import parse_id

_MOST_FIELDS = 60
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Refused(Exception):
    """A value from the browser does not fit. `field` is the form's field, where it came in a form."""

    def __init__(self, argument: str, reason: str, field: str | None = None) -> None:
        super().__init__(f"{argument}: {reason}")
        self.argument = argument
        self.reason = reason
        self.field = field


@dataclass(frozen=True)
class Text:
    """Text of at most so many characters; control characters other than line breaks and tabs are refused."""

    longest: int

    def read(self, value: Any) -> str:
        """The text, or ValueError."""
        if not isinstance(value, str):
            raise ValueError("is not text")
        if len(value) > self.longest:
            raise ValueError(f"is longer than {self.longest} characters")
        if _CONTROL.search(value) or not _encodable(value):
            raise ValueError("holds characters that are not text")
        return value


@dataclass(frozen=True)
class Identifier:
    """The id of a record, as text."""

    def read(self, value: Any) -> str:
        """The id in its usual form, or ValueError."""
        found = parse_id(value) if isinstance(value, str) and len(value) <= 36 else None
        if found is None:
            raise ValueError("is not an id")
        return str(found)


@dataclass(frozen=True)
class Number:
    """A whole number between two bounds; forms send it as text."""

    lowest: int
    highest: int

    def read(self, value: Any) -> int:
        """The number, or ValueError."""
        if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("is not a whole number")
        if not self.lowest <= value <= self.highest:
            raise ValueError(f"is not between {self.lowest} and {self.highest}")
        return value


@dataclass(frozen=True)
class Decimal:
    """A number with a fraction, between two bounds."""

    lowest: float
    highest: float

    def read(self, value: Any) -> float:
        """The number, or ValueError."""
        if isinstance(value, str) and len(value) <= 40:
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError("is not a number")
        if not self.lowest <= value <= self.highest:
            raise ValueError(f"is not between {self.lowest} and {self.highest}")
        return float(value)


@dataclass(frozen=True)
class Items:
    """A list of at most so many values of one kind."""

    most: int
    kind: Any

    def read(self, value: Any) -> list[Any]:
        """The list, or ValueError."""
        if not isinstance(value, list | tuple):
            raise ValueError("is not a list")
        if len(value) > self.most:
            raise ValueError(f"has more than {self.most} entries")
        return [self.kind.read(one) for one in value]


@dataclass(frozen=True)
class _Flag:
    def read(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value in ("on", "true"):
            return True
        if value in ("", "off", "false"):
            return False
        raise ValueError("is neither yes nor no")


@dataclass(frozen=True)
class _Choice:
    choices: tuple[Any, ...]

    def read(self, value: Any) -> Any:
        for choice in self.choices:
            if type(value) is type(choice) and value == choice:
                return choice
        raise ValueError("is not one of the choices")


@dataclass(frozen=True)
class _Optional:
    kind: Any

    def read(self, value: Any) -> Any:
        if value is None or (value == "" and not isinstance(self.kind, Text)):
            return None
        return self.kind.read(value)


@dataclass(frozen=True)
class _Form:
    fields: Mapping[str, Any]
    may_lack: frozenset[str] = frozenset()

    def read(self, value: Any) -> dict[str, Any]:
        given = _entries(value)
        result: dict[str, Any] = {}
        for name, kind in self.fields.items():
            if name in self.may_lack and all(key != name for key, _ in given):
                continue
            try:
                result[name] = kind.read(_of_form(given, name, kind))
            except ValueError as problem:
                raise Refused(name, str(problem), field=name) from None
        return result


Id = Annotated[str, Identifier()]
Ids = Annotated[list[str], Items(200, Identifier())]
Name = Annotated[str, Text(200)]
Line = Annotated[str, Text(500)]
Note = Annotated[str, Text(20_000)]
Email = Annotated[str, Text(320)]
Secret = Annotated[str, Text(256)]
Search = Annotated[str, Text(200)]
Count = Annotated[int, Number(0, 10_000)]


def kinds_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The kind of each parameter of a handler but self; TypeError names the one that has no bound."""
    code = function.__code__
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    if code.co_flags & 0x0C:
        raise TypeError(f"{function.__qualname__} takes *args or **kwargs, which no bound can hold")
    hints = _hints(function)
    kinds = {}
    for name in names:
        if name not in hints:
            raise TypeError(f"{function.__qualname__}: {name} has no type, so it has no bound")
        kinds[name] = _kind(hints[name], f"{function.__qualname__}: {name}")
    return kinds


def read_arguments(kinds: Mapping[str, Any], required: frozenset[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments a handler gets, each of its kind; Refused when one is missing, unknown or does not fit."""
    unknown = set(given) - set(kinds)
    if unknown:
        raise Refused("arguments", f"{len(unknown)} that nobody asked for")
    values = {}
    for name, kind in kinds.items():
        if name not in given:
            if name in required:
                raise Refused(name, "is missing")
            continue
        try:
            values[name] = kind.read(given[name])
        except ValueError as problem:
            raise Refused(name, str(problem)) from None
    return values


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The parameters' annotations; what the handler returns may be named under TYPE_CHECKING only."""

    def bare() -> None: ...

    bare.__annotations__ = {name: hint for name, hint in function.__annotations__.items() if name != "return"}
    return get_type_hints(bare, function.__globals__, include_extras=True)


def _kind(hint: Any, where: str) -> Any:
    """The reader for an annotation."""
    origin = get_origin(hint)
    if origin is Annotated:
        for extra in get_args(hint)[1:]:
            if hasattr(extra, "read"):
                return extra
    if origin in (Required, NotRequired):
        return _kind(get_args(hint)[0], where)
    if hint is bool:
        return _Flag()
    if origin is Literal:
        return _Choice(get_args(hint))
    if origin in (Union, types.UnionType):
        inner = [one for one in get_args(hint) if one is not type(None)]
        if len(inner) == 1:
            return _Optional(_kind(inner[0], where))
    if is_typeddict(hint):
        fields = get_type_hints(hint, include_extras=True)
        may_lack = frozenset(name for name, one in fields.items() if get_origin(one) is NotRequired)
        return _Form({name: _kind(one, f"{where}.{name}") for name, one in fields.items()}, may_lack)
    raise TypeError(f"{where} has no bound: {hint!r}. See salescompass/ui/arguments.py")


def _entries(value: Any) -> list[tuple[str, Any]]:
    """The fields of a submitted form in order, whichever way Reflex hands it over."""
    if isinstance(value, FormData):
        pairs = value.multi_items()
    elif isinstance(value, Mapping) and set(value) == {FORM_DATA_ENTRIES_KEY}:
        raw = value[FORM_DATA_ENTRIES_KEY]
        if not isinstance(raw, list):
            raise ValueError("is not a form")
        pairs = [tuple(one) for one in raw if isinstance(one, list) and len(one) == 2]
    elif isinstance(value, Mapping):
        pairs = list(value.items())
    else:
        raise ValueError("is not a form")
    if len(pairs) > _MOST_FIELDS or not all(isinstance(name, str) for name, _ in pairs):
        raise ValueError("is not this form")
    return pairs


def _of_form(given: list[tuple[str, Any]], name: str, kind: Any) -> Any:
    """A field's value; what a form leaves out (an unticked box, an empty choice) reads as empty."""
    values = [value for key, value in given if key == name]
    if isinstance(kind, Items):
        if len(values) == 1 and isinstance(values[0], list):
            return values[0]
        return values
    if values:
        return values[-1]
    return {_Flag: False, _Optional: None}.get(type(kind), "")


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
