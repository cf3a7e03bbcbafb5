"""Pages are served under their own address: `/feed` is `feed.html`, without a redirect to `/feed/`."""

from __future__ import annotations

from pathlib import Path

from salescompass.ui.build import CLIENT
from salescompass.ui.responses import App, Receive, Scope, Send


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
            file = self._pages.get(scope["path"].rstrip("/"))
            if file is not None:
                scope = {**scope, "path": file, "raw_path": file.encode()}
        await self._app(scope, receive, send)
