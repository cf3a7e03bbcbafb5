"""The OpenAPI document as a program needs it: every answer that a route may give, errors as the problems they are."""

from __future__ import annotations

from typing import Any

from salescompass.api.problems import PROBLEMS

_FIELD = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer to what is wrong in the body."},
        "parameter": {"type": "string", "description": "The parameter that is wrong."},
        "message": {"type": "string"},
    },
}
PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FIELD},
    },
}
_EVERYWHERE = ("unauthenticated", "denied", "invalid", "too_many", "error", "unavailable")


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The document, in which every route that takes a key says how it refuses."""
    document["components"]["schemas"]["Problem"] = PROBLEM
    for path, offered in document["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in offered.values():
            for name in (*_EVERYWHERE, *_more(path, operation)):
                status, title = PROBLEMS[name]
                operation["responses"][str(status)] = _answer(title)
    return document


def _more(path: str, operation: dict[str, Any]) -> list[str]:
    found = ["not_found"] if "{" in path else []
    return [*found, "too_large"] if "requestBody" in operation else found


def _answer(title: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": title, "content": {"application/problem+json": {"schema": schema}}}
