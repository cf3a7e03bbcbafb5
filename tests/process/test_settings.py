"""Settings come from the environment, are told in one sentence when wrong, and are made once."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from salescompass.cli import settings_page
from salescompass.kit.settings import CHECKOUT, SettingsError, read_settings, table
from tests.process.conftest import clean_environment


def test_nothing_set_is_enough() -> None:
    told = read_settings({})
    assert (told.host, told.port, told.web, told.workers) == ("127.0.0.1", 8000, 2, 2)
    assert told.data == CHECKOUT / ".data"
    assert told.database_url is None


def test_database_addresses_name_the_driver() -> None:
    told = read_settings({"DATABASE_URL": "postgres://sc_app:x@db/compass"})
    assert told.database_url == "postgresql+psycopg://sc_app:x@db/compass"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SALESCOMPASS_PORT", "http"),
        ("SALESCOMPASS_PORT", "70000"),
        ("SALESCOMPASS_WEB", "0"),
        ("DATABASE_URL", "mysql://x/y"),
        ("REDIS_URL", "localhost"),
        ("REDIS_URL", "redis://127.0.0.1:abc/0"),
        ("SALESCOMPASS_PUBLIC_URL", "crm.example.com"),
        ("SALESCOMPASS_SMTP_URL", "ftp://x"),
        ("SALESCOMPASS_SMTP_URL", "smtp://"),
        ("SALESCOMPASS_SMTP_URL", "smtp://mail:abc"),
        ("SALESCOMPASS_TRUSTED_PROXIES", "999.1.1.1"),
        ("SALESCOMPASS_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example.com"),
        ("SALESCOMPASS_LEASE", "soon"),
        ("SALESCOMPASS_POSTGRES", "9"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({name: value})
    assert str(error.value).startswith(name)
    assert "\n" not in str(error.value)


def test_proxies_and_mail_servers_are_read_as_given() -> None:
    proxies = read_settings({"SALESCOMPASS_TRUSTED_PROXIES": "10.0.0.7, 10.1.2.3/8 ::1"}).trusted_proxies
    assert proxies == ("10.0.0.7", "10.1.2.3/8", "::1")
    for url in ("smtp://user:p%40ss@mail.example.com:587", "smtps://mail.example.com", "smtp+starttls://[::1]:2525"):
        assert read_settings({"SALESCOMPASS_SMTP_URL": url}).smtp_url == url


def test_an_address_with_a_password_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as error:
        read_settings({"DATABASE_URL": "mysql://root:hunter2@db/x"})
    assert "hunter2" not in str(error.value)


def test_a_first_start_leaves_its_secrets_in_the_data_folder(tmp_path: Path) -> None:
    read_settings({"SALESCOMPASS_DATA": str(tmp_path / "data")}).make_secrets()
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["instance-id", "secret-key"]


def test_two_secret_keys_while_rotating() -> None:
    assert read_settings({"SALESCOMPASS_SECRET_KEY": "new old"}).secret_keys == ("new", "old")


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first = read_settings({"SALESCOMPASS_DATA": str(tmp_path / "data")})
    again = read_settings({"SALESCOMPASS_DATA": str(tmp_path / "data")})
    other = read_settings({"SALESCOMPASS_DATA": str(tmp_path / "other")})
    assert first.secret_keys == again.secret_keys != other.secret_keys
    assert first.instance_id == again.instance_id != other.instance_id
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


ASK = """
import os, sys
from pathlib import Path
from salescompass.kit.kept import made_once
sys.stdin.read()
print(made_once(Path(sys.argv[1]), lambda: str(os.getpid())))
"""


def test_processes_that_ask_at_once_agree(tmp_path: Path) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path / "kept")],
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in asking:
        assert process.stdin is not None
        process.stdin.close()
    answers = set()
    for process in asking:
        assert process.stdout is not None
        answers.add(process.stdout.read())
        process.stdout.close()
        assert process.wait(60) == 0
    assert len(answers) == 1


@pytest.mark.parametrize("page", settings_page.PAGES, ids=lambda page: page.name)
def test_pages_have_the_table_of_settings(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == settings_page.written(text), "run .venv/bin/python -m salescompass.cli.settings_page"
    assert all(f"| `{row.name}` |" in text for row in table())
