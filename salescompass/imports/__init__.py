"""What comes from files, and what goes into them."""

from salescompass.imports.asked_lists import AskedList
from salescompass.imports.batches import BatchView, Counts
from salescompass.imports.export_work import work_on_export
from salescompass.imports.exporting import ExportReport, export_file
from salescompass.imports.folders import MOST_BYTES
from salescompass.imports.importers import KINDS
from salescompass.imports.inspecting import ColumnLook, Inspection
from salescompass.imports.keeping import forget_old
from salescompass.imports.kept_maps import KeptMap, forget_map, keep_map, kept_maps, rename_map
from salescompass.imports.list_exports import (
    ExportView,
    ask_for_list,
    exported_file,
    my_export,
    my_exports,
    stop_export,
)
from salescompass.imports.mapping import Column, ColumnMap, Suggestion, read_map
from salescompass.imports.new_fields import NEW as NEW_FIELDS
from salescompass.imports.safe_cells import as_text
from salescompass.imports.service import ImportReport, import_file
from salescompass.imports.uploads import (
    batch,
    before,
    cancel,
    check,
    choose,
    errors_file,
    imports,
    inspect,
    stage,
    start,
    undo,
)
from salescompass.imports.work import work

__all__ = [
    "KINDS",
    "MOST_BYTES",
    "NEW_FIELDS",
    "AskedList",
    "BatchView",
    "Column",
    "ColumnLook",
    "ColumnMap",
    "Counts",
    "ExportReport",
    "ExportView",
    "ImportReport",
    "Inspection",
    "KeptMap",
    "Suggestion",
    "as_text",
    "ask_for_list",
    "batch",
    "before",
    "cancel",
    "check",
    "choose",
    "errors_file",
    "export_file",
    "exported_file",
    "forget_map",
    "forget_old",
    "import_file",
    "imports",
    "inspect",
    "keep_map",
    "kept_maps",
    "my_export",
    "my_exports",
    "read_map",
    "rename_map",
    "stage",
    "start",
    "stop_export",
    "undo",
    "work",
    "work_on_export",
]
