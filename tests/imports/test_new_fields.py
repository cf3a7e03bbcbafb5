"""Columns that become fields of the tenant's own, and imports that take turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from salescompass import crm, identity, imports
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Denied, Invalid
from tests.imports.steps import finished, staged
from tests.imports.test_record_files import COMPANIES, PRODUCTS

Files = Callable[..., Path]


def test_a_column_that_nothing_is_like_becomes_a_field_of_its_own(
    tenant: UUID, do: Callable[..., Any], file_of: Files
) -> None:
    lines = ("Name,Email,Shoe Size,Likes", "Ada,ada@x.example,42,tea", "Bo,bo@x.example,,tea")
    batch_id = staged(do, "contacts", *lines)
    look = do(imports.inspect, batch_id=batch_id)
    assert [one.field for one in look.columns] == ["name", "email", None, None]
    columns = {**look.mapping.columns, "shoe_size": imports.Column("new.number"), "likes": imports.Column("new.text")}
    told = replace(look.mapping, columns=columns)
    found = do(imports.choose, batch_id=batch_id, mapping=told).mapping.columns
    assert (found["shoe_size"].field, found["likes"].field) == ("custom.shoe_size", "custom.likes")
    do(imports.start, batch_id=batch_id)
    finished(tenant, do, batch_id)
    with tenant_session(tenant) as session:
        ada, bo = crm.list_records(session, "contacts", sort="name").items
        assert (ada.custom, bo.custom) == ({"shoe_size": 42.0, "likes": "tea"}, {"likes": "tea"})
    again = imports.import_file(tenant, "contacts", file_of(*lines), mapping=told)
    assert again.skipped == 2
    with pytest.raises(Invalid, match="no fields of your own"):
        imports.import_file(tenant, "events", file_of("at,x", "1,2"), mapping=imports.read_map({"x": "new.text"}))


def test_new_fields_need_the_right_to_define_them(tenant: UUID, admin: identity.Actor, do: Callable[..., Any]) -> None:
    batch_id = staged(do, "contacts", "Name,Likes", "Ada,tea")
    manager = replace(admin, permissions=identity.BUILT_IN["manager"][1])
    told = imports.read_map({"Name": "name", "Likes": "new.text"})
    with tenant_session(tenant) as session, pytest.raises(Denied, match=r"records\.manage"):
        imports.choose(session, manager, batch_id=batch_id, mapping=told)


def test_an_import_that_waits_says_for_which(tenant: UUID, do: Callable[..., Any]) -> None:
    first = staged(do, "accounts", *COMPANIES, name="firms.csv")
    second = staged(do, "products", *PRODUCTS, name="products.csv")
    do(imports.start, batch_id=first)
    assert do(imports.before, batch_id=first) is None
    do(imports.start, batch_id=second)
    assert do(imports.before, batch_id=second) == "firms.csv"
    finished(tenant, do, second)
    assert do(imports.before, batch_id=second) is None
