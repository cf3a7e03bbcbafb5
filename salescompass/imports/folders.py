"""Where files of imports and exports lie: in the data folder, outside of everything a browser can ask for by a path."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from salescompass.kit.errors import TooLarge, Unavailable
from salescompass.kit.settings import settings

MOST_BYTES = 268_435_456
"""What an uploaded file may have."""
_NAME = re.compile(r"[0-9a-f]{32}")


def folder(tenant_id: UUID, what: str = "imports") -> Path:
    """The tenant's folder, which only this user of the machine may enter."""
    found = settings().data / what / str(tenant_id)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def keep(tenant_id: UUID, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Keep an upload under a name that nobody can guess: the name and its size. Nothing is left of one that fails."""
    name, size = uuid4().hex, 0
    try:
        path = folder(tenant_id) / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            try:
                for piece in pieces:
                    size += len(piece)
                    if size > MOST_BYTES:
                        message = f"The file is larger than {MOST_BYTES // 1_048_576} MB: import it on the server"
                        raise TooLarge(message, field="file")
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Unavailable(f"The file cannot be kept: {error.strerror}", field="file") from error
    return name, size


def kept(tenant_id: UUID, name: str) -> Path:
    """The path of an upload."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no upload")
    return folder(tenant_id) / name


def forget(tenant_id: UUID, name: str) -> None:
    """Delete an upload."""
    kept(tenant_id, name).unlink(missing_ok=True)


def shown_name(file_name: str) -> str:
    """The name of a file as it may be shown: no path, nothing invisible, not too long."""
    last = re.split(r"[/\\]", file_name)[-1]
    plain = "".join(letter for letter in last if letter.isprintable())
    return plain.strip(" .")[:200] or "file"
