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
    def change(text: bytes) -> bytes:
        manifest = json.loads(text)
        manifest["facts"]["counts"]["tenant"] += 1
        return json.dumps(manifest).encode()

    return _repacked(file, tmp_path, "manifest.json", change)


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


def _repacked(file: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The backup with one of its members changed."""
    inside, forged = tmp_path / f"inside-{uuid4().hex}", tmp_path / f"{uuid4().hex}.compass"
    with tarfile.open(file) as archive:
        inside.mkdir()
        for member in archive:
            packed = archive.extractfile(member)
            assert packed is not None
            (inside / member.name).write_bytes(packed.read())
    (inside / name).write_bytes(change((inside / name).read_bytes()))
    with tarfile.open(forged, "w") as archive:
        for path in sorted(inside.iterdir(), reverse=True):
            archive.add(path, path.name)
    return forged


def test_a_backup_without_facts_or_with_a_damaged_dump_is_refused(compass: Compass, tmp_path: Path) -> None:
    file = tmp_path / "all.compass"
    assert compass("backup", str(file)).code == 0
    forged = _repacked(file, tmp_path, "manifest.json", lambda _: b'{"made_at": "2026-01-01"}')
    done = compass("restore", str(forged), "--json")
    assert (done.code, done.json["error"]["field"]) == (2, "file")
    assert "no backup of SalesCompass" in done.json["error"]["message"]

    forged = _repacked(file, tmp_path, "database.dump", lambda dump: dump[: len(dump) // 2])
    whole = file.read_bytes()
    short = tmp_path / "short.compass"
    short.write_bytes(whole[: len(whole) // 2])
    for damaged in (forged, short):
        done = compass("restore", str(damaged), "--json")
        assert (done.code, done.json["error"]["field"]) == (2, "file"), done
        assert "is damaged" in done.json["error"]["message"]
        assert "Restoring" not in done.err


@pytest.mark.parametrize("place", ["", "/proc/b.compass", "/dev/null"])
def test_a_backup_to_where_none_can_be_written_is_refused(compass: Compass, tmp_path: Path, place: str) -> None:
    done = compass("backup", place or str(tmp_path), "--json")
    assert (done.code, done.json["error"]["field"]) == (2, "file"), done
    assert "Traceback" not in done.err
    assert not list(tmp_path.iterdir())


def test_a_pass_phrase_that_is_no_text_is_refused(compass: Compass, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_bytes(b"\xff\xfe\x00")
    done = compass("backup", str(tmp_path / "b.compass"), "--passphrase-file", str(phrase), "--json")
    assert (done.code, done.json["error"]["field"]) == (2, "passphrase_file"), done
    assert "Traceback" not in done.err


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
