"""What comes from files."""

from salescompass.imports.service import IMPORTERS, ImportReport, import_file

__all__ = ["IMPORTERS", "ImportReport", "import_file"]
