"""Bearer secrets: 256 random bits given out once; only their SHA-256 is stored.

A fast hash is enough here because nobody can guess 256 random bits; passwords, which people choose, get argon2id.
"""

from __future__ import annotations

import hashlib
import secrets

MAX_LENGTH = 200  # longer texts are none of ours and are not even hashed


def new_token() -> str:
    """43 characters that are safe in URLs, cookies and headers."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def plausible(token: object) -> bool:
    """False for what cannot be a token, so that hostile input costs nothing."""
    return isinstance(token, str) and 16 <= len(token) <= MAX_LENGTH
