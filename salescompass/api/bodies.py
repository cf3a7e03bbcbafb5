"""Reading JSON bodies: of bounded size, strictly, after the key was checked and before anything is done."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from fastapi import Request

from salescompass.kit.errors import FieldError, Invalid, TooLarge


def json_body(largest: int) -> Callable[[Request], Awaitable[Any]]:
    """A dependency that reads the JSON body, of at most `largest` bytes."""

    async def read(request: Request) -> Any:
        return parse(await read_body(request, largest))

    return read


async def read_body(request: Request, largest: int) -> bytes:
    """The body. Raises TooLarge, without reading on, when it has more than `largest` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise _too_large(largest)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise _too_large(largest)
        parts.append(part)
    return b"".join(parts)


def parse(body: bytes) -> Any:
    """What a JSON text says. Raises Invalid for anything RFC 8259 does not allow, and for a name given twice.

    Of a name that an object gives twice some readers see the first value, some the last: nobody can tell what is meant.
    """
    try:
        return _STRICT.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except RecursionError:
        raise _no_json("nested too deep") from None
    except (ValueError, UnicodeError) as error:
        raise _no_json(str(error)) from None


def storable(text: str) -> str:
    """A parameter's text, for pydantic: no database text has a NUL in it."""
    if "\0" in text:
        raise ValueError("the character NUL cannot be stored, so nothing has it")
    return text


def _with_names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        name = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ValueError(f"the name {json.dumps(name[:100])} is given twice in one object")
    return found


def _no_json(why: str) -> Invalid:
    message = f"The body is no JSON: {why}"
    return Invalid(message, errors=(FieldError(message, pointer=""),))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_with_names_once)


def _too_large(largest: int) -> TooLarge:
    return TooLarge(f"A body may have at most {largest // 1024} KiB here", limit=largest)
