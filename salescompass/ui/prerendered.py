"""Pages are served under their own address: `/feed` is `feed.html`, without a redirect; `/` is nobody's page."""

from __future__ import annotations

from pathlib import Path

from salescompass.ui import routes
from salescompass.ui.build import CLIENT
from salescompass.ui.responses import App, Receive, Scope, Send
from salescompass.ui.session import who


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
            file = self._pages.get(scope["path"].rstrip("/"))
            if file is not None:
                scope = {**scope, "path": file, "raw_path": file.encode()}
        await self._app(scope, receive, send)


async def _home_of(scope: Scope) -> str:
    """Where somebody who only typed the host's name wants to be."""
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    return routes.TODAY if await who(cookie) else routes.SIGN_IN


async def _go(path: str, send: Send) -> None:
    headers = [(b"location", path.encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
