"""The embedded servers: one start however many ask, nothing left behind, nothing in the way after a crash."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest
import redis

from salescompass.kit import child
from salescompass.kit.embedded import EmbeddedError, Postgres, Servers, servers, wanted
from salescompass.kit.embedded.ground import LONGEST_SOCKET, Ground
from tests.process.conftest import clean_environment, processes_of, wait_until

USER = textwrap.dedent(
    """
    import os, sys, time
    from pathlib import Path
    import psycopg
    from salescompass.kit.embedded import servers
    data, seconds = Path(sys.argv[1]), float(sys.argv[2])
    with servers(data) as addresses:
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            print("postmaster", connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()[0], flush=True)
            time.sleep(seconds)
            connection.execute("SELECT 1")
    print("done", flush=True)
    """
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("DATABASE_", "REDIS_URL")):
            monkeypatch.delenv(name)


def user(data: Path, seconds: float) -> subprocess.Popen[str]:
    """A process that uses the servers for some seconds."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data), str(seconds)],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def quiet(_line: str) -> None:
    """Nobody listens."""


def postmaster(data: Path) -> int:
    return int((data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def test_it_starts_answers_and_leaves_nothing(folder: Path) -> None:
    with servers(folder, quiet) as addresses:
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (
                "sc_owner",
                "salescompass",
            )
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW server_version_num").fetchone()[0].startswith("18")  # type: ignore[index]
        with redis.Redis.from_url(addresses["REDIS_URL"]) as connection_to_valkey:
            assert connection_to_valkey.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert processes_of(folder) == []


def test_what_was_written_is_there_after_a_restart(folder: Path) -> None:
    with servers(folder, quiet) as addresses, redis.Redis.from_url(addresses["REDIS_URL"]) as valkey:
        valkey.set("kept", "yes")
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with servers(folder, quiet) as addresses, redis.Redis.from_url(addresses["REDIS_URL"]) as valkey:
        assert valkey.get("kept") == b"yes"
        with psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_nobody_gets_in_without_a_password(folder: Path) -> None:
    with servers(folder, quiet) as addresses:
        plain = addresses["DATABASE_OWNER_URL"]
        password = plain.split(":")[2].split("@")[0]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(plain.replace(password, "guessed"))
        for name in ("postgres-passwords",):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "run" / "sockets").stat().st_mode) == 0o700


def test_two_who_start_at_once_share_one_server(folder: Path) -> None:
    both = [user(folder, 1.0), user(folder, 1.0)]
    answers = [process.communicate(timeout=120)[0].splitlines() for process in both]
    assert answers[0][0].startswith("postmaster")
    assert answers[0][0] == answers[1][0]
    assert [lines[-1] for lines in answers] == ["done", "done"]


def test_the_one_who_started_it_waits_for_the_others(folder: Path) -> None:
    house = Servers(folder, wanted(folder, {}, quiet))
    house.start()
    guest = user(folder, 1.5)
    assert guest.stdout is not None
    assert guest.stdout.readline().startswith("postmaster")
    house.stop()
    assert guest.communicate(timeout=60)[0] == "done\n"


def test_a_guest_stops_nothing(folder: Path) -> None:
    with servers(folder, quiet) as addresses:
        guest = user(folder, 0)
        guest.communicate(timeout=60)
        assert guest.returncode == 0
        psycopg.connect(addresses["DATABASE_OWNER_URL"]).close()


def test_its_death_takes_the_servers_with_it(folder: Path) -> None:
    owner = user(folder, 600)
    assert owner.stdout is not None
    owner.stdout.readline()
    owner.kill()
    owner.communicate()
    wait_until(lambda: not processes_of(folder), "the servers of a killed owner end")


def test_a_crash_of_everything_is_recovered_from(folder: Path) -> None:
    owner = user(folder, 600)
    assert owner.stdout is not None
    owner.stdout.readline()
    pid = postmaster(folder)
    os.kill(pid, signal.SIGKILL)
    owner.kill()
    owner.communicate()
    with servers(folder, quiet) as addresses:
        psycopg.connect(addresses["DATABASE_OWNER_URL"]).close()


def test_a_stale_pid_file_that_names_a_living_process_does_not_block(folder: Path) -> None:
    with servers(folder, quiet):
        content = (folder / "postgres" / "postmaster.pid").read_text()
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        lines = content.split("\n")
        lines[0] = str(bystander.pid)
        (folder / "postgres" / "postmaster.pid").write_text("\n".join(lines))
        with servers(folder, quiet) as addresses:
            psycopg.connect(addresses["DATABASE_OWNER_URL"]).close()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_long_path_gets_its_sockets_elsewhere(folder: Path) -> None:
    data = folder / ("long" * 25)
    ground = Ground(data, quiet)
    with servers(data, quiet) as addresses:
        assert len(f"{ground.sockets}/.s.PGSQL.5432") <= LONGEST_SOCKET
        assert stat.S_IMODE(ground.sockets.stat().st_mode) == 0o700
        psycopg.connect(addresses["DATABASE_OWNER_URL"]).close()
    # The same folder serves the next start.
    assert Ground(data, quiet).sockets == ground.sockets
    ground.sockets.rmdir() if not any(ground.sockets.iterdir()) else None


def test_sockets_elsewhere_are_not_taken_over_from_others(folder: Path) -> None:
    data = folder / ("long" * 25)
    data.mkdir(parents=True)
    open_to_all = folder / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (data / "socket-folder").write_text(str(open_to_all))
    taken = Ground(data, quiet).sockets
    assert taken != open_to_all
    taken.rmdir()


def test_the_older_version_is_used_where_it_is_asked_for_and_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESCOMPASS_POSTGRES", "16")
    with servers(folder, quiet):
        pass
    monkeypatch.delenv("SALESCOMPASS_POSTGRES")
    with servers(folder, quiet) as addresses, psycopg.connect(addresses["DATABASE_OWNER_URL"]) as connection:
        assert connection.info.server_version // 10000 == 16


def test_a_folder_of_an_unknown_version_is_refused(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="PostgreSQL 9"), servers(folder, quiet):
        pass


def test_a_half_made_database_is_made_anew(folder: Path) -> None:
    (folder / "postgres.new").mkdir(parents=True)
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    with servers(folder, quiet) as addresses:
        psycopg.connect(addresses["DATABASE_OWNER_URL"]).close()


def test_the_servers_do_not_run_as_root(folder: Path) -> None:
    with servers(folder, quiet):
        assert Path(f"/proc/{postmaster(folder)}").stat().st_uid != 0


def test_memory_is_taken_in_proportion(folder: Path) -> None:
    options = Postgres(Ground(folder, quiet))._options()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    assert int(options["shared_buffers"].removesuffix("MB")) <= min(total // 8, 2048)
    assert (options["max_connections"], options["max_wal_size"]) == ("200", "4GB")


def test_a_child_that_ignores_the_question_is_ended() -> None:
    from salescompass.kit.embedded import end

    deaf = child.spawn(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(600)",
        ],
        output=subprocess.PIPE,
    )
    assert deaf.stdout is not None
    deaf.stdout.readline()
    end(deaf, signal.SIGTERM, patience=0.2)
    deaf.stdout.close()
    assert deaf.returncode == -signal.SIGKILL
