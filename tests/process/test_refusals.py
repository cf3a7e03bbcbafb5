"""What `run` refuses: one clear line for people, exit code 2, and nothing half started."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from salescompass.kit.settings import CHECKOUT
from tests.process.conftest import Done, command

Compass = Callable[..., Done]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
        ("REDIS_URL", "http://redis"),
        ("DATABASE_URL", "mysql://x"),
        ("SALESCOMPASS_WEB", "many"),
    ],
)
def test_run_says_in_one_line_which_setting_is_wrong(folder: Path, name: str, value: str) -> None:
    done = command("run", "--data", str(folder), "--port", str(_free_port()), **{name: value})
    assert done.code == 2
    assert done.err.strip().startswith(name)
    assert len(done.err.strip().splitlines()) == 1


def test_run_wants_all_addresses_of_a_database_of_ones_own(folder: Path) -> None:
    done = command(
        "run", "--data", str(folder), "--port", str(_free_port()), DATABASE_URL="postgresql://a:b@127.0.0.1:1/c"
    )
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert "DATABASE_SYSTEM_URL" in done.err


def test_a_database_that_is_away_is_one_line_without_its_password(folder: Path) -> None:
    url = "postgresql://sc_owner:hunter2@127.0.0.1:1/compass"
    done = command(
        "run", "--data", str(folder), "--port", str(_free_port()),
        DATABASE_URL=url, DATABASE_SYSTEM_URL=url, DATABASE_OWNER_URL=url,
    )  # fmt: skip
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert "hunter2" not in done.err


@pytest.mark.parametrize("role", ["postgres", "sc_owner"])
def test_run_refuses_an_application_role_that_could_pass_policies_by(
    servers: dict[str, str], data_folder: Path, folder: Path, role: str
) -> None:
    passwords = json.loads((data_folder / "postgres-passwords").read_text())
    wrong = servers["DATABASE_URL"].replace("sc_app", role).replace(passwords["sc_app"], passwords[role])
    done = command(
        "run", "--data", str(folder), "--port", str(_free_port()),
        **{**servers, "DATABASE_URL": wrong}, SALESCOMPASS_SECRET_KEY="x" * 40,
    )  # fmt: skip
    assert done.code == 2, done
    assert role in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_secret_key_is_wanted_beside_a_database_of_ones_own(servers: dict[str, str], folder: Path) -> None:
    done = command("run", "--data", str(folder), "--port", str(_free_port()), **servers)
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert "SALESCOMPASS_SECRET_KEY" in done.err


def test_temporary_tables_make_nobody_an_owner(servers: dict[str, str]) -> None:
    import psycopg

    from salescompass.cli import checks
    from salescompass.kit.settings import settings

    with psycopg.connect(servers["DATABASE_URL"]) as connection:
        connection.execute("CREATE TEMPORARY TABLE staging (n int)")
        connection.commit()
        checks.application_role(settings())


def test_a_taken_port_is_one_line_and_exit_2(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("run", "--data", str(folder), "--port", str(port))
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert str(port) in done.err
    assert not folder.exists()


def test_a_host_that_is_not_ours_is_one_line_and_exit_2(folder: Path) -> None:
    done = command("run", "--data", str(folder), "--host", "203.0.113.7", "--port", str(_free_port()))
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)


def test_a_full_disk_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from salescompass.cli import checks
    from salescompass.cli.output import Refused

    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(2**40, 2**40 - 2**20, 2**20))
    with pytest.raises(Refused, match="is full: 1 MB are free") as refused:
        checks.disk(folder)
    assert refused.value.code == "disk_full"


def test_a_folder_that_cannot_be_made_is_one_line_and_exit_2() -> None:
    done = command("run", "--data", "/proc/salescompass", "--port", str(_free_port()))
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert "The data folder /proc/salescompass cannot be made" in done.err


@pytest.mark.parametrize("words", [("run",), ("doctor", "--json"), ("backup", "file", "--json")])
def test_an_empty_data_folder_is_one_line_and_exit_2(words: tuple[str, ...]) -> None:
    done = command(*words, "--data", "")
    assert done.code == 2, done
    assert len((done.err + done.out).strip().splitlines()) == 1
    assert "--data" in done.err + done.out


@pytest.mark.parametrize(
    ("file", "what"), [("/", "is a folder"), ("/dev/null", "is no regular file"), ("/nothing", "does not exist")]
)
def test_what_is_no_file_to_import_is_told(folder: Path, file: str, what: str) -> None:
    done = command("import", "events", file, "--tenant", "x", "--data", str(folder))
    assert (done.code, len(done.err.strip().splitlines())) == (2, 1)
    assert f"{file} {what}" in done.err


def test_too_old_a_python_is_one_line_and_exit_2(tmp_path: Path) -> None:
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    checkout.mkdir()
    programs.mkdir()
    (checkout / "compass").write_bytes((CHECKOUT / "compass").read_bytes())
    (programs / "python3").write_text('#!/bin/sh\ncase "$2" in *print*) echo 3.9;; *) exit 1;; esac\n')
    (programs / "python3").chmod(0o755)
    for name in ("sh", "dirname", "readlink"):
        (programs / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    done = subprocess.run(
        ["/bin/sh", str(checkout / "compass"), "run"],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "needs Python 3.11 to 3.14; found 3.9" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
