"""Values that are made once and kept in the data folder."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def make_data_folder(folder: Path) -> None:
    """Make the data folder, closed to others."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def made_once(path: Path, make: Callable[[], str]) -> str:
    """The text kept in `path` (0600); made on first use, once even when several processes ask at once."""
    while True:
        try:
            kept = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            kept = ""
        if kept:
            return kept
        make_data_folder(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make() + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            if not path.read_text(encoding="utf-8").strip():
                path.unlink()
        finally:
            draft.unlink()
