"""An import as it is listed and as its page shows it, made while the database is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from salescompass.imports import BatchView, Counts, KeptMap
from salescompass.ui import routes

KINDS = {
    "accounts": ("Accounts", "Companies, with their domains, owners and facts."),
    "contacts": ("Contacts", "People at customers, known by their address."),
    "leads": ("Leads", "People nobody has spoken with yet."),
    "opportunities": ("Deals", "What customers may buy: amounts, stages, dates."),
    "products": ("Products", "What you sell, with prices."),
    "events": ("Events", "What customers did: one row for each act."),
    "users": ("Users", "Colleagues, their roles, managers and teams."),
}
"""Kinds of files as people call them, and what such a file holds."""
_STATES = {
    "uploaded": ("Not started", "", "file-text"),
    "checking": ("Being checked", "info", "clock"),
    "checked": ("Checked", "info", "list-checks"),
    "running": ("Running", "info", "play"),
    "cancelling": ("Stopping", "warning", "clock"),
    "cancelled": ("Stopped", "warning", "ban"),
    "done": ("Done", "success", "circle-check"),
    "failed": ("Broke off", "danger", "circle-x"),
    "undoing": ("Being undone", "info", "undo-2"),
    "undone": ("Undone", "", "undo-2"),
}
MOVING = ("checking", "running", "cancelling", "undoing")
_LEADS_TO = {
    "accounts": routes.ACCOUNTS, "contacts": routes.CONTACTS, "leads": routes.LEADS, "opportunities": routes.DEALS,
    "events": routes.FEED, "users": routes.USERS,
}  # fmt: skip


@dataclass(frozen=True)
class ImportRow:
    """An import as it is listed."""

    id: str = ""
    href: str = ""
    file: str = ""
    kind: str = ""
    who: str = ""
    at: str = ""
    word: str = ""
    tone: str = ""
    icon: str = ""
    counts: str = ""
    errors_href: str = ""
    undo_href: str = ""


@dataclass(frozen=True)
class ReasonRow:
    """Why rows fail or are skipped: how many, and the first of them."""

    failed: bool
    n: str
    reason: str
    row: str
    cells: str


@dataclass(frozen=True)
class Named:
    """A name that nothing fits, or something made beside, and how often."""

    what: str
    n: str


@dataclass(frozen=True)
class BatchLook:
    """The import that the address names. `step`: map, checking, preview, running, result."""

    id: str = ""
    href: str = ""
    map_href: str = ""
    kind: str = ""
    file: str = ""
    step: str = ""
    at: int = 0
    state: str = ""
    word: str = ""
    tone: str = ""
    icon: str = ""
    moving: bool = False
    waits: str = ""
    mapped: bool = False
    can_undo: bool = False
    error: str = ""
    created: str = "0"
    updated: str = "0"
    skipped: str = "0"
    failed: str = "0"
    done: str = "0"
    total: str = ""
    share: int = 0
    reasons: list[ReasonRow] = field(default_factory=list)
    beside: list[Named] = field(default_factory=list)
    unknown: list[Named] = field(default_factory=list)
    undone: str = ""
    errors_href: str = ""
    records_href: str = ""


@dataclass(frozen=True)
class KeptRow:
    """A kept mapping: what its rows are, and which columns become which fields."""

    id: str = ""
    name: str = ""
    kind: str = ""
    columns: str = ""
    rename_href: str = ""
    delete_href: str = ""


def kept_row(kept: KeptMap) -> KeptRow:
    """A kept mapping as it is listed."""
    columns = kept.mapping.columns or {}
    some = [f"{column} → {one.field.removeprefix('custom.')}" for column, one in list(columns.items())[:4]]
    more = f" and {len(columns) - 4} more" if len(columns) > 4 else ""
    return KeptRow(
        id=str(kept.id),
        name=kept.name,
        kind=KINDS[kept.kind][0],
        columns=", ".join(some) + more,
        rename_href=f"{routes.imports(mapping=str(kept.id))}#rename",
        delete_href=f"{routes.imports(mapping=str(kept.id))}#forget",
    )


def import_row(view: BatchView, names: Mapping[UUID, str]) -> ImportRow:
    """An import as it is listed."""
    word, tone, icon = _STATES[view.state]
    href = routes.imports(batch=str(view.id))
    return ImportRow(
        id=str(view.id),
        href=href,
        file=view.file_name,
        kind=KINDS[view.kind][0],
        who=names.get(view.created_by, "On the server") if view.created_by else "On the server",
        at=view.created_at.isoformat(),
        word=word,
        tone=tone,
        icon=icon,
        counts=_in_words(view.counts) if view.counts else "",
        errors_href=f"/files/imports/{view.id}/errors" if view.has_errors_file else "",
        undo_href=f"{href}#undo" if _can_undo(view) else "",
    )


def batch_look(view: BatchView, asked: str, before: str | None = None) -> BatchLook:
    """The import that the address names; `asked` is the step that the address asks for, `before` whose turn it is."""
    word, tone, icon = _STATES[view.state]
    step = _step(view, asked)
    dry = step in ("checking", "preview")
    counts = (view.preview if dry else view.counts) or Counts()
    total = counts.rows or (view.preview.rows or view.preview.done if view.preview and not dry else None)
    return BatchLook(
        id=str(view.id),
        href=routes.imports(batch=str(view.id)),
        map_href=routes.imports(batch=str(view.id), step="map"),
        kind=KINDS[view.kind][0],
        file=view.file_name,
        step=step,
        at={"map": 2, "checking": 3, "preview": 3}.get(step, 4),
        state=view.state,
        word=word,
        tone=tone,
        icon=icon,
        moving=view.state in MOVING,
        waits=f"{before} is being worked on. This import takes its turn by itself." if before else "",
        mapped=view.mapping.columns is not None,
        can_undo=_can_undo(view),
        error=view.error,
        created=f"{counts.created:,}",
        updated=f"{counts.updated:,}",
        skipped=f"{counts.skipped:,}",
        failed=f"{counts.failed:,}",
        done=f"{counts.done:,}",
        total=f"{total:,}" if total else "",
        share=min(100, counts.done * 100 // total) if total else 0,
        reasons=_reasons(counts),
        beside=_beside(counts),
        unknown=[
            Named(f"{what}: {name}", f"{n:,}")
            for what, found in counts.unknown.items()
            for name, n in sorted(found.items(), key=lambda one: -one[1])[:10]
        ],
        undone=_undone(view),
        errors_href=f"/files/imports/{view.id}/errors" if view.has_errors_file else "",
        records_href=_LEADS_TO.get(view.kind, ""),
    )


def _step(view: BatchView, asked: str) -> str:
    if view.state in ("checking", "running"):
        return view.state
    if view.state in ("cancelling", "undoing"):
        return "running"
    if view.state == "checked":
        return "map" if asked == "map" else "preview"
    if view.state == "uploaded" or (view.state == "failed" and view.counts is None):
        return "map"
    return "result"


def _can_undo(view: BatchView) -> bool:
    return view.state in ("done", "cancelled", "failed") and view.counts is not None and view.kind != "events"


def _in_words(counts: Counts) -> str:
    parts = [(counts.created, "created"), (counts.updated, "updated"), (counts.skipped, "skipped")]
    told = [f"{n:,} {word}" for n, word in (*parts, (counts.failed, "failed")) if n]
    return ", ".join(told) or "no rows"


def _undone(view: BatchView) -> str:
    if not view.undone:
        return ""
    kept = view.undone["kept"]
    rest = f" {kept:,} stayed, because somebody has gone on with them since." if kept else ""
    return f"{view.undone['undone']:,} records are as they were before.{rest}"


def _reasons(counts: Counts) -> list[ReasonRow]:
    found = sorted(counts.reasons.items(), key=lambda one: (one[1]["status"] != "failed", -one[1]["n"]))
    return [
        ReasonRow(
            told["status"] == "failed",
            f"{told['n']:,}",
            reason,
            str(told["row"]),
            " · ".join(c for c in told["cells"] if c),
        )
        for reason, told in found
    ]


def _beside(counts: Counts) -> list[Named]:
    made = [Named(f"{name.replace('_', ' ')} created beside", f"{n:,}") for name, n in counts.also_created.items() if n]
    return made + [
        Named(f"{name.replace('_', ' ')} updated beside", f"{n:,}") for name, n in counts.also_updated.items()
    ]
