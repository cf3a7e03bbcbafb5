"""Pages are served under their own address: `/feed` is `feed.html`, without a redirect; `/` is nobody's page.

Sign-in is for those who are not: a tab whose session was replaced in another tab goes on with the new one.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote

from salescompass.ui import routes
from salescompass.ui.build import CLIENT
from salescompass.ui.responses import App, Receive, Scope, Send
from salescompass.ui.seers import who


class Prerendered:
    """Names the file behind each page of a built client."""

    def __init__(self, app: App, web: Path) -> None:
        self._app = app
        client = web / CLIENT
        found = [path.relative_to(client).with_suffix("") for path in client.rglob("*.html")]
        self._pages = {f"/{page}": f"/{page}.html" for page in found if page.name not in ("index", "404")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request; for a page from its file."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            if scope["path"] == routes.HOME:
                await _go(await _home_of(scope), send)
                return
            if scope["path"].rstrip("/") == routes.SIGN_IN and await _signed_in(scope):
                await _go(_after_sign_in(scope), send)
                return
            file = self._pages.get(scope["path"].rstrip("/"))
            if file is not None:
                scope = {**scope, "path": file, "raw_path": file.encode()}
        await self._app(scope, receive, send)


async def _home_of(scope: Scope) -> str:
    """Where somebody who only typed the host's name wants to be."""
    return routes.TODAY if await _signed_in(scope) else routes.SIGN_IN


async def _signed_in(scope: Scope) -> bool:
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return await who(cookie) is not None


def _after_sign_in(scope: Scope) -> str:
    """The page somebody was on the way to, if it is one of ours."""
    wanted = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("next", [""])[0]
    ours = routes.own_path(wanted) and not wanted.startswith(routes.SIGN_IN)
    return quote(wanted, safe="/?&=#%:,;+@!$'()*~[]") if ours else routes.TODAY


async def _go(path: str, send: Send) -> None:
    headers = [(b"location", path.encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
