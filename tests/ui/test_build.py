"""The built client: made once, holding no address, allowed by its own security policy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from salescompass.ui.address import AddressLeft, OriginPlugin, addresses_in, without_address
from salescompass.ui.build import BACKEND, CLIENT, content_hash, ensure_built, prepare_instance
from salescompass.ui.policy import content_security_policy, inline_scripts

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


@pytest.fixture(scope="module")
def build() -> Path:
    """The build of what is in the checkout."""
    return ensure_built()


def test_the_client_holds_no_address(build: Path) -> None:
    assert addresses_in(build / CLIENT) == []
    scripts = "".join(path.read_text() for path in (build / CLIENT).rglob("*.js"))
    assert 'location.origin.replace(/^http/,"ws")+"/_event"' in scripts


def test_an_address_in_the_client_would_be_found(tmp_path: Path) -> None:
    for number, text in enumerate(["ws://localhost:8000/_event", "http://10.1.2.3:3000", "https://[::1]:8443/x"]):
        (tmp_path / f"{number}.js").write_text(f'fetch("{text}")')
    assert len(addresses_in(tmp_path)) == 3
    with pytest.raises(AddressLeft):
        OriginPlugin().post_build(static_dir=tmp_path)


def test_literals_of_every_quote_become_expressions() -> None:
    script = "a=`ws://backend.invalid/_event`;b='http://backend.invalid';c=\"http://backend.invalid/ping\""
    assert without_address(script) == (
        'a=(location.origin.replace(/^http/,"ws")+"/_event");b=(location.origin+"");c=(location.origin+"/ping")'
    )


def test_the_compressed_files_are_those_that_were_rewritten(build: Path) -> None:
    compressed = list((build / CLIENT).rglob("*.js.gz"))
    assert compressed
    for path in compressed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_nothing_changed_builds_nothing(build: Path) -> None:
    said: list[str] = []
    assert ensure_built(said.append) == build
    assert said == []


def test_the_address_and_the_port_do_not_name_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_hash()
    monkeypatch.setenv("SALESCOMPASS_PORT", "9123")
    monkeypatch.setenv("SALESCOMPASS_PUBLIC_URL", "https://crm.example.com")
    assert content_hash() == before


def test_an_instance_gets_its_own_copy_once(build: Path, tmp_path: Path) -> None:
    web = prepare_instance(build, tmp_path)
    assert (web / CLIENT / "index.html").read_bytes() == (build / CLIENT / "index.html").read_bytes()
    assert (web / BACKEND / "stateful_pages.json").exists()
    (web / "kept").touch()
    assert prepare_instance(build, tmp_path) == web
    assert (web / "kept").exists()
    (web / "build-id").write_text("another build")
    prepare_instance(build, tmp_path)
    assert not (web / "kept").exists()


def test_the_policy_allows_exactly_the_inline_scripts_of_the_build(build: Path, tmp_path: Path) -> None:
    web = prepare_instance(build, tmp_path)
    hashes = json.loads((web / "script-hashes.json").read_text())
    expected = set()
    for page in (build / CLIENT).rglob("*.html"):
        text = page.read_text()
        scripts = _INLINE.findall(text)
        assert scripts == inline_scripts(text)
        expected |= {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts}
    assert set(hashes) == expected
    policy = content_security_policy(hashes)
    scripts_from = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts_from
    assert not re.search(r"https?:|\*", policy)
