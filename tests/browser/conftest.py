"""A running instance and a browser for it: started once, a fresh context for each test.

A test asks for `page` (or `context` for several pages) and `instance`. It fails when a page wrote an error to its
console, broke the content security policy or threw; what is meant to happen is put into `allowed_errors` first.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = "SalesCompass is ready: "
PATIENCE = 300.0

# How long something may take to appear is measured in benchmarks; here a busy machine must not decide.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in this folder drives an instance, mostly by a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Tenant:
    """A tenant of the instance, and its administrator."""

    tenant_id: str
    slug: str
    email: str
    password: str


@dataclass
class Instance:
    """A running installation: where it is, and the command on its data."""

    url: str
    data: Path
    log: Path

    def command(self, *words: str) -> dict[str, Any]:
        """Run `./compass WORDS --data DATA --json`; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "salescompass.cli", *words, "--data", str(self.data), "--json"],
            cwd=ROOT,
            env=_clean_environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    def tenant(self) -> Tenant:
        """A new tenant."""
        slug = f"t{uuid4().hex[:10]}"
        email, password = f"admin@{slug}.example", f"pass phrase {slug}"
        made = self.command(
            "tenant", "create", slug.title(), "--slug", slug, "--admin-email", email, "--admin-password", password
        )
        return Tenant(made["tenant_id"], slug, email, password)

    def user(self, tenant: Tenant, role: str) -> tuple[str, str]:
        """A new member with a role: their address and password."""
        email, password = f"{role}-{uuid4().hex[:6]}@{tenant.slug}.example", f"pass phrase {tenant.slug} {role}"
        self.command(
            "user", "create", "--tenant", tenant.slug, "--email", email, "--password", password, "--role", role
        )
        return email, password

    def sign_in(self, context: BrowserContext, email: str, password: str) -> None:
        """Sign a browser in without the page."""
        answer = context.request.post(
            f"{self.url}/auth/sign-in", data={"email": email, "password": password}, headers={"Origin": self.url}
        )
        assert answer.ok, answer.text()


def _clean_environment() -> dict[str, str]:
    """Without the addresses of other tests' servers."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("SALESCOMPASS_", "DATABASE_", "REDIS_"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text(errors="replace")
        if READY in text:
            return text.split(READY)[1].split()[0]
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise AssertionError(f"The instance did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def running(folder: Path) -> Iterator[Instance]:
    """Everything `./compass run` starts, on a free port and with a data folder of its own."""
    log = folder / "run.log"
    options = ["--port", str(_free_port()), "--data", str(folder / "data"), "--web", "2", "--workers", "1", "--no-demo"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "salescompass.cli", "run", *options],
            cwd=ROOT,
            env=_clean_environment()
            | {"SALESCOMPASS_LEASE": "2", "SALESCOMPASS_SWEEP": "1", "SALESCOMPASS_MONITOR": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Instance(_wait_until_ready(process, log), folder / "data", log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The instance that the tests of this folder share."""
    with running(tmp_path_factory.mktemp("instance")) as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Browser tests need Chromium (Debian: apt-get install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tenant(instance: Instance) -> Tenant:
    """A tenant that browser tests share; one that changes more than its own records makes its own."""
    return instance.tenant()


@pytest.fixture
def allowed_errors() -> list[str]:
    """Patterns of console errors that a test means to cause."""
    return []


@contextmanager
def browsing(chromium: Browser, instance: Instance, allowed: list[str], **options: Any) -> Iterator[BrowserContext]:
    """A fresh browser profile, with what Playwright takes for one; fails at the end when a page wrote an error."""
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            wrong.append(f"{message.text} ({message.location.get('url', '')})")

    opened = chromium.new_context(base_url=instance.url, **options)
    opened.set_default_timeout(15_000)
    opened.on("console", heard)
    opened.on("weberror", lambda error: wrong.append(str(error.error)))
    yield opened
    opened.close()
    assert [text for text in wrong if not any(re.search(one, text) for one in allowed)] == []


@pytest.fixture
def context(chromium: Browser, instance: Instance, allowed_errors: list[str]) -> Iterator[BrowserContext]:
    """A fresh browser profile whose pages must stay free of errors."""
    with browsing(chromium, instance, allowed_errors, viewport={"width": 1280, "height": 800}) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of nobody."""
    return context.new_page()


@pytest.fixture
def admin_page(context: BrowserContext, instance: Instance, tenant: Tenant) -> Page:
    """A page of the shared tenant's administrator."""
    instance.sign_in(context, tenant.email, tenant.password)
    return context.new_page()
