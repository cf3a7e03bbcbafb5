"""Workbooks are read like CSV files; what is dangerous in them is refused in clear words."""

from __future__ import annotations

import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from salescompass.imports.reading import BrokenRow, Reading, open_table
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import FileRow


def made(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("Other").append(["only"])
    book.save(path)
    return path


def test_a_workbook_is_rows_of_text(tmp_path: Path) -> None:
    file = made(
        tmp_path / "a.xlsx",
        ["Name", "Since", "At", "Employees", "Share", "Active", None],
        ["Åsa", date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), 12, 0.5, True],
        [None] * 6,
        ["Bo", None, None, 1.0, None, None],
        ["Too", "many", "", "", "", "", "cells"],
    )
    with open_table(file) as table:
        assert table.columns == ("name", "since", "at", "employees", "share", "active")
        assert table.headers[0] == "Name"
        assert table.sheets == ("Sheet", "Other")
        first, second, third = table.rows
    assert isinstance(first, FileRow)
    assert list(first.cells.values()) == ["Åsa", "2024-02-29", "2024-02-29 08:30:00", "12", "0.5", "true"]
    assert isinstance(second, FileRow)
    assert second.cells["employees"] == "1"
    assert isinstance(third, BrokenRow)
    with open_table(file, Reading(sheet="Other")) as table:
        assert table.columns == ("only",)


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    with open_table(made(tmp_path / "sheet.csv", ["a"], ["1"])) as table:
        assert len(list(table.rows)) == 1


def test_other_archives_and_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(Invalid, match=r"no \.xlsx workbook"), open_table(file):
        pass
    whole = made(tmp_path / "b.xlsx", ["a"], ["1"]).read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Invalid, match="damaged"), open_table(file):
        pass
    with pytest.raises(Invalid, match="empty"), open_table(made(file, [])):
        pass
    with pytest.raises(Invalid, match="no sheet Nowhere"), open_table(made(file, ["a"]), Reading(sheet="Nowhere")):
        pass


def bomb(path: Path, part: str, *pieces: bytes) -> Path:
    """A workbook of which one part is what the pieces say."""
    made(path, ["a"], ["1"])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != part:
                archive.writestr(name, content)
        with archive.open(part, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
    return path


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    zeros = [bytes(4_194_304)] * 20
    for name, pieces in (("xl/worksheets/sheet1.xml", zeros), ("xl/sharedStrings.xml", zeros)):
        file = bomb(tmp_path / "bomb.xlsx", name, *pieces)
        tracemalloc.start()
        with pytest.raises(Invalid, match="unpacks to"), open_table(file):
            pass
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()


def test_an_endless_cell_and_entities_are_refused(tmp_path: Path) -> None:
    noise = bytes(48 + (n * n) % 10 for n in range(1_048_576))
    start = b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    file = bomb(tmp_path / "cell.xlsx", "xl/worksheets/sheet1.xml", start, noise)
    with pytest.raises(Invalid, match="longer than a MB"), open_table(file):
        pass
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    file = bomb(tmp_path / "entity.xlsx", "xl/worksheets/sheet1.xml", declared)
    with pytest.raises(Invalid, match="entities"), open_table(file):
        pass
