"""Files that mean harm, or came to harm: clear words, nothing half-done, and the memory stays where it was."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook

from salescompass.imports import import_file
from salescompass.imports.folders import folder
from salescompass.kit.errors import Invalid
from salescompass.kit.settings import CHECKOUT

Rows = Callable[[str], list[tuple[object, ...]]]

MEASURE = """
import json, resource, sys
from pathlib import Path
from uuid import UUID
from salescompass.imports import import_file
small, large, tenant = Path(sys.argv[1]), Path(sys.argv[2]), UUID(sys.argv[3])
import_file(tenant, "contacts", small)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = {}
try:
    report = import_file(tenant, "contacts", large)
    told = {"rows": report.rows, "failed": report.failed, "created": report.created}
except Exception as error:
    told = {"refused": str(error)}
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({**told, "grew": after - before}))
"""
Made = Callable[[Path, int], Path]


def people(path: Path, megabytes: int) -> int:
    """A file of people without addresses, of which one has one: how many rows it has."""
    line = "Somebody with a rather long name,this is no address,A town far away from everywhere,{}\n"
    n = megabytes * 1_048_576 // len(line)
    with path.open("w", encoding="utf-8") as out:
        out.write("Name,Email,City,Phone\n")
        for start in range(0, n, 10_000):
            out.write("".join(line.format(number) for number in range(start, min(start + 10_000, n))))
        out.write("Ada,ada@a.example,Town,\n")
    return n + 1


def measured(tenant: UUID, small: Path, large: Path) -> dict[str, Any]:
    """What became of the large file, and how many KB the process grew by it."""
    command = [sys.executable, "-c", MEASURE, str(small), str(large), str(tenant)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def endless(folder: Path, megabytes: int) -> Path:
    """A file of which one line never ends."""
    with (folder / "endless.csv").open("w", encoding="utf-8") as out:
        out.write("Name,Email\nBo,bo@a.example\n")
        for _ in range(megabytes):
            out.write("x" * 1_048_576)
    return folder / "endless.csv"


def headless(folder: Path, megabytes: int) -> Path:
    """A file of one line, and no more."""
    with (folder / "headless.csv").open("wb") as out:
        for _ in range(megabytes):
            out.write(b"x" * 1_048_576)
    return folder / "headless.csv"


def mixed(folder: Path, megabytes: int) -> Path:
    """A file whose lines are partly of another encoding than it says."""
    good, bad = "Zoë Müller,no address,Östersund\n".encode(), b"J\xf6rg,no address,K\xf6ln\n"
    with (folder / "mixed.csv").open("wb") as out:
        out.write(b"\xef\xbb\xbfName,Email,City\n")
        for _ in range(megabytes * 1_048_576 // (30 * len(good) + len(bad))):
            out.write(good * 30 + bad)
    return folder / "mixed.csv"


def wide(folder: Path, megabytes: int) -> Path:
    """A file of two bytes a letter, and no mark that says so."""
    line = "Zoë Müller,no address,Östersund\n"
    with (folder / "wide.csv").open("wb") as out:
        out.write("Name,Email,City\n".encode("utf-16-le"))
        for _ in range(megabytes * 1_048_576 // (2 * len(line) * 1000)):
            out.write((line * 1000).encode("utf-16-le"))
    return folder / "wide.csv"


def bomb(folder: Path, megabytes: int) -> Path:
    """A workbook whose one sheet unpacks to a hundred times its size and more."""
    file = folder / "bomb.xlsx"
    book = Workbook()
    book.active.append(["Name", "Email"])
    book.save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.xml", "w") as out:
        for _ in range(megabytes * 10):
            out.write(bytes(1_048_576))
    return file


@pytest.mark.parametrize("megabytes", [3, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("make", "words", "created"),
    [(endless, "", 1), (headless, "longer than", 0), (mixed, "", 0), (wide, "", 0), (bomb, "unpacks to", 0)],
)
def test_a_hostile_file_takes_no_memory_and_leaves_nothing_half_done(
    tenant: UUID, tmp_path: Path, rows_of: Rows, make: Made, words: str, created: int, megabytes: int
) -> None:
    small = tmp_path / "small.csv"
    people(small, 1)
    told = measured(tenant, small, make(tmp_path, megabytes))
    rows = told.get("rows", 0)
    assert told["grew"] * 1024 < 24_000_000 + 64 * rows, told
    if words:
        assert words in told["refused"]
    else:
        assert (told["created"], told["created"] + told["failed"]) == (created, rows), told
    # Ada is the small file's; of the hostile one there is what its numbers say, and no draft of anything.
    assert rows_of("SELECT count(*) FROM person") == [(1 + created,)]
    assert not [one for one in folder(tenant).iterdir() if one.suffix == ".part"]


@pytest.mark.parametrize("megabytes", [10, pytest.param(100, marks=pytest.mark.slow)])
def test_a_large_file_takes_no_more_memory_than_a_small_one(tenant: UUID, tmp_path: Path, megabytes: int) -> None:
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    people(small, 1)
    rows = people(large, megabytes)
    told = measured(tenant, small, large)
    assert (told["rows"], told["failed"]) == (rows, rows - 1)
    # What grows is the table of keys: some 32 bytes a row.
    assert told["grew"] * 1024 < 16_000_000 + 64 * rows


def test_a_line_without_end_is_one_row_that_failed(tenant: UUID, tmp_path: Path, rows_of: Rows) -> None:
    file = tmp_path / "endless.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("Name,Email\nAda,ada@a.example\n")
        for _ in range(40):
            out.write("x" * 1_048_576)
        out.write("\nBo,bo@a.example\n")
    report = import_file(tenant, "contacts", file)
    assert (report.rows, report.created, report.failed) == (3, 2, 1)
    assert rows_of("SELECT name FROM person ORDER BY name") == [("Ada",), ("Bo",)]


def test_zero_bytes_and_letters_of_another_encoding_cost_their_own_row(tenant: UUID, tmp_path: Path) -> None:
    file = tmp_path / "mixed.csv"
    good = "Zoë Müller,zoe@a.example\nÅsa Öberg,asa@a.example\n".encode("utf-8-sig")
    bad = b"J\xf6rg,joerg@a.example\nN\0ul,nul@a.example\n"
    file.write_bytes(b"\xef\xbb\xbfName,Email\n" + good[3:] + bad)
    report = import_file(tenant, "contacts", file)
    assert (report.created, report.failed) == (2, 2)
    told = Path(report.errors_file or "").read_text(encoding="utf-8-sig")
    assert "zero byte" in told
    assert "another encoding" in told


def test_formulas_are_text_and_go_out_marked(tenant: UUID, tmp_path: Path, rows_of: Rows) -> None:
    file = tmp_path / "formulas.csv"
    file.write_text('Name,Email\n"=HYPERLINK(""http://evil.example"")",a@a.example\n@SUM(1),no address\n')
    report = import_file(tenant, "contacts", file)
    assert rows_of("SELECT name FROM person") == [('=HYPERLINK("http://evil.example")',)]
    assert "'@SUM(1)" in Path(report.errors_file or "").read_text(encoding="utf-8-sig")


def test_two_headers_and_keys_twice_are_told(tenant: UUID, tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    file.write_text("Name,Email\nAda,ada@a.example\nName,Email\nEve,ADA@a.example\n")
    report = import_file(tenant, "contacts", file)
    assert (report.rows, report.created, report.failed) == (3, 1, 2)
    told = Path(report.errors_file or "").read_text(encoding="utf-8-sig")
    assert "it repeats the header" in told
    assert "row 2 of this file has the same email" in told
    file.write_text("Name,Email,Email\nAda,a,b\n")
    with pytest.raises(Invalid, match="email is there 2 times"):
        import_file(tenant, "contacts", file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"x" * 3_000_000, "longer than"),
        (b"%PDF-1.7\n1,2", "PDF"),
        (bytes(4096), "zero bytes"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    tenant: UUID, tmp_path: Path, rows_of: Rows, content: bytes, words: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=words):
        import_file(tenant, "contacts", file)
    assert rows_of("SELECT count(*) FROM import_batch") == [(0,)]
    assert list(folder(tenant).iterdir()) == []


def test_a_workbook_that_unpacks_to_too_much_changes_nothing(tenant: UUID, tmp_path: Path, rows_of: Rows) -> None:
    file = tmp_path / "bomb.xlsx"
    book = Workbook()
    book.active.append(["Name", "Email"])
    book.save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/a.xml", "w") as out:
        for _ in range(32):
            out.write(bytes(4_194_304))
    with pytest.raises(Invalid, match="unpacks to"):
        import_file(tenant, "contacts", file)
    assert rows_of("SELECT count(*) FROM person") == [(0,)]
