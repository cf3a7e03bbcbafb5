"""Cells that no spreadsheet takes for a formula, and what they meant. Pure."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. What looks as if it had been made safe is marked once more."""
    if cell.startswith(FORMULA) or (cell.startswith("'") and cell.lstrip("'").startswith(FORMULA)):
        return "'" + cell
    return cell


def as_meant(cell: str) -> str:
    """A cell without the mark an export put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
