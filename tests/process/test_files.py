"""`compass import` and `compass export`: one object on stdout, every row accounted for, out and in again unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from salescompass import identity
from tests.imports.test_record_files import COMPANIES, DEALS, PRODUCTS, TEAMS
from tests.process.conftest import Done

Compass = Callable[..., Done]
FILES = {"users": TEAMS, "products": PRODUCTS, "accounts": COMPANIES, "opportunities": DEALS}


@pytest.fixture(scope="module")
def there(servers: dict[str, str]) -> str:
    """The tenant of this module."""
    slug = f"t{uuid4().hex[:10]}"
    identity.create_tenant(
        name="Files", slug=slug, admin_email=f"admin@{slug}.example", admin_password="several plain words 27"
    )
    return slug


def test_a_company_comes_in_goes_out_and_comes_in_unchanged(compass: Compass, there: str, tmp_path: Path) -> None:
    for kind, lines in FILES.items():
        file = tmp_path / f"{kind}.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        done = compass("import", kind, str(file), "--tenant", there, "--json")
        assert done.code == 0, done
        told = done.json
        assert told["created"] + told["updated"] + told["skipped"] + told["failed"] == told["rows"] == len(lines) - 1
        assert told["created"] == told["rows"]
    assert told["unknown"] == {"owners": {"Nobody Known": 1}, "products": {"GTXBasic": 1}}
    out = tmp_path / "out.xlsx"
    written = compass("export", "opportunities", str(out), "--tenant", there, "--json")
    assert (written.code, written.json["rows"]) == (0, 4)
    again = compass("import", "opportunities", str(out), "--tenant", there)
    assert again.code == 0
    assert again.out.startswith("0 created, 0 updated, 4 skipped, 0 failed")


def test_options_say_how(compass: Compass, there: str, tmp_path: Path) -> None:
    file, mapping = tmp_path / "a.csv", tmp_path / "map.json"
    file.write_text("Firma;Kontakt\nZoë AG;x\nBo AG;y\n", encoding="cp1252")
    mapping.write_text(json.dumps({"columns": {"Firma": "name"}}))
    options = ("--tenant", there, "--map", str(mapping), "--key", "name", "--mode", "insert", "--json")
    done = compass("import", "accounts", str(file), *options)
    assert done.code == 0, done
    assert (done.json["created"], done.json["ignored_columns"]) == (2, ["Kontakt"])
    done = compass("import", "accounts", str(file), *options)
    assert (done.code, done.json["skipped"]) == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        (("import", "spaceships", "FILE"), 1, "kind"),
        (("import", "accounts", "FILE", "--mode", "replace"), 2, "mode"),
        (("import", "accounts", "FILE", "--map", "FILE"), 2, "map"),
        (("import", "accounts", "FILE", "--key", "colour"), 1, "key"),
        (("export", "accounts", "/nowhere/a.csv"), 2, "file"),
        (("export", "accounts", "/tmp/a.pdf"), 1, "file"),
    ],
)
def test_wrong_use_is_one_object_and_a_code(
    compass: Compass, there: str, tmp_path: Path, arguments: tuple[str, ...], code: int, field: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name\nAcme\n")
    given = [str(file) if one == "FILE" else one for one in arguments]
    done = compass(*given, "--tenant", there, "--json")
    assert (done.code, done.json["error"]["field"]) == (code, field), done
