"""What the server loads."""

from typing import Any

from blank.blank import app


def application() -> Any:
    """The ASGI application."""
    return app()
