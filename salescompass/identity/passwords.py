"""Which passwords are accepted (NIST SP 800-63B, ASVS 6.2): long enough, not well known, not about oneself.

There is no rule on kinds of characters and no forced change: both make passwords worse. Eight characters are the floor,
fifteen or more are advised on every form. Any character counts, spaces too; text is brought to one Unicode form first,
so that a password typed on another keyboard still fits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from salescompass.kit.errors import Invalid

SHORTEST, ADVISED, LONGEST = 8, 15, 256
ADVICE = f"At least {SHORTEST} characters; a sentence of {ADVISED} or more is far better. Pasting is fine."

_PRODUCT = ("salescompass", "sales", "compass")
_LEET = str.maketrans("01345$7@!8", "oleassta!b")
_LIST = Path(__file__).with_name("common_passwords.txt")


def normalised(password: str) -> str:
    """The one form of a password that is measured, checked and hashed."""
    return unicodedata.normalize("NFKC", password)


def storable(password: str) -> bool:
    """False for half characters, which JSON can carry and no encoding can."""
    return password.isascii() or not any("\ud800" <= character <= "\udfff" for character in password)


def accepted_password(password: str, *, about: Iterable[str] = (), field: str = "password") -> str:
    """The normalised password. Raises Invalid with the reason; `about` is the person's own name and address."""
    if len(password) > 4 * LONGEST:  # normalising must not be a way to burn time
        raise Invalid(f"Use at most {LONGEST} characters", field=field)
    if not storable(password):
        raise Invalid("This contains something that is no character", field=field)
    text = normalised(password)
    if len(text) < SHORTEST:
        raise Invalid(f"Use at least {SHORTEST} characters; {ADVISED} or more are better", field=field)
    if len(text) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters", field=field)
    if is_common(text):
        raise Invalid("This password is on the lists attackers try first: choose another", field=field)
    if is_about(text, about):
        raise Invalid("This password is little more than your name, address or our name: choose another", field=field)
    return text


def is_common(password: str) -> bool:
    """True for a well-known password, also in capitals, with digits for letters, or with digits or marks at the end."""
    low = password.casefold()
    if len(set(low)) < 4:
        return True
    forms = {low, low.translate(_LEET)}
    if len(low) < ADVISED:
        bare = re.sub(r"[\W\d_]+$", "", low)
        forms |= {bare, bare.translate(_LEET)}
    return not forms.isdisjoint(common_passwords())


def is_about(password: str, about: Iterable[str]) -> bool:
    """True when almost nothing is left of the password without the person's and the product's own words."""
    rest = password.casefold()
    words = {word for text in (*about, *_PRODUCT) for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 3}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = re.sub(r"[\W_]+", "", rest)
    return len(re.sub(r"\d+$", "", rest)) < 4 and rest != re.sub(r"[\W_]+", "", password.casefold())


@cache
def common_passwords() -> frozenset[str]:
    """The shipped list, lower case, one a line."""
    return frozenset(_LIST.read_text(encoding="utf-8").split())
