"""Reflex's configuration: the same for every instance, because the client is built once for all of them."""

import reflex as rx

from salescompass.ui.address import PLACEHOLDER, OriginPlugin
from salescompass.ui.origins import allowed_origins

config = rx.Config(
    app_name="salescompass",
    # The address is not known when the client is built; OriginPlugin puts `location.origin` in its place.
    api_url=PLACEHOLDER,
    deploy_url=None,
    # A socket lives in one process, so its state may too: what must survive lives in the database,
    # the address bar and the browser. docs/decisions/0001-reflex-state-in-memory.md
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    redis_url=None,
    default_color_mode="system",
    show_built_with_reflex=False,
    telemetry_enabled=False,
    cors_allowed_origins=allowed_origins(),
    frontend_compression_formats=["gzip", "brotli"],
    frontend_lazy_bundled_libraries=True,
    frozen_lockfile=True,
    plugins=[OriginPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
