"""CSV files as they come."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salescompass.imports.detecting import delimiter_of
from salescompass.imports.reading import BrokenRow, open_table
from salescompass.imports.safe_cells import as_meant, as_text
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import FileRow

TEXT = "name,city\nÅsa,Malmö\n"


def rows(path: Path) -> list[FileRow | BrokenRow]:
    with open_table(path) as table:
        return list(table.rows)


def cells(path: Path) -> list[dict[str, str]]:
    return [dict(row.cells) for row in rows(path) if isinstance(row, FileRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_letters_are_read_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes((TEXT + "Zoë,Łódź\n" * (encoding != "cp1252")).encode(encoding))
    assert cells(file)[0] == {"name": "Åsa", "city": "Malmö"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TEXT.replace(",", delimiter), encoding="utf-8")
    assert cells(file) == [{"name": "Åsa", "city": "Malmö"}]
    assert delimiter_of('"a;b;c",d') == ","


def test_quotes_line_ends_and_empty_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b'A,"Last  Name"\r\n"x, y","two\r\nlines"\r\n\r\n"say ""hi""",\r\n')
    assert cells(file) == [{"a": "x, y", "last_name": "two\r\nlines"}, {"a": 'say "hi"', "last_name": ""}]


def test_rows_that_do_not_fit_are_told_with_their_number(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n3\n4,5,6\n" + "x" * 200_000 + ",y\n7,8\n", encoding="utf-8")
    found = rows(file)
    assert [row.number for row in found] == [2, 3, 4, 5, 6]
    assert [type(row) for row in found] == [FileRow, BrokenRow, BrokenRow, BrokenRow, FileRow]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("a,b\n")
        for _ in range(64):
            out.write("x" * 1_048_576)
        out.write("\n1,2\n")
    broken, good = rows(file)
    assert isinstance(broken, BrokenRow)
    assert "longer than" in broken.reason
    assert isinstance(good, FileRow)
    file.write_text("x" * 3_000_000, encoding="utf-8")
    with pytest.raises(Invalid, match="longer than"):
        rows(file)


@pytest.mark.parametrize("content", ["", "\n", "a,a\n1,2\n"])
def test_a_file_without_good_columns_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid):
        rows(file)


def test_a_digest_is_of_the_row_and_its_count(tmp_path: Path) -> None:
    file, turned = tmp_path / "a.csv", tmp_path / "b.csv"
    file.write_text("a,b\n1,2\n1,2\n2,1\n", encoding="utf-8")
    turned.write_text("a,b\n2,1\n1,2\n1,2\n", encoding="utf-8-sig")
    first = [row.digest for row in rows(file) if isinstance(row, FileRow)]
    assert len(set(first)) == 3
    assert sorted(first) == sorted(row.digest for row in rows(turned) if isinstance(row, FileRow))


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    try:
        found = rows(file)
    except Invalid as refused:
        assert refused.message  # noqa: PT017
        return
    assert [row.number for row in found] == list(range(2, len(found) + 2))


@given(st.text())
def test_a_cell_that_went_out_safely_comes_back_as_it_was(text: str) -> None:
    out = as_text(text)
    assert not out.startswith(("=", "+", "-", "@", "\t", "\r"))
    if not text.startswith("'"):
        assert as_meant(out) == text


@pytest.mark.parametrize("rest", ['4,5\n"6",7\n', "4,5\n6,7\n", "4,5\n6,7"])
def test_a_quote_that_is_not_closed_costs_its_own_row_only(tmp_path: Path, rest: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n"two\nlines",1\n2,"3\n' + rest, encoding="utf-8")
    first, broken, *others = rows(file)
    assert isinstance(first, FileRow)
    assert first.cells["a"] == "two\nlines"
    assert broken == BrokenRow(3, ("2", "3"), "a quote is not closed")
    assert [dict(row.cells) for row in others if isinstance(row, FileRow)] == [
        {"a": "4", "b": "5"},
        {"a": "6", "b": "7"},
    ]


def test_a_quote_left_open_in_a_large_file_loses_no_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,"2\n' + "3,4\n" * 100_000 + '5,"6', encoding="utf-8")
    found = rows(file)
    assert len(found) == 100_002
    assert [row.number for row in found if isinstance(row, BrokenRow)] == [2, 100_003]


@pytest.mark.parametrize("header", ["a," + "x" * 200_000, 'a,"b'])
def test_a_header_that_cannot_be_read_is_told(tmp_path: Path, header: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(header + "\n1,2\n", encoding="utf-8")
    with pytest.raises(Invalid, match="first line must name the columns"):
        rows(file)


def test_empty_lines_before_the_header_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\xef\xbb\xbf\r\n \r\na;b\r\n1;2\r\n")
    assert cells(file) == [{"a": "1", "b": "2"}]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        rows(tmp_path)


def test_a_quote_left_open_before_an_endless_line_costs_each_its_own_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,"2\n3,4\n' + "x" * 3_000_000 + "\n5,6\n", encoding="utf-8")
    assert [type(row) for row in rows(file)] == [BrokenRow, FileRow, BrokenRow, FileRow]


def test_rows_that_cannot_be_trusted_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = [b"name,town", "Zoë,Zürich".encode(), b"nul\0,x", "Åsa,Malmö".encode(), "José,Cádiz".encode("cp1252")]
    file.write_bytes(b"\n".join([*lines, b"Name,Town", b"a,b"]))
    found = rows(file)
    assert [row.reason for row in found if isinstance(row, BrokenRow)] == [
        "it holds a zero byte",
        "it holds letters of another encoding than the rest of the file",
        "it repeats the header",
    ]
    assert [type(row) for row in found] == [FileRow, BrokenRow, FileRow, BrokenRow, BrokenRow, FileRow]
