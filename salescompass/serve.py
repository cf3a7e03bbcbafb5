"""The web processes: `python -m salescompass.serve --host H --port P --processes N`."""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from salescompass.kit.settings import settings
from salescompass.ui.build import BuildFailed, ensure_built, prepare_instance
from salescompass.ui.limits import LONGEST_FRAME

_PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the screens if they changed, then serve them until told to stop.

    With `--held` the screens are there, and the program is read while the servers start and the schema is looked
    at: it waits for a line on stdin, the addresses as JSON, and ends when there is none.
    """
    options = _options(arguments)
    os.environ |= {"SALESCOMPASS_HOST": options.host, "SALESCOMPASS_PORT": str(options.port)}
    settings.cache_clear()
    try:
        web = settings().data / "web" if options.held else prepare_instance(ensure_built(), settings().data)
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    os.environ |= reflex_environment(web)
    _read_application()
    if options.held:
        told = sys.stdin.readline()
        if not told:
            return 0
        os.environ |= json.loads(told)
        settings.cache_clear()
    _serve(options.host, options.port, options.processes)
    return 0


def _read_application() -> None:
    """Read it once; the processes that are forked from this one share it."""
    multiprocessing.set_start_method("fork", force=True)
    # What is read now stays for ever: looking through it for garbage is a tenth of the start, and unshares memory.
    gc.disable()
    import salescompass.salescompass  # noqa: F401

    gc.freeze()
    # A bulk makes tens of thousands of objects that are all gone with it; looking through them meanwhile finds nothing.
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def reflex_environment(web: Path) -> dict[str, str]:
    """What tells Reflex to serve the built client in this folder, and neither to compile nor to call home."""
    return {
        "REFLEX_WEB_WORKDIR": str(web),
        "REFLEX_DIR": str(web / "reflex"),
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(LONGEST_FRAME),
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }


def application() -> Any:
    """The ASGI application of one web process."""
    _end_with_parent()
    from salescompass.kit.observability import configure_logging, init_sentry
    from salescompass.salescompass import serving

    configure_logging()
    init_sentry()

    return serving(Path(os.environ["REFLEX_WEB_WORKDIR"]))


def _serve(host: str, port: int, processes: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        target="salescompass.serve:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        respawn_failed_workers=True,
        # The access log would hold the token of every socket; requests are logged by the application.
        log_access=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
    ).serve()


def _end_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it is gone, however it went."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    told = settings()
    parser = argparse.ArgumentParser(prog="python -m salescompass.serve", description=__doc__)
    parser.add_argument("--host", default=told.host)
    parser.add_argument("--port", type=int, default=told.port)
    parser.add_argument("--processes", type=int, default=told.web)
    parser.add_argument("--held", action="store_true", help="read the program, and serve when told to on stdin")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
