"""The HTTP door: what programs send and read, and what the browser needs beside its socket."""

from salescompass.api.app import build_app

__all__ = ["build_app"]
