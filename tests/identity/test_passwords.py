from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.identity.passwords import LONGEST, SHORTEST, accepted_password, common_passwords, is_common
from salescompass.kit.errors import Invalid


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "s3cret-pw",
        "nur kleine wörter hier",
        "пароль не для всех",
        "a b c d e",
        "no-digits-or-capitals-needed",
        "q" + "7" * 100 + "zvnk",
        "zvnkqwpd",
    ],
)
def test_long_enough_and_unknown_is_accepted_whatever_its_characters(password: str) -> None:
    assert accepted_password(password) == unicodedata.normalize("NFKC", password)


@pytest.mark.parametrize("length", [0, 1, SHORTEST - 1])
def test_seven_characters_are_too_few(length: int) -> None:
    with pytest.raises(Invalid, match="at least 8"):
        accepted_password("zvnkqwpd"[:length])


def test_the_longest_is_accepted_and_one_more_is_not() -> None:
    long = ("kx9 vmQ2-" * 40)[:LONGEST]
    assert accepted_password(long) == long
    with pytest.raises(Invalid, match="at most 256"):
        accepted_password(long + "y")
    with pytest.raises(Invalid, match="at most 256"):
        accepted_password("k9" * 1_000_000)


@pytest.mark.parametrize(
    "password",
    ["password", "PASSWORD", "Passw0rd!", "12345678", "qwertyuiop", "iloveyou1", "Summer2026!", "letmein!!!",
     "aaaaaaaa", "p@ssw0rd", "11111111", "abababababab", "Dragon-1987"],
)  # fmt: skip
def test_well_known_passwords_are_refused_in_their_usual_disguises(password: str) -> None:
    with pytest.raises(Invalid, match="attackers try first"):
        accepted_password(password)


@pytest.mark.parametrize(
    ("password", "about"),
    [
        ("anna.schmidt1", ("anna.schmidt@halden.example", "Anna Schmidt")),
        ("Schmidt-2026", ("anna.schmidt@halden.example", "Anna Schmidt")),
        ("haldensupply99", ("anna@x.example", "Anna", "Halden Supply")),
        ("SalesCompass1", ()),
    ],
)
def test_a_password_that_is_only_ones_own_words_is_refused(password: str, about: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="little more than"):
        accepted_password(password, about=about)


def test_own_words_inside_a_longer_password_are_fine() -> None:
    assert accepted_password("anna likes the green tram", about=("anna@x.example", "Anna"))


def test_half_a_character_is_no_password() -> None:
    with pytest.raises(Invalid, match="no character"):
        accepted_password("long enough \ud800 but broken")


def test_the_same_text_typed_on_another_keyboard_is_the_same_password() -> None:
    composed, decomposed = "zoë läuft im regen", unicodedata.normalize("NFD", "zoë läuft im regen")
    assert composed != decomposed
    assert accepted_password(composed) == accepted_password(decomposed)


def test_the_shipped_list_has_the_best_known_passwords() -> None:
    shipped = common_passwords()
    assert len(shipped) >= 3000
    assert {"123456", "password", "qwerty", "iloveyou", "letmein", "admin123", "zaq12wsx", "princess"} <= shipped
    assert all(word == word.lower() for word in shipped)


@given(st.text(min_size=0, max_size=300))
def test_any_text_is_either_accepted_or_refused_with_a_reason(text: str) -> None:
    reason = refusal(text)
    if reason is None:
        accepted = accepted_password(text)
        assert SHORTEST <= len(accepted) <= LONGEST
        assert not is_common(accepted)
    else:
        assert reason.field == "password"
        assert reason.message


def refusal(text: str) -> Invalid | None:
    try:
        accepted_password(text)
    except Invalid as refused:
        return refused
    return None
