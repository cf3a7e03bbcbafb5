"""The steps of `run`, in order, each of which may take its time and says so."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from salescompass.cli import checks, demo
from salescompass.cli.house import run_lock
from salescompass.cli.output import Failed, Refused, say
from salescompass.cli.programs import Program, python_program
from salescompass.cli.supervisor import Daily, Stopped, Supervisor
from salescompass.kit import child
from salescompass.kit.settings import CHECKOUT, settings

if TYPE_CHECKING:
    from salescompass.kit.embedded import Servers
    from salescompass.kit.settings import Settings

_TRIES = 5


def supervise(told: "Settings", *, with_demo: bool) -> int:
    """Everything `run` does; returns the exit code."""
    from salescompass.kit.embedded import Servers, wanted

    lock = run_lock(told.data)
    if not lock.try_exclusive():
        raise Refused(
            f"SalesCompass already runs on the data folder {told.data} ({lock.noted() or 'starting'}).", code="running"
        )
    lock.note(f"http://{told.host}:{told.port}")
    supervisor = Supervisor(told.data / "logs")
    supervisor.listen()
    embedded = Servers(told.data, wanted(told.data, os.environ, say))
    try:
        environment = _environment(told)
        held = _hold_web(told, environment)
        _read_ahead()
        embedded.start(alone=True)
        _adopt(supervisor, embedded)
        _prepare(told, embedded=bool(embedded.parts) and not told.database_url)
        users = demo.ensure_demo(told.data, wanted=with_demo)
        environment |= embedded.environment()
        _start_web(supervisor, told, environment, held)
        _wait_ready(supervisor, told)
        _start_workers(supervisor, told, environment)
        _announce(told, users)
        supervisor.watch()
        return 0
    except Stopped:
        return 0
    finally:
        supervisor.starting = False
        if supervisor.stopping:
            say("Stopping ...")
        supervisor.stop()
        embedded.stop(patient=False)
        lock.release()


def _hold_web(told: "Settings", environment: dict[str, str]) -> "subprocess.Popen[bytes] | None":
    """The web program, reading itself while the servers start; None at the first start, when its screens are not there.

    It serves when `_start_web` tells it the addresses, and ends by itself when we end before.
    """
    if not (told.data / "web" / "build-id").exists():
        return None
    with (told.data / "logs" / "web.log").open("ab") as output:
        return child.spawn(
            [sys.executable, *_web_arguments(told), "--held"],
            environment=environment,
            cwd=CHECKOUT,
            output=output,
            stdin=subprocess.PIPE,
        )


def _read_ahead() -> None:
    """Load what the next steps need while the servers start: half a second that nobody has to wait for."""
    names = ("salescompass.kit.migrations", "salescompass.identity", "salescompass.ui.build")
    threading.Thread(target=lambda: [import_module(name) for name in names], daemon=True).start()


def _adopt(supervisor: Supervisor, embedded: "Servers") -> None:
    """Watch the embedded servers from now on; recovery after a crash may take as long as it takes."""
    os.environ.update(embedded.environment())
    settings.cache_clear()
    for part in embedded.parts:
        process = embedded.started.pop(part.name)
        program = Program(
            part.name,
            part.spawn,
            stop_signal=part.death_signal,
            patience=60.0,
            slowest_restart=5.0,
            process=process,
            started_at=time.monotonic(),
        )
        supervisor.servers.append(program)


def _prepare(told: "Settings", *, embedded: bool) -> None:
    """Schema and screens."""
    from salescompass.kit import database, migrations
    from salescompass.ui import build

    backup = (lambda: _backup_before_migration(told.data)) if embedded else None
    migrations.upgrade(backup=backup)
    checks.own_roles(told)
    told.make_secrets()
    database.dispose()
    try:
        built = build.ensure_built(say)
    except build.BuildFailed as error:
        raise Refused(str(error), code="build") from error
    build.prepare_instance(built, told.data)


def _backup_before_migration(data: Path) -> None:
    from salescompass.cli.backup import write_backup

    folder = data / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"before-migration-{datetime.now(UTC):%Y%m%d-%H%M%S}.compass"
    say(f"Backing up to {target} before the database changes ...")
    write_backup(target, passphrase=None)


def _environment(told: "Settings") -> dict[str, str]:
    """What every child is told: the addresses, the data folder, where metrics are added up."""
    metrics = told.data / "run" / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True, mode=0o700)
    return {
        **os.environ,
        "SALESCOMPASS_DATA": str(told.data),
        "SALESCOMPASS_HOST": told.host,
        "SALESCOMPASS_PORT": str(told.port),
        "SALESCOMPASS_WEB": str(told.web),
        "SALESCOMPASS_WORKERS": str(told.workers),
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONUNBUFFERED": "1",
    }


def _program(name: str, arguments: list[str], told: "Settings", environment: dict[str, str]) -> Program:
    log = told.data / "logs" / f"{name}.log"
    return python_program(name, arguments, environment, log, root=CHECKOUT, python=sys.executable)


def _web_arguments(told: "Settings") -> list[str]:
    address = ["--host", told.host, "--port", str(told.port)]
    return ["-m", "salescompass.serve", *address, "--processes", str(told.web)]


def _start_web(
    supervisor: Supervisor, told: "Settings", environment: dict[str, str], held: "subprocess.Popen[bytes] | None"
) -> None:
    """First alone: a start costs each program a second of a core or two, and people wait for this one."""
    web = _program("web", _web_arguments(told), told, environment)
    supervisor.programs.append(web)
    if held is None:
        web.start()
        return
    web.process, web.started_at = held, time.monotonic()
    assert held.stdin is not None
    # One that has ended meanwhile is seen and started again like any other.
    with suppress(BrokenPipeError), held.stdin as line:
        line.write(json.dumps(environment).encode() + b"\n")


def _start_workers(supervisor: Supervisor, told: "Settings", environment: dict[str, str]) -> None:
    named = {"schedule": ["-m", "workers.schedule"]}
    named |= {f"worker-{number}": ["-m", "workers"] for number in range(1, told.workers + 1)}
    for name, arguments in named.items():
        program = _program(name, arguments, told, environment)
        supervisor.programs.append(program)
        program.start()
    maintenance = _program("maintenance", ["-m", "salescompass.cli", "maintenance"], told, environment)
    # The first time a minute after the start, when nobody waits for it.
    supervisor.daily.append(Daily("maintenance", maintenance.spawn, next_at=time.monotonic() + 60))


def _wait_ready(supervisor: Supervisor, told: "Settings") -> None:
    """Wait until /health/ready answers; gives up when the web processes keep dying."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(told.host, told.host)  # noqa: S104
    address = f"http://{host}:{told.port}/health/ready"
    web = supervisor.programs[0]
    said = time.monotonic()
    while not _answers(address):
        supervisor.step()
        if web.failures >= _TRIES:
            raise Failed(f"The web processes do not start: {_last_line(told.data / 'logs' / 'web.log')}")
        if time.monotonic() - said > 10:
            said = time.monotonic()
            say("Waiting for the web processes ...")
        supervisor.wait(0.1)


def _answers(address: str) -> bool:
    # No proxy of the environment may stand between us and ourselves.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f"{lines[-1] if lines else 'no word from them'} (all of it: {log})"


def _announce(told: "Settings", users: list[demo.DemoUser]) -> None:
    address = f"http://{told.host}:{told.port}"
    if users:
        print(demo.told(users, told.public_url or address))
    print(f"SalesCompass is ready: {address}", flush=True)
