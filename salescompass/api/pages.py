"""`/api/docs`: the OpenAPI document as a page to read, made here, without scripts and without anybody else's server."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; }
h2 { margin-top: 2.5rem; font-size: 1.15rem; } h2 code { overflow-wrap: anywhere; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; }
td { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem; border: 1px solid #8884; border-radius: 6px; }
nav ul { padding-left: 1.1rem; } summary { cursor: pointer; }
"""


def docs_page(document: dict[str, Any]) -> str:
    """The page: every route that takes a key, what it takes and answers, and the shapes of both."""
    routes = [
        (path, method, operation)
        for path, offered in document["paths"].items()
        if path.startswith("/api/")
        for method, operation in offered.items()
    ]
    title = f"{document['info']['title']} API {document['info']['version']}"
    links = "".join(
        f'<li><a href="#{_place(p, m)}"><code>{m.upper()} {escape(p)}</code></a></li>' for p, m, _ in routes
    )
    shapes = "".join(
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>{_json(shape)}</details>'
        for name, shape in sorted(document["components"]["schemas"].items())
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        f"<p>{escape(document['info']['description'].replace('`', ''))}</p>"
        '<p>For programs: <a href="/api/openapi.json">/api/openapi.json</a>.</p>'
        f'<nav aria-label="Routes"><ul>{links}</ul></nav>'
        f"{''.join(_route(*route) for route in routes)}<h2>Shapes</h2>{shapes}</main></body></html>"
    )


def _route(path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [
        f'<h2 id="{_place(path, method)}"><code>{method.upper()} {escape(path)}</code></h2>',
        f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>",
    ]
    if operation.get("parameters"):
        rows = (
            (one["name"], f"{one['in']}{', needed' if one.get('required') else ''}", _json(one.get("schema", {})))
            for one in operation["parameters"]
        )
        parts.append(_table("Parameter", "Where", "Shape", rows))
    if "requestBody" in operation:
        parts.append(f"<details><summary>Body</summary>{_json(operation['requestBody']['content'])}</details>")
    answers = (
        (status, answer.get("description", ""), ", ".join(_named(answer)))
        for status, answer in sorted(operation["responses"].items())
    )
    parts.append(_table("Answer", "When", "Shape", answers))
    return "".join(parts)


def _table(first: str, second: str, third: str, rows: Any) -> str:
    head = "".join(f'<th scope="col">{one}</th>' for one in (first, second, third))
    body = "".join(f"<tr><td><code>{escape(a)}</code></td><td>{escape(b)}</td><td>{c}</td></tr>" for a, b, c in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _named(answer: dict[str, Any]) -> list[str]:
    """Links to the shapes of an answer."""
    found = []
    for content in answer.get("content", {}).values():
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name:
            found.append(f'<a href="#{escape(name)}">{escape(name)}</a>')
    return found


def _json(shape: Any) -> str:
    return f'<pre tabindex="0">{escape(json.dumps(shape, indent=2, ensure_ascii=False))}</pre>'


def _place(path: str, method: str) -> str:
    return escape(f"{method}{path}".replace("{", "").replace("}", "").replace("/", "-"))
