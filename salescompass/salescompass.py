"""The composition root: the Reflex application, its screens, and the API served beside it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import reflex as rx

from salescompass.ui import namespace
from salescompass.ui.origins import allowed_origins, secure
from salescompass.ui.responses import SafeResponses, script_hashes_of
from salescompass.ui.sockets import SafeSockets

API_PATHS = ("/api/", "/auth/", "/health/", "/metrics", "/problems/")


def with_api(reflex: Any) -> Any:
    """Answer the API's paths by the API and everything else by the screens."""
    if importlib.util.find_spec("salescompass.api.app") is None:
        return reflex
    from salescompass.api import build_app

    api = build_app()

    async def either(scope: Any, receive: Any, send: Any) -> None:
        of_api = scope["type"] == "http" and scope["path"].startswith(API_PATHS)
        await (api if of_api else reflex)(scope, receive, send)

    return either


def serving(web: Path) -> Any:
    """The whole ASGI application of an instance whose client was copied to `web`."""
    origins = allowed_origins()
    sockets = SafeSockets(app(), origins=origins)
    return SafeResponses(sockets, hashes=script_hashes_of(web), origins=origins, secure=secure())


app = rx.App(html_lang="en", api_transformer=with_api)
namespace.install(app)
app.add_page(lambda: rx.el.main(rx.el.h1("SalesCompass")), route="/", title="SalesCompass")
