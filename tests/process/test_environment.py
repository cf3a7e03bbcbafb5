"""Setting up .venv: once for given requirements, again when they change, one clear line when it cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from salescompass.kit.settings import CHECKOUT

BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PIP_NO_INDEX": "1"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that needs no package, so that setting it up needs no network."""
    place = tmp_path / "checkout"
    (place / "salescompass" / "cli").mkdir(parents=True)
    for name in ("compass", "salescompass/environment.py"):
        shutil.copy(CHECKOUT / name, place / name)
    for name in ("constraints.txt", "requirements.txt", "requirements-dev.txt"):
        (place / name).write_text("")
    (place / "salescompass" / "__init__.py").write_text("")
    (place / "salescompass" / "cli" / "__init__.py").write_text("")
    (place / "salescompass" / "cli" / "__main__.py").write_text(
        "import sys; print(sys.prefix, *sys.argv[1:]); sys.exit(7)"
    )
    return place


def start(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "compass"), *arguments],
        env={**BARE, **more},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_set_up_once_and_again_when_the_requirements_change(checkout: Path) -> None:
    first = start(checkout, "tenant", "create", "two words")
    assert first.stdout.strip() == f"{checkout / '.venv'} tenant create two words"
    assert first.returncode == 7
    assert "Installing Python packages" in first.stderr
    second = start(checkout, "doctor")
    assert second.stderr == ""
    (checkout / "requirements.txt").write_text("# changed\n")
    assert "Installing Python packages" in start(checkout, "doctor").stderr
    # Tests need more than the product does.
    assert "Installing Python packages" in start(checkout, "test").stderr
    assert start(checkout, "test").stderr == ""
    assert start(checkout, "run").stderr == ""


def test_what_cannot_be_installed_is_one_clear_line(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("there-is-no-such-package-anywhere==1\n")
    done = start(checkout, "doctor")
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert "there-is-no-such-package-anywhere" in lines[-1]
    assert not (checkout / ".venv" / ".installed-run").exists()


def test_a_broken_environment_is_made_anew(checkout: Path) -> None:
    start(checkout, "doctor")
    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "bin" / "python").symlink_to("/nonexistent/python3")
    (checkout / ".venv" / ".installed-run").unlink()
    assert start(checkout, "doctor").returncode == 7


def test_two_at_once_set_it_up_once(checkout: Path) -> None:
    both = [
        subprocess.Popen(
            [str(checkout / "compass"), "doctor"], env=BARE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [7, 7]
    assert sum("Installing Python packages" in text for text in told) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_checkout_of_another_user_is_one_clear_line(checkout: Path) -> None:
    for path in (checkout, *checkout.rglob("*"), *list(checkout.parents)[:-1]):
        path.chmod(path.stat().st_mode | 0o555 if path.is_dir() else path.stat().st_mode | 0o444)
    done = subprocess.run(
        ["/bin/sh", str(checkout / "compass"), "doctor"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
        user=65534,
        group=65534,
        extra_groups=[],
        cwd="/",
    )
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (2, 1), done
    # Either the checkout is root's, or this machine has no Python for others.
    assert "belongs to root" in lines[0] or "SalesCompass needs Python" in lines[0]


def test_it_is_found_through_a_link(checkout: Path, tmp_path: Path) -> None:
    link = tmp_path / "compass-link"
    link.symlink_to(checkout / "compass")
    done = subprocess.run([str(link), "doctor"], env=BARE, capture_output=True, text=True, check=False, cwd="/")
    assert done.stdout.startswith(str(checkout / ".venv"))


def test_it_asks_no_registry_by_name() -> None:
    texts = [(CHECKOUT / name).read_text() for name in ("compass", "salescompass/environment.py")]
    assert not any("http" in text for text in texts)
