"""What comes from files, and what goes into them."""

from salescompass.imports.exporting import ExportReport, export_file
from salescompass.imports.importers import KINDS
from salescompass.imports.mapping import Column, ColumnMap, Suggestion, read_map
from salescompass.imports.service import ImportReport, import_file

__all__ = [
    "KINDS",
    "Column",
    "ColumnMap",
    "ExportReport",
    "ImportReport",
    "Suggestion",
    "export_file",
    "import_file",
    "read_map",
]
