"""The rows that failed, each with its reason, as a CSV file to mend and import again."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from uuid import UUID

from salescompass.imports.folders import folder
from salescompass.imports.safe_cells import as_text


def errors_path(tenant_id: UUID, batch_id: UUID) -> Path:
    """Where the failed rows of an import stand when it is done."""
    return folder(tenant_id) / f"{batch_id}-errors.csv"


def settle(tenant_id: UUID, batch_id: UUID, size: int) -> None:
    """End the file of an import that broke off: up to this size it tells of rows that count, what follows goes."""
    path = errors_path(tenant_id, batch_id)
    draft = path.with_suffix(".part")
    if not draft.exists():
        return
    if size:
        os.truncate(draft, size)
        draft.rename(path)
    else:
        draft.unlink()


class ErrorsFile:
    """Made when the first row fails; appears under its name when the import is done.

    An import that goes on after an interruption gives the size up to which the file told of rows that count.
    """

    def __init__(self, tenant_id: UUID, batch_id: UUID, columns: Sequence[str], size: int = 0) -> None:
        self._path = errors_path(tenant_id, batch_id)
        self._draft = self._path.with_suffix(".part")
        self._columns = columns
        self._file: TextIO | None = None
        if size:
            os.truncate(self._draft, size)
            self._file = self._draft.open("a", encoding="utf-8", newline="", errors="replace")
        else:
            self._draft.unlink(missing_ok=True)

    def add(self, number: int, cells: Sequence[str], reason: str) -> None:
        """Note a row that failed."""
        if self._file is None:
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="", errors="replace")
            self._file.write("\ufeff")
            csv.writer(self._file).writerow(["row", "reason", *map(as_text, self._columns)])
        csv.writer(self._file).writerow([number, as_text(reason), *map(as_text, cells)])

    def size(self) -> int:
        """How much of it is on disk now."""
        if self._file is None:
            return 0
        self._file.flush()
        return os.fstat(self._file.fileno()).st_size

    def back_to(self, size: int) -> None:
        """Forget rows that were noted since: their batch did not happen."""
        if self._file is not None and self.size() > size:
            self._file.close()
            self._file = None
            if size:
                os.truncate(self._draft, size)
                self._file = self._draft.open("a", encoding="utf-8", newline="", errors="replace")
            else:
                self._draft.unlink()

    def finish(self) -> Path | None:
        """The finished file, or None when no row failed."""
        if self._file is None:
            return None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self._path)
        return self._path

    def close(self) -> None:
        """Close it, to go on with it later."""
        if self._file is not None and not self._file.closed:
            self._file.close()

    def discard(self) -> None:
        """Leave nothing behind of an import that broke off."""
        self.close()
        self._draft.unlink(missing_ok=True)
