"""Child processes that do not outlive us, whatever ends us.

Linux sends a child its "parent death signal" when the thread that started it ends, so children must be
started from a thread that lives as long as the process: the main one.
"""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """A user of this machine that a child runs as."""

    name: str
    uid: int
    gid: int


def account_of(uid: int) -> Account:
    """The account with this number; its name is the number when the machine knows none."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, uid)
    return Account(entry.pw_name, uid, entry.pw_gid)


def end_with_parent(death_signal: int, parent: int) -> None:
    """Ask the kernel to send us `death_signal` when the process `parent` ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        # The parent ended between fork and prctl: nobody will send the signal any more.
        os.kill(os.getpid(), death_signal)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none of them can get lost."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: int = signal.SIGTERM,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
    stdin: int = subprocess.DEVNULL,
) -> "subprocess.Popen[bytes]":
    """Start `command` in a process group of its own; it gets `death_signal` when we end.

    A group of its own keeps Ctrl-C in the terminal to us: children are stopped in order, by us.
    """
    parent = os.getpid()
    drop = account is not None and account.uid != os.geteuid()

    def prepare() -> None:
        os.setpgid(0, 0)
        # After the change of user, which would clear it.
        end_with_parent(death_signal, parent)

    return subprocess.Popen(
        [str(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=None if environment is None else dict(environment),
        cwd=cwd,
        preexec_fn=prepare,
        user=account.uid if drop and account else None,
        group=account.gid if drop and account else None,
        extra_groups=[] if drop else None,
    )


def alive(pid: int) -> bool:
    """Whether a process with this number runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
    except OSError:
        return False
    return state.split()[0] not in ("Z", "X")
