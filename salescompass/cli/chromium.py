"""Chromium for the browser tests: found, installed where that may be done, or asked for."""

import os
import shutil
import subprocess
from pathlib import Path

from salescompass.cli.output import Refused, say

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium on this machine; SALESCOMPASS_CHROMIUM names another one."""
    named = os.environ.get("SALESCOMPASS_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for path in map(shutil.which, _NAMES) if path), None)


def ensure_chromium() -> str:
    """Chromium's path; installs Debian's package when we are root on Debian. Refuses with what to install."""
    found = find_chromium()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get") and Path("/etc/debian_version").exists():
        say("Installing Chromium for the browser tests (apt-get install chromium) ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
        found = find_chromium()
        if found:
            return found
    raise Refused(
        "The browser tests need Chromium: install it (Debian: apt-get install chromium), name one in"
        " SALESCOMPASS_CHROMIUM, or leave those tests out with: ./compass test -m 'not browser'.",
        code="chromium",
    )
