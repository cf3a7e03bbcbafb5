"""Making the browser's part of the product: once per content, never per address.

`.build/work` is where Reflex, Vite and node_modules live and stay; a finished client is moved to
`.build/HASH`, HASH being that of everything it was made from. An instance gets a copy in its data folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salescompass.ui import node
from salescompass.ui.policy import write_script_hashes

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
CLIENT = Path("build") / "client"
BACKEND = Path("backend")
_SOURCES = ("salescompass/ui", "salescompass/salescompass.py", "assets", "rxconfig.py")
_PINS = ("requirements.txt", "constraints.txt")
_LOCK_FOLDER = "reflex.lock"
_KEPT_BUILDS = 3
Progress = Callable[[str], None]


class BuildFailed(RuntimeError):
    """The client could not be built; the message says where the log is."""


def ensure_built(progress: Progress = print) -> Path:
    """The folder of the client built from what is in the checkout now; builds it if it is not there."""
    wanted = BUILD / content_hash()
    if not (wanted / "done").exists():
        with _locked(BUILD / "lock", progress):
            wanted = BUILD / content_hash()
            if not (wanted / "done").exists():
                wanted = _build(progress)
    os.utime(wanted / "done")
    return wanted


def content_hash() -> str:
    """The hash of everything the client is made from."""
    return _hash_of((*_SOURCES, *_PINS, _LOCK_FOLDER))


def prepare_instance(build: Path, data: Path) -> Path:
    """Copy the built client to the instance's data folder, with the hashes its security policy needs."""
    web = data / "web"
    stamp = web / "build-id"
    if stamp.exists() and stamp.read_text() == build.name:
        return web
    fresh = data / f"web.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(build / CLIENT, fresh / CLIENT)
    shutil.copytree(build / BACKEND, fresh / BACKEND)
    write_script_hashes(fresh / CLIENT, fresh / "script-hashes.json")
    (fresh / "build-id").write_text(build.name)
    shutil.rmtree(web, ignore_errors=True)
    fresh.rename(web)
    return web


def _hash_of(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256(sys.version.split()[0].encode())
    for name in names:
        for path in _files(ROOT / name):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:20]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for child in sorted(path.rglob("*")):
            generated = "__pycache__" in child.parts or child.parent.is_symlink() or "external" in child.parts
            if child.is_file() and not generated:
                yield child


@contextmanager
def _locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock of the build folder; a second builder waits, then finds the work done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("Another process is building the screens; waiting for it ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(progress: Progress) -> Path:
    """Run Reflex's build; again if somebody edited the screens meanwhile."""
    for _ in range(3):
        before = _hash_of((*_SOURCES, *_PINS))
        lock = {path: path.read_bytes() for path in _files(ROOT / _LOCK_FOLDER)}
        first = not (BUILD / "work" / "node_modules").exists()
        progress(
            "Building the screens "
            + ("(the first time installs their libraries, about a minute) ..." if first else "...")
        )
        _run_reflex(progress)
        _keep_wording(lock)
        if _hash_of((*_SOURCES, *_PINS)) == before:
            break
    # The build itself may have refreshed the lock of the libraries, so the name is taken afterwards.
    target = BUILD / content_hash()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.move(BUILD / "work" / CLIENT, target / CLIENT)
    shutil.copytree(BUILD / "work" / BACKEND, target / BACKEND)
    (target / "done").touch()
    _forget_old_builds(keep=target)
    progress("The screens are built.")
    return target


def _keep_wording(lock: dict[Path, bytes]) -> None:
    """Put back the files of the lock that say the same in another order, so that a build changes no checkout."""
    for path, before in lock.items():
        if path.exists() and path.read_bytes() != before and json.loads(path.read_bytes()) == json.loads(before):
            path.write_bytes(before)


def _run_reflex(progress: Progress) -> None:
    """Compile and bundle in a process of its own, so that nothing of it stays in ours."""
    log = BUILD / "build.log"
    variables = node.environment(BUILD) | {
        "PYTHONPATH": str(ROOT),
        "REFLEX_WEB_WORKDIR": str(BUILD / "work"),
        "REFLEX_ENV_MODE": "prod",
    }
    command = [sys.executable, "-m", "salescompass.ui.compile"]
    pipe: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=variables, **pipe) as process:
        assert process.stdout is not None
        for line in process.stdout:
            out.write(line)
            if line.startswith("::"):
                progress("  " + line[2:].strip())
    if process.returncode:
        tail = "".join(log.read_text().splitlines(keepends=True)[-15:])
        raise BuildFailed(f"The screens could not be built; the whole log is in {log}\n{tail}")


def _forget_old_builds(keep: Path) -> None:
    """Keep the last few builds, so that going back and forth between versions stays quick."""
    builds = sorted(BUILD.glob("*/done"), key=lambda done: done.stat().st_mtime, reverse=True)
    for done in builds[_KEPT_BUILDS:]:
        if done.parent != keep:
            shutil.rmtree(done.parent, ignore_errors=True)


if __name__ == "__main__":
    print(ensure_built())
