"""A short secret under a pass phrase: for the secret key inside a backup.

scrypt turns the pass phrase and a fresh salt into a stream as long as the secret, which is used once, and
into a key for the seal that shows a wrong pass phrase or a changed byte.
"""

import base64
import hashlib
import hmac
import secrets

_SALT, _TAG = 16, 32


class WrongPassphrase(Exception):
    """The pass phrase does not open this, or it was changed."""


def _derived(passphrase: str, salt: bytes, length: int) -> tuple[bytes, bytes]:
    key = hashlib.scrypt(
        passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=length + _TAG
    )
    return key[:length], key[length:]


def seal(secret: str, passphrase: str) -> str:
    """`secret` so that only the pass phrase opens it."""
    salt, plain = secrets.token_bytes(_SALT), secret.encode()
    stream, key = _derived(passphrase, salt, len(plain))
    hidden = bytes(a ^ b for a, b in zip(plain, stream, strict=True))
    tag = hmac.digest(key, salt + hidden, "sha256")
    return base64.b64encode(salt + tag + hidden).decode()


def unseal(text: str, passphrase: str) -> str:
    """What was sealed; raises WrongPassphrase."""
    raw = base64.b64decode(text)
    salt, tag, hidden = raw[:_SALT], raw[_SALT : _SALT + _TAG], raw[_SALT + _TAG :]
    stream, key = _derived(passphrase, salt, len(hidden))
    if not hmac.compare_digest(tag, hmac.digest(key, salt + hidden, "sha256")):
        raise WrongPassphrase
    return bytes(a ^ b for a, b in zip(hidden, stream, strict=True)).decode()
