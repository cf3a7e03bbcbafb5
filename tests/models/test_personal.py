"""Export and erasure can only reach what has joined the registry, so everything must join."""

from sqlalchemy import ARRAY, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import String
from sqlmodel.sql.sqltypes import AutoString

from salescompass.models import Table as Base
from salescompass.models.personal import IMPERSONAL, PERSONAL

TABLES: dict[str, Table] = dict(Base.metadata.tables)


def _texts(table: Table) -> set[str]:
    kinds = (String, AutoString, Text, JSONB, ARRAY)
    return {c.name for c in table.columns if isinstance(c.type, kinds) and not isinstance(c.type, LargeBinary)}


def test_every_table_says_whether_it_holds_personal_data() -> None:
    assert set(PERSONAL) | set(IMPERSONAL) == set(TABLES)
    assert not set(PERSONAL) & set(IMPERSONAL)


def test_every_text_column_of_a_personal_table_is_classified() -> None:
    for name, entry in PERSONAL.items():
        listed = {*entry.data, *entry.plain}
        assert _texts(TABLES[name]) - {entry.via} == listed - {entry.via}, name


def test_the_way_to_the_subject_is_a_column() -> None:
    for name, entry in PERSONAL.items():
        assert entry.via in TABLES[name].columns, name


def test_no_table_calls_itself_impersonal_while_it_points_to_a_person() -> None:
    subjects = {"person_id", "membership_id", "user_id", "email", "email_norm", "ip"}
    for name in IMPERSONAL:
        assert not subjects & set(TABLES[name].columns.keys()), name
