"""The command, and the demo tenant of a first start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from salescompass import identity
from tests.process.conftest import Done, clean_environment, command

FIRST_START = """
import json, sys
from pathlib import Path
from salescompass.cli import demo
from salescompass.cli.house import house
data = Path(sys.argv[1])
with house(data):
    from salescompass import events, identity
    from salescompass.kit.database import tenant_session
    told = []
    for wanted in (False, True, True):
        users = demo.ensure_demo(data, wanted=wanted)
        seen = {"users": [user.name for user in users], "events": 0}
        if users:
            tenant = identity.tenant_by_slug("demo")
            with tenant_session(tenant.tenant_id) as session:
                cursor = None
                while True:
                    page = events.feed(session, cursor=cursor, limit=1000)
                    seen["events"] += len(page.items)
                    cursor = page.next_cursor
                    if not cursor:
                        break
                seen["members"] = sorted(member.name for member in identity.members(session))
        told.append(seen)
print(json.dumps(told))
"""

_COUNTED = ("seconds", "contacts", "contacts_created", "scored", "deals", "deals_created")


@pytest.fixture
def slug(servers: dict[str, str]) -> str:
    """A tenant that the command finds by its short name."""
    slug = f"t{uuid4().hex[:10]}"
    identity.create_tenant(
        name=slug, slug=slug, admin_email=f"admin@{slug}.example", admin_password="several plain words 27"
    )
    return slug


def _demo(servers: dict[str, str], data_folder: Path, *arguments: str) -> Done:
    return command("demo", *arguments, **servers, SALESCOMPASS_DATA=str(data_folder))


def test_the_command_says_what_it_wrote_and_writes_it_once(
    servers: dict[str, str], data_folder: Path, slug: str
) -> None:
    asked = ("--tenant", slug, "--accounts", "9", "--events", "700", "--seed", "3", "--until", "2026-03-01", "--json")
    first = _demo(servers, data_folder, *asked)
    assert first.code == 0, first
    assert first.json["deals"] == first.json["deals_created"] > 0
    assert first.json | dict.fromkeys(_COUNTED, 0) == {
        "tenant": slug, "seed": 3, "until": "2026-03-01T00:00:00Z", "accounts": 9, "contacts": 0, "events": 700,
        "created": 700, "skipped": 0, "accounts_created": 9, "contacts_created": 0, "scored": 0, "seconds": 0,
        "deals": 0, "deals_created": 0,
    }  # fmt: skip
    assert "700 of 700 events" in first.err
    again = _demo(servers, data_folder, *asked)
    assert (again.code, again.json["created"], again.json["skipped"]) == (0, 0, 700)
    in_words = _demo(servers, data_folder, *asked[:-1])
    assert "All of it was there already." in in_words.out


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("--until", "tomorrow"), "until"),
        (("--until", "2026-02-30"), "until"),
        (("--accounts", "many"), "accounts"),
    ],
)
def test_wrong_use_is_exit_2(arguments: tuple[str, ...], field: str, tmp_path: Path) -> None:
    done = command("demo", "--tenant", "acme", *arguments, "--json", SALESCOMPASS_DATA=str(tmp_path / "data"))
    assert (done.code, done.json["error"]["field"]) == (2, field)


def test_what_cannot_be_is_exit_1(servers: dict[str, str], data_folder: Path, slug: str) -> None:
    done = _demo(servers, data_folder, "--tenant", slug, "--accounts", "1", "--events", "30000", "--json")
    assert (done.code, done.json["error"]["field"]) == (1, "events")
    unknown = _demo(servers, data_folder, "--tenant", "nobody", "--json")
    assert (unknown.code, unknown.json["error"]["code"]) == (1, "not_found")


def test_the_first_start_fills_the_demo_tenant_once_and_only_when_wanted(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_START, str(tmp_path / "data")],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    unwanted, first, second = json.loads(done.stdout)
    assert unwanted == {"users": [], "events": 0}
    assert first["events"] == second["events"] == 6_000
    assert first["members"] == sorted(first["users"]) == second["members"]
    assert "Anna Snelling" in first["members"]
