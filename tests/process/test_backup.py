"""Backup and restore: whole or not at all, verified, and never under a running product."""

from __future__ import annotations

import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from salescompass.cli.facts import differences, gather
from salescompass.cli.house import run_lock
from salescompass.kit.sealed import WrongPassphrase, seal, unseal
from tests.process.conftest import Done, command

Compass = Callable[..., Done]
PASSWORD = "several plain words 27"


def quiet(_line: str) -> None:
    """Nobody listens."""


def make_tenant(compass: Compass) -> str:
    slug = f"t{uuid4().hex[:10]}"
    made = compass(
        "tenant", "create", "Kept", "--slug", slug, "--admin-email", f"admin@{slug}.example", "--admin-password",
        PASSWORD, "--json",
    )  # fmt: skip
    assert made.code == 0, made
    return slug


def test_a_backup_brings_everything_back_elsewhere(
    compass: Compass, servers: dict[str, str], data_folder: Path, folder: Path, tmp_path: Path
) -> None:
    slug = make_tenant(compass)
    file, phrase = tmp_path / "all.compass", tmp_path / "phrase"
    phrase.write_text("open sesame and more\n")
    written = compass("backup", str(file), "--passphrase-file", str(phrase), "--json")
    assert written.code == 0, written
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with psycopg.connect(servers["DATABASE_OWNER_URL"]) as connection:
        before = gather(connection)

    restored = command("restore", str(file), "--passphrase-file", str(phrase), "--json", "--data", str(folder))
    assert restored.code == 0, restored
    assert restored.json["rows"] == written.json["rows"]
    assert (folder / "secret-key").read_text() == (data_folder / "secret-key").read_text()
    passwords = json.loads((folder / "postgres-passwords").read_text())
    with pytest.MonkeyPatch.context() as patch:
        for name in servers:
            patch.delenv(name)
        from salescompass.kit import embedded

        with embedded.servers(folder, quiet) as addresses:
            with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
                assert differences(before, gather(connection)) == []
                row = connection.execute("SELECT name FROM tenant WHERE slug = %s", [slug]).fetchone()
            assert row == ("Kept",)
            # The application's role has its rights on the restored database, and no more.
            with (
                psycopg.connect(addresses["DATABASE_URL"]) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute("SELECT * FROM tenant")
    assert passwords["sc_app"] not in file.read_bytes().decode("latin-1")


def test_a_restore_that_does_not_match_changes_nothing(compass: Compass, folder: Path, tmp_path: Path) -> None:
    slug = make_tenant(compass)
    file = tmp_path / "all.compass"
    assert compass("backup", str(file)).code == 0
    forged = _with_other_counts(file, tmp_path)
    mine = f"m{uuid4().hex[:10]}"
    made = command(
        "tenant", "create", "Mine", "--slug", mine, "--admin-email", f"a@{mine}.example", "--admin-password",
        PASSWORD, "--data", str(folder),
    )  # fmt: skip
    assert made.code == 0, made
    done = command("restore", str(forged), "--json", "--data", str(folder))
    assert done.code == 1, done
    assert "nothing was changed" in done.json["error"]["message"]
    again = command(
        "user", "create", "--tenant", mine, "--email", f"b@{mine}.example", "--role", "rep", "--data", str(folder)
    )
    assert again.code == 0, again
    assert (
        command(
            "key", "create", "--tenant", slug, "--name", "x", "--scopes", "*", "--data", str(folder), "--json"
        ).json["error"]["code"]
        == "not_found"
    )


def _with_other_counts(file: Path, tmp_path: Path) -> Path:
    inside, forged = tmp_path / "inside", tmp_path / "forged.compass"
    with tarfile.open(file) as archive:
        archive.extractall(inside, filter="data")
    manifest = json.loads((inside / "manifest.json").read_text())
    manifest["facts"]["counts"]["tenant"] += 1
    (inside / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(forged, "w") as archive:
        for path in sorted(inside.iterdir()):
            archive.add(path, path.name)
    return forged


def test_restore_is_refused_while_the_product_runs(compass: Compass, data_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.compass"
    assert compass("backup", str(file)).code == 0
    lock = run_lock(data_folder)
    assert lock.try_exclusive()
    try:
        lock.note("http://127.0.0.1:8000")
        done = compass("restore", str(file), "--json")
    finally:
        lock.release()
    assert (done.code, done.json["error"]["code"]) == (2, "running")
    assert "http://127.0.0.1:8000" in done.json["error"]["message"]


def test_a_file_that_is_no_backup_is_refused(compass: Compass, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam")
    done = compass("restore", str(file), "--json")
    assert (done.code, done.json["error"]["field"]) == (2, "file")


def test_a_wrong_pass_phrase_restores_nothing(
    compass: Compass, servers: dict[str, str], data_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "all.compass"
    assert compass("backup", str(file), SALESCOMPASS_BACKUP_PASSPHRASE="right and long").code == 0
    later = make_tenant(compass)
    done = compass("restore", str(file), "--json", SALESCOMPASS_BACKUP_PASSPHRASE="wrong and long")
    assert (done.code, done.json["error"]["code"]) == (2, "passphrase")
    with psycopg.connect(servers["DATABASE_OWNER_URL"]) as connection:
        assert connection.execute("SELECT 1 FROM tenant WHERE slug = %s", [later]).fetchone() == (1,)


def test_without_a_pass_phrase_the_key_is_said_to_be_left_out(compass: Compass, tmp_path: Path) -> None:
    done = compass("backup", str(tmp_path / "all.compass"), "--json")
    assert done.json["secret_key"].startswith("left out")
    with tarfile.open(tmp_path / "all.compass") as archive:
        assert "secret-key.sealed" not in archive.getnames()


def test_a_backup_into_a_folder_that_is_not_there_is_refused(compass: Compass, tmp_path: Path) -> None:
    done = compass("backup", str(tmp_path / "none" / "all.compass"), "--json")
    assert (done.code, done.json["error"]["field"]) == (2, "file")


def test_only_the_pass_phrase_opens_the_seal() -> None:
    sealed = seal("the key, ä", "open sesame")
    assert unseal(sealed, "open sesame") == "the key, ä"
    assert seal("the key, ä", "open sesame") != sealed
    for wrong in ("open sesam", "Open sesame", ""):
        with pytest.raises(WrongPassphrase):
            unseal(sealed, wrong)


def test_every_difference_is_told() -> None:
    before = {"counts": {"tenant": 2, "event": 5}, "heads": {"a": [3, "ff"]}, "policies": "1", "rights": "1"}
    after = {"counts": {"tenant": 2, "event": 4}, "heads": {"a": [2, "ee"]}, "policies": "2", "rights": "1"}
    told = " ".join(differences(before, after))
    assert "event: 5" in told
    assert "chain of tenant a" in told
    assert "policies" in told
    assert "rights" not in told
    assert differences(before, before) == []
