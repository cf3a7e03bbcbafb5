"""The content security policy: nothing from elsewhere, and only the inline scripts the build itself wrote."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path


class _InlineScripts(HTMLParser):
    """Collects the text of `<script>` elements that have no src."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" not in dict(attrs):
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def inline_scripts(html: str) -> list[str]:
    """The inline scripts of a page, as the browser hashes them."""
    parser = _InlineScripts()
    parser.feed(html)
    return parser.found


def script_hashes(client: Path) -> list[str]:
    """One CSP source expression per distinct inline script of the built pages."""
    hashes = set()
    for page in client.rglob("*.html"):
        for script in inline_scripts(page.read_text(encoding="utf-8")):
            digest = hashlib.sha256(script.encode()).digest()
            hashes.add(f"'sha256-{base64.b64encode(digest).decode()}'")
    return sorted(hashes)


def write_script_hashes(client: Path, file: Path) -> None:
    """Keep the hashes of a client beside it, for the web processes to send."""
    file.write_text(json.dumps(script_hashes(client)))


def content_security_policy(hashes: list[str]) -> str:
    """The policy as one header value.

    'unsafe-eval' is there because Reflex's runtime evaluates the scripts its own socket sends; inline scripts
    and anything from another origin stay refused.
    """
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'unsafe-eval'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "connect-src 'self'",
            "img-src 'self' data:",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
        ]
    )
