"""What every answer carries, seen from the application's side."""

from __future__ import annotations

import asyncio
from typing import Any

from salescompass.ui.policy import inline_scripts
from salescompass.ui.responses import SafeResponses

ORIGIN = "https://crm.example.com"


async def _page(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"page"})


def _answer(method: str = "GET", path: str = "/feed", **headers: str) -> tuple[int, dict[str, str]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    app = SafeResponses(_page, hashes=["'sha256-abc='"], origins=[ORIGIN], secure=True)
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(app({"type": "http", "method": method, "path": path, "headers": raw}, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_with_tls_browsers_stay_with_it() -> None:
    _, headers = _answer()
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert "'sha256-abc='" in headers["content-security-policy"]


def test_what_is_no_page_may_load_nothing() -> None:
    for path in ("/api/v1/events", "/auth/sign-in", "/assets/x.js", "/metrics"):
        assert _answer(path=path)[1]["content-security-policy"].startswith("default-src 'none'")


def test_answers_of_the_api_are_kept_nowhere() -> None:
    assert _answer(path="/api/v1/events")[1]["cache-control"] == "no-store"
    assert _answer(path="/feed")[1]["cache-control"] == "no-cache"
    assert "immutable" in _answer(path="/assets/x-abc.js")[1]["cache-control"]


def test_only_our_own_pages_and_programs_may_write() -> None:
    assert _answer("POST")[0] == 200
    assert _answer("POST", origin=ORIGIN, sec_fetch_site="same-origin")[0] == 200
    assert _answer("POST", origin="https://evil.example")[0] == 403
    assert _answer("POST", origin="null")[0] == 403
    assert _answer("DELETE", sec_fetch_site="cross-site")[0] == 403
    assert _answer("GET", sec_fetch_site="cross-site")[0] == 200


def test_inline_scripts_are_found_as_a_browser_reads_them() -> None:
    page = "<script>a<b && '&amp;'</script><script src='/x.js'></script><script type=\"module\">\nimport 'x'\n</script>"
    assert inline_scripts(page) == ["a<b && '&amp;'", "\nimport 'x'\n"]
