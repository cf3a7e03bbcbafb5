"""The blank application that Reflex itself would make, without what only adds to it."""

import reflex as rx

from salescompass.ui.address import PLACEHOLDER, OriginPlugin

config = rx.Config(
    app_name="blank",
    # One build for any port, by the product's own plugin: it changes nothing else.
    api_url=PLACEHOLDER,
    deploy_url=None,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["gzip"],
    plugins=[rx.plugins.RadixThemesPlugin(), OriginPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
