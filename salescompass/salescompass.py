"""The composition root: the Reflex application, its screens, and the API served beside it."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from salescompass import identity
from salescompass.api import build_app
from salescompass.kit import observability
from salescompass.kit.live import hub
from salescompass.ui import namespace, opening, screens, theme
from salescompass.ui.origins import allowed_origins
from salescompass.ui.prerendered import Prerendered
from salescompass.ui.responses import API_PATHS, SafeResponses, script_hashes_of
from salescompass.ui.sockets import SafeSockets
from salescompass.ui.threads import in_thread

log = logging.getLogger(__name__)

USAGE_SECONDS = 10.0


def with_api(pages: Any) -> Any:
    """Answer the API's paths by the API and everything else by the screens."""
    api = build_app()

    async def either(scope: Any, receive: Any, send: Any) -> None:
        of_api = scope["type"] == "http" and scope["path"].startswith(API_PATHS)
        await (api if of_api else pages)(scope, receive, send)

    return either


def serving(web: Path) -> Any:
    """The whole ASGI application of an instance whose client was copied to `web`."""
    origins = allowed_origins()
    sockets = SafeSockets(Prerendered(app(), web), origins=origins)
    return SafeResponses(sockets, hashes=script_hashes_of(web), origins=origins, secure=identity.secure_cookies())


def on_error(exception: Exception) -> EventSpec:
    """What is shown when something failed outside every handler's guard."""
    reference = observability.record_error(exception, where="screen")
    return rx.toast.error(f"Something went wrong. If it happens again, tell your administrator: {reference}")


def on_client_error(exception: Exception) -> None:
    """An error that a browser reports of itself."""
    log.warning("a browser reports: %s", exception)


async def count_usage() -> None:
    """Write down, every few seconds, which handlers were used."""
    try:
        while True:
            await asyncio.sleep(USAGE_SECONDS)
            try:
                await in_thread(identity.flush_usage)
            except Exception as error:
                log.warning("usage was not written, it is kept for the next time: %s", error)
    finally:
        identity.flush_usage()


app = rx.App(
    html_lang="en",
    **theme.app_options(),
    backend_exception_handler=on_error,
    frontend_exception_handler=on_client_error,
    api_transformer=with_api,
)
namespace.install(app)
opening.install()
app.register_lifespan_task(hub().run)
app.register_lifespan_task(count_usage)
screens.add_to(app)
