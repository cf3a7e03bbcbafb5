"""The rows that failed, each with its reason, as a CSV file to mend and import again."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from uuid import UUID

from salescompass.imports.safe_cells import as_text
from salescompass.kit.clock import now
from salescompass.kit.settings import settings


class ErrorsFile:
    """Made when the first row fails; appears under its name when the import is done."""

    def __init__(self, tenant_id: UUID, source: Path, columns: Sequence[str]) -> None:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", source.stem)[:60] or "file"
        self._path = settings().data / "imports" / str(tenant_id) / f"{now():%Y%m%d-%H%M%S%f}-{name}-errors.csv"
        self._columns = columns
        self._file: TextIO | None = None

    def add(self, number: int, cells: Sequence[str], reason: str) -> None:
        """Note a row that failed."""
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="", errors="replace")
            csv.writer(self._file).writerow(["row", "reason", *map(as_text, self._columns)])
        csv.writer(self._file).writerow([number, as_text(reason), *map(as_text, cells)])

    def finish(self) -> Path | None:
        """The finished file, or None when no row failed."""
        if self._file is None:
            return None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.rename(self._path)
        return self._path

    def discard(self) -> None:
        """Leave nothing behind of an import that broke off."""
        if self._file is not None and not self._file.closed:
            self._file.close()
            self._draft.unlink(missing_ok=True)

    @property
    def _draft(self) -> Path:
        return self._path.with_suffix(".part")
