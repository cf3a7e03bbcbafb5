"""How a file is written, found from what stands in it."""

from __future__ import annotations

import io

import pytest

from salescompass.imports.detecting import DateColumn, date_column, decimal_mark, encoding_of, missing_words
from salescompass.kit.errors import Invalid

NAMES = "name,town\nÅsa Öberg,Malmö\nJosé Muñoz,Cádiz\nZoë Müller,Zürich\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_the_encoding_is_found(encoding: str, found: str) -> None:
    assert encoding_of(io.BytesIO(NAMES.encode(encoding))) == found


def test_an_encoding_is_found_by_the_whole_file() -> None:
    late = b"a,b\n" + b"plain,text\n" * 100_000
    assert encoding_of(io.BytesIO(late + "Zoë,Zürich\n".encode())) == "utf-8"
    assert encoding_of(io.BytesIO(late + "Zoë,Zürich\nJosé,Cádiz\n".encode("cp1252"))) == "cp1252"
    mixed = late + "Łódź,Zürich\n".encode() * 9 + "Zoë\n".encode("cp1252")
    assert encoding_of(io.BytesIO(mixed)) == "utf-8"


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd0\xcf\x11\xe0", "old Excel"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", "web page"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(5000), "zero bytes"),
    ],
)
def test_what_is_no_table_is_told_by_what_it_is(start: bytes, what: str) -> None:
    with pytest.raises(Invalid, match=what):
        encoding_of(io.BytesIO(start))


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["20-10-2016", "01-03-2017"], ("dmy",)),
        (["10/20/2016", "01/03/2017"], ("mdy",)),
        (["01/03/2017", "02/03/2017"], ("dmy", "mdy")),
        (["01/01/2017", "02/02/2017"], ("dmy",)),
        (["20/10/2016", "10/20/2016"], ()),
        (["2016-10-20", ""], ("ymd",)),
        (["GTX Pro", "1,054"], ()),
        ([], ()),
    ],
)
def test_the_order_of_dates_is_found_or_asked_for(cells: list[str], orders: tuple[str, ...]) -> None:
    found = date_column(cells)
    assert found.orders == orders
    assert found.unsure is (len(orders) > 1)
    assert isinstance(found, DateColumn)


@pytest.mark.parametrize(
    ("cells", "delimiter", "mark"),
    [
        (["1.5", "2"], ",", "."),
        (["1,5", "2"], ";", ","),
        (["1.234,50"], ",", ","),
        (["1,234.50"], ";", "."),
        (["1,234"], ",", "."),
        (["1.234"], ";", ","),
        ([], ",", "."),
    ],
)
def test_the_decimal_mark_is_found(cells: list[str], delimiter: str, mark: str) -> None:
    assert decimal_mark(cells, delimiter) == mark


def test_words_that_stand_for_nothing_are_found() -> None:
    assert missing_words(["Select", "Mumbai", "", "N/A"]) == ("N/A", "Select")


@pytest.mark.parametrize("text", ["Firma;Ort\nZoë AG;x\n", "Zoë\n", "a,b\nJosé,1\nMünchen,2\nÅsa,3\n"])
def test_a_few_accents_are_western(text: str) -> None:
    assert encoding_of(io.BytesIO(text.encode("cp1252"))) == "cp1252"


def test_other_scripts_are_found() -> None:
    russian = "имя,город\n" + "Иван Петров,Санкт-Петербург\n" * 30
    found = encoding_of(io.BytesIO(russian.encode("cp1251")))
    assert russian.encode("cp1251").decode(found) == russian
