"""Names, addresses and domains in the one form they are compared in. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOCAL = re.compile(r"[^\s@\"<>(),:;\[\]\\\x00-\x1f\x7f]{1,64}")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_BARE_DOMAIN = re.compile(r"(?!www\.)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+\Z)[a-z0-9]{2,63}")
_BARE_LOCAL = re.compile(r"[a-z0-9._+-]{1,64}")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
"""Kinds of letters that show nothing by themselves: control characters, joiners and marks of direction, spaces."""
_KEPT = 16_384
"""Files say the same countries and titles over and over, and each address is looked at several times."""


def tidy(text: str) -> str:
    """The text as people should see it: no surrounding or doubled white space, no control characters. Empty when
    nothing of it can be seen.
    """
    if not text.isprintable():  # most are, and looking at every letter costs
        if all(unicodedata.category(letter) in _UNSEEN for letter in text):
            return ""
        text = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return " ".join(text.split())


@lru_cache(_KEPT)
def name_norm(name: str) -> str:
    """The form in which names are compared: case, width and white space make no difference."""
    return tidy(name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold())


def domain_norm(text: str) -> str | None:
    """The bare domain of a domain, host or web address: `https://www.Acme.com/x` is `acme.com`. None if it is none."""
    if len(text) <= 253 and _BARE_DOMAIN.fullmatch(text):  # as nearly all come: nothing is left to do
        return text
    host = _SCHEME.sub("", text.strip())
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d+$", "", host).rstrip(".").removeprefix("@")
    try:
        ascii_host = host.lower().encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    ascii_host = ascii_host.removeprefix("www.")
    labels = ascii_host.split(".")
    if len(ascii_host) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return None if labels[-1].isdigit() else ascii_host


@lru_cache(_KEPT)
def email_norm(text: str) -> str | None:
    """The form in which addresses are compared, or None when it is no address."""
    local, at, host = text.strip().rpartition("@")
    if len(text) <= 254 and _BARE_LOCAL.fullmatch(local) and _BARE_DOMAIN.fullmatch(host):
        return f"{local}@{host}"
    domain = domain_norm(host) if at and not re.search(r"[/?#:\s]", host) else None
    if domain is None or not _LOCAL.fullmatch(local):
        return None
    # A host keeps its www here: that is how its mail server is called.
    if host.lower().startswith("www."):
        domain = "www." + domain
    address = f"{unicodedata.normalize('NFKC', local).casefold()}@{domain}"
    return address if len(address) <= 254 else None


def email_domain(address_norm: str) -> str:
    """The domain of a normalised address."""
    return address_norm.rpartition("@")[2]
