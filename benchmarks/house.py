"""An instance with a believable tenant, as a person's browser and an application's key find it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.instance import ROOT, running

SLUG, EMAIL, PASSWORD = "bench", "admin@bench.example", "a long pass phrase 7"


@dataclass(frozen=True)
class House:
    """Where it is, and the key of its tenant."""

    url: str
    data: Path
    key: str

    def cookie(self, origin: str = "") -> str:
        """Sign in; the Cookie header of the session."""
        status, headers, body = self._ask(
            "POST", "/auth/sign-in", {"email": EMAIL, "password": PASSWORD}, {"Origin": origin or self.url}
        )
        assert status == 200, body
        given = [one for one in headers.get_all("Set-Cookie") if "httponly" in one.lower()]
        return str(given[0].split(";")[0])

    def get(self, path: str) -> Any:
        """What the API answers."""
        status, _, body = self._ask("GET", path, None, {"Authorization": f"Bearer {self.key}"})
        assert status == 200, body
        return json.loads(body)

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any, bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@contextmanager
def furnished(
    data: Path, *, accounts: int, events: int, web: int = 2, workers: int = 1, **settings: str
) -> Iterator[House]:
    """`compass run` with a tenant that a year of events fills; `settings` are environment variables."""
    options = ["--no-demo", "--web", str(web), "--workers", str(workers)]
    with running(data, *options, **settings) as (url, _):
        _command(
            data, "tenant", "create", "Bench", "--slug", SLUG, "--admin-email", EMAIL, "--admin-password", PASSWORD
        )
        _command(data, "demo", "--tenant", SLUG, "--accounts", str(accounts), "--events", str(events))
        key = _command(data, "key", "create", "--tenant", SLUG, "--name", "bench", "--scopes", "*")["key"]
        yield House(url, data, str(key))


def _command(data: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "salescompass.cli", *words, "--data", str(data), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
