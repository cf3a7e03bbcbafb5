"""Where the embedded servers live: whose account they run as, which folders they may use, how long paths are."""

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from salescompass.kit.child import Account, account_of
from salescompass.kit.kept import make_data_folder

# A Unix socket's path may have 107 bytes; a little is left for the names of files beside it.
LONGEST_SOCKET = 100
_LONGEST_NAME = "/.s.PGSQL.5432"

Say = Callable[[str], None]


class EmbeddedError(Exception):
    """An embedded server cannot be started: one sentence that says why and what to do."""


class StillClosing(EmbeddedError):
    """What is left of a killed server is still ending: starting again in a moment will do."""


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"The package {package} is not installed; run ./compass, which installs it.")
    return Path(spec.submodule_search_locations[0])


@dataclass(frozen=True)
class Ground:
    """The part of a data folder that the embedded servers use."""

    data: Path
    say: Say

    def prepare(self) -> None:
        """Make the data folder, or say in one sentence why it cannot be used."""
        try:
            make_data_folder(self.data)
        except OSError as error:
            raise EmbeddedError(f"The data folder {self.data} cannot be made: {error.strerror}.") from None
        if not os.access(self.data, os.R_OK | os.W_OK | os.X_OK):
            owner = account_of(self.data.stat().st_uid).name
            raise EmbeddedError(
                f"The data folder {self.data} belongs to {owner} and cannot be written by you;"
                " run as that user, or name another one with --data."
            )
        for name in ("logs", "run"):
            (self.data / name).mkdir(mode=0o700, exist_ok=True)

    @cached_property
    def account(self) -> Account:
        """Who the servers run as: us, or an unprivileged account when we are root."""
        if os.geteuid() != 0:
            return account_of(os.geteuid())
        existing = self.data / "postgres"
        if existing.exists() and existing.stat().st_uid != 0:
            return account_of(existing.stat().st_uid)
        for name in ("postgres", "nobody"):
            try:
                return account_of(pwd.getpwnam(name).pw_uid)
            except KeyError:
                continue
        raise EmbeddedError("PostgreSQL must not run as root, and this machine has no account named nobody.")

    def own_folder(self, path: Path) -> Path:
        """A folder that only the servers' account may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, self.account.uid, self.account.gid)
            self.open_the_way(path)
        path.chmod(0o700)
        return path

    def open_the_way(self, path: Path) -> None:
        """Let the servers' account walk through the parents of `path`: o+x where needed, nothing more."""
        opened = []
        for parent in path.parents:
            found = parent.stat()
            if found.st_uid == self.account.uid:
                passable = found.st_mode & stat.S_IXUSR
            elif found.st_gid == self.account.gid:
                passable = found.st_mode & stat.S_IXGRP
            else:
                passable = found.st_mode & stat.S_IXOTH
            if not passable:
                parent.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
                if not parent.is_relative_to(self.data):
                    opened.append(str(parent))
        if opened:
            self.say(f"Opened for passing through (o+x), as {self.account.name} runs the servers: {', '.join(opened)}")

    @cached_property
    def sockets(self) -> Path:
        """The folder of the servers' sockets; a short one elsewhere when the data folder's path is too long."""
        near = self.data / "run" / "sockets"
        if len(os.fsencode(near)) + len(_LONGEST_NAME) <= LONGEST_SOCKET:
            (self.data / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
            return self.own_folder(near)
        note = self.data / "socket-folder"
        if note.exists():
            noted = Path(note.read_text(encoding="utf-8").strip())
            if self._is_ours(noted):
                return noted
        far = Path(tempfile.mkdtemp(prefix="salescompass-", dir=self._short_parent()))
        self.own_folder(far)
        note.write_text(f"{far}\n", encoding="utf-8")
        return far

    def _short_parent(self) -> str:
        # Another account cannot pass through a user's runtime folder, so root's servers use /tmp.
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if runtime and os.geteuid() != 0 and len(os.fsencode(runtime)) < 60 and os.access(runtime, os.W_OK):
            return runtime
        return "/tmp"  # noqa: S108 - the folder made in it is ours alone, and checked before it is used again

    def _is_ours(self, folder: Path) -> bool:
        try:
            found = folder.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid and stat.S_IMODE(found.st_mode) == 0o700

    def reachable_program(self, program: Path, keep: tuple[Path, ...]) -> Path:
        """`program` itself, or a copy in the data folder when the servers' account cannot run it where it is.

        `keep` are the folders to copy, all under one parent, whose layout the program relies on.
        """
        if os.geteuid() != 0:
            return program
        if all(_readable_by_all(folder) for folder in keep):
            self.open_the_way(program)
            return program
        top = Path(os.path.commonpath(keep)).parent if len(keep) == 1 else Path(os.path.commonpath(keep))
        copy = self.data / "programs" / keep[0].name
        if not (copy / ".complete").exists():
            self.say("Copying the programs of the servers to where they may be run ...")
            shutil.rmtree(copy, ignore_errors=True)
            for folder in keep:
                shutil.copytree(folder, copy / folder.relative_to(top))
            for path in (copy, *copy.rglob("*")):
                mode = path.stat().st_mode
                # What the owner may read and run, all may.
                path.chmod(stat.S_IMODE(mode) | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
            (copy / ".complete").touch()
        moved = copy / program.relative_to(top)
        self.open_the_way(moved)
        return moved


def _readable_by_all(folder: Path) -> bool:
    """Whether others may read the folder and, as a sample of one installer's habit, its first files."""
    wanted = stat.S_IROTH | stat.S_IXOTH
    if folder.stat().st_mode & wanted != wanted:
        return False
    samples = [path for path in folder.iterdir() if path.is_file()][:3]
    return all(path.stat().st_mode & stat.S_IROTH for path in samples)
