"""Building and serving a blank Reflex application, the limit that pages and starts are measured against."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.instance import ROOT, free_port
from salescompass.ui import node

HERE = Path(__file__).parent / "blank"
BUILD = ROOT / ".build"
WORK = BUILD / "blank"
_COMPILE = (
    "from pathlib import Path; from reflex.utils import build, prerequisites; "
    "prerequisites.get_web_dir(); prerequisites.initialize_frontend_dependencies(); "
    "prerequisites.get_compiled_app(prerender_routes=True, trigger='export'); "
    "build.setup_frontend(Path.cwd()); build.build()"
)
_SERVE = (
    "import sys; from granian.server import Server; from granian.constants import Interfaces; "
    "from blank.blank import app; "
    "Server(target='blank_target:application', factory=True, address='127.0.0.1', port=int(sys.argv[1]), "
    "interface=Interfaces.ASGI, workers=1, log_access=False).serve()"
)


def _environment() -> dict[str, str]:
    return node.environment(BUILD) | {
        "PYTHONPATH": f"{HERE}:{ROOT}",
        "REFLEX_WEB_WORKDIR": str(WORK),
        "REFLEX_ENV_MODE": "prod",
    }


def build() -> None:
    """Build it once for what its source says; later calls find it done."""
    sources = (HERE / "blank" / "blank.py", HERE / "rxconfig.py")
    done, source = WORK / "built", hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    if done.exists() and done.read_text() == source:
        return
    subprocess.run([sys.executable, "-c", _COMPILE], cwd=HERE, env=_environment(), check=True, capture_output=True)
    done.write_text(source)


@contextmanager
def serving(*, redis_url: str = "", token_seconds: int = 3600) -> Iterator[tuple[str, float]]:
    """The blank application served from its build: its address, and the seconds until its first answer."""
    port = free_port()
    # Reflex would keep its states in a Redis that it is told of; ours keeps them in memory, and so does this.
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "REFLEX_REDIS_URL")}
    variables = kept | {
        "BLANK_REDIS": redis_url,
        "REFLEX_REDIS_TOKEN_EXPIRATION": str(token_seconds),
        "PYTHONPATH": f"{HERE}:{ROOT}",
        "REFLEX_WEB_WORKDIR": str(WORK),
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", _SERVE, str(port)], cwd=HERE, env=variables)
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}", time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError("the blank application does not answer")
