"""Commands: one JSON object for programs, one clear line for people, exit codes 0, 1 and 2."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import typer

from salescompass.cli import app
from salescompass.kit import embedded
from salescompass.kit.settings import CHECKOUT
from tests.process.conftest import Done, clean_environment, command

Compass = Callable[..., Done]
PASSWORD = "several plain words 27"


@pytest.fixture
def slug(compass: Compass) -> str:
    """A tenant made by the command."""
    slug = f"t{uuid4().hex[:10]}"
    made = compass(
        "tenant", "create", f"Tenant {slug}", "--slug", slug, "--admin-email", f"admin@{slug}.example",
        "--admin-password", PASSWORD, "--json",
    )  # fmt: skip
    assert made.code == 0, made
    assert made.json["slug"] == slug
    assert made.json["tenant_id"]
    return slug


def _every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []

    def walk(node: object, path: tuple[str, ...]) -> None:
        inner = getattr(node, "commands", None)
        if inner is None:
            found.append(path)
            return
        for name, below in inner.items():
            walk(below, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


def test_the_commands_that_are_promised_exist() -> None:
    names = {" ".join(path) for path in _every_command()}
    assert names >= {
        "run", "test", "bench", "migrate", "doctor", "worker", "backup", "restore", "maintenance", "flag", "import",
        "tenant create", "user create", "key create",
    }  # fmt: skip


@pytest.mark.parametrize("path", _every_command(), ids=" ".join)
def test_every_command_has_help_with_an_example_and_takes_a_data_folder(path: tuple[str, ...]) -> None:
    node: object = typer.main.get_command(app)
    for name in path:
        node = node.commands[name]  # type: ignore[attr-defined]
    assert "./compass " + " ".join(path) in (node.epilog or "")  # type: ignore[attr-defined]
    options = {option for parameter in node.params for option in parameter.opts}  # type: ignore[attr-defined]
    assert "--data" in options


def test_help_is_shown_without_any_server(folder: Path) -> None:
    done = command("tenant", "create", "--help", SALESCOMPASS_DATA=str(folder))
    assert done.code == 0
    assert "Example: ./compass tenant create" in done.out
    assert not folder.exists()


def test_a_user_and_a_key_are_made(compass: Compass, slug: str) -> None:
    user = compass(
        "user", "create", "--tenant", slug, "--email", f"bo@{slug}.example", "--password", PASSWORD, "--role", "rep",
        "--name", "Bo Berg", "--json",
    )  # fmt: skip
    assert (user.code, user.json["email"], user.json["name"]) == (0, f"bo@{slug}.example", "Bo Berg")
    key = compass("key", "create", "--tenant", slug, "--name", "feed", "--scopes", "events:write,crm:read", "--json")
    assert key.code == 0
    assert len(key.json["key"]) > 30


def test_what_exists_is_exit_1_with_the_code_exists(compass: Compass, slug: str) -> None:
    again = compass(
        "tenant", "create", "Again", "--slug", slug, "--admin-email", f"x@{slug}.example", "--admin-password",
        PASSWORD, "--json",
    )  # fmt: skip
    assert again.code == 1
    assert again.json["error"]["code"] == "exists"
    assert set(again.json["error"]) == {"code", "message", "field"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("tenant", "create", "--json"),
        ("user", "create", "--json", "--nonsense"),
        ("nonsense", "--json"),
        ("import", "events", "/no/such/file.csv", "--tenant", "demo", "--json"),
        ("import", "events", __file__, "--tenant", "demo", "--shift-dates", "yesterday", "--json"),
        ("restore", "/no/such/file", "--json"),
    ],
)
def test_wrong_use_is_one_json_object_and_exit_2(arguments: tuple[str, ...], folder: Path) -> None:
    done = command(*arguments, SALESCOMPASS_DATA=str(folder))
    assert done.code == 2, done
    assert done.json["error"]["message"]
    assert len(done.out.strip().splitlines()) == 1


def test_an_unknown_tenant_is_exit_1(compass: Compass) -> None:
    done = compass("key", "create", "--tenant", "nobody", "--name", "x", "--scopes", "*", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "not_found")


@pytest.fixture
def own_house(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Compass, str]]:
    """Commands on a database that no other test has hurt on purpose, and its owner's address."""
    for name in [name for name in os.environ if name.startswith(("DATABASE_", "REDIS_URL"))]:
        monkeypatch.delenv(name)
    with embedded.servers(folder) as addresses:

        def run(*arguments: str) -> Done:
            return command(*arguments, "--data", str(folder))

        assert run("migrate", "--json").code == 0
        yield run, addresses["DATABASE_OWNER_URL"]


def test_doctor_finds_a_healthy_house(own_house: tuple[Compass, str]) -> None:
    compass, _ = own_house
    done = compass("doctor", "--json")
    assert done.code == 0, done.json
    names = {check["name"] for check in done.json["checks"]}
    assert names >= {"versions", "disk", "migrations", "roles", "outbox", "queues", "partitions", "ledger"}


def test_doctor_tells_of_a_missing_partition_and_maintenance_mends_it(own_house: tuple[Compass, str]) -> None:
    import psycopg

    compass, owner = own_house
    with psycopg.connect(owner) as connection:
        row = connection.execute(
            "SELECT max(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'event'::regclass"
        ).fetchone()
        assert row is not None
        connection.execute(f"DROP TABLE {row[0]}".encode())
    sick = compass("doctor", "--json")
    assert sick.code == 1
    assert [check["mend"] for check in sick.json["checks"] if check["name"] == "partitions"] == [
        "Run ./compass maintenance."
    ]
    mended = compass("maintenance", "--json")
    assert (mended.code, mended.json["partitions"]) == (0, [row[0]])
    assert compass("doctor", "--json").code == 0


def test_migrate_may_be_repeated(compass: Compass) -> None:
    first, second = compass("migrate", "--json"), compass("migrate", "--json")
    assert first.code == second.code == 0
    assert first.json == second.json


@pytest.mark.parametrize(
    "arguments", [("migrate",), ("key", "create", "--tenant", "x", "--name", "x", "--scopes", "*")]
)
def test_a_database_newer_than_the_code_is_refused(
    compass: Compass, servers: dict[str, str], arguments: tuple[str, ...]
) -> None:
    import psycopg

    with psycopg.connect(servers["DATABASE_OWNER_URL"], autocommit=True) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert row is not None
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        try:
            done = compass(*arguments, "--json")
        finally:
            connection.execute("UPDATE alembic_version SET version_num = %s", [row[0]])
    assert (done.code, done.json["error"]["code"]) == (2, "newer_database")


def test_commands_work_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "salescompass").mkdir()
    (tmp_path / "salescompass" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "salescompass.cli", "--help"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_scripts_of_the_checkout_may_be_started() -> None:
    for name in ("compass", ".ci/run"):
        assert os.access(CHECKOUT / name, os.X_OK), name
