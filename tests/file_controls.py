"""Files of each kind that can be imported, from a tenant's own names, one row each; and what is done with files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from salescompass import imports
from tests.world import World

FILES: dict[str, Callable[[World], str]] = {
    "users": lambda w: f"name\n{MARKED} of {w.slug}\n",
    "products": lambda w: f"product,sales_price\n{MARKED} of {w.slug},1\n",
    "accounts": lambda w: f"account,owner\n{MARKED} of {w.slug},{w.email}\n",
    "contacts": lambda w: f"email,owner\n{MARKED}@{w.slug}-file.example,{w.email}\n",
    "leads": lambda w: f"external id,company\n{MARKED}-{w.slug},{MARKED} of {w.slug}\n",
    "opportunities": lambda w: f"opportunity id,owner,stage\n{MARKED}-{w.slug},{w.email},{MARKED}\n",
    "events": lambda w: (
        f"occurred_at,person_email,activity\n2026-01-05T10:00:00Z,{MARKED}@{w.slug}-buyer.example,commit\n"
    ),
}
MARKED = "canary"


def _of(called: str, **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda w: {"batch_id": w.ids[called], **more}


FILE_VERBS: dict[str, Callable[[World], dict[str, Any]]] = {
    "identity.take_members_back": _of("brought"),
    "imports.ask_for_list": lambda w: {"asked": imports.AskedList("accounts")},
    "imports.batch": _of("upload"),
    "imports.before": _of("waiting_upload"),
    "imports.cancel": _of("upload"),
    "imports.check": _of("upload"),
    "imports.choose": _of("upload", mapping=imports.read_map({"account": "name"})),
    "imports.errors_file": _of("done_upload"),
    "imports.export_file": lambda w: {"kind": "accounts", "path": Path(tempfile.mkdtemp()) / "accounts.csv"},
    "imports.exported_file": lambda w: {"export_id": w.ids["export"]},
    "imports.forget_map": lambda w: {"map_id": w.ids["kept_map"]},
    "imports.forget_old": lambda w: {"now": w.at + timedelta(days=30)},
    "imports.imports": lambda w: {},
    "imports.inspect": _of("upload"),
    "imports.keep_map": _of("upload", name="More"),
    "imports.kept_maps": lambda w: {"kind": "accounts"},
    "imports.my_export": lambda w: {"export_id": w.ids["export"]},
    "imports.my_exports": lambda w: {},
    "imports.rename_map": lambda w: {"map_id": w.ids["kept_map"], "name": "Other"},
    "imports.stage": lambda w: {"kind": "accounts", "file_name": "more.csv", "pieces": [b"name\nMore"]},
    "imports.start": _of("upload"),
    "imports.stop_export": lambda w: {"export_id": w.ids["export_open"]},
    "imports.undo": _of("done_upload"),
}
