"""Moments: relative in words, exact in the reader's zone on hover and on focus."""

from __future__ import annotations

import reflex as rx

_SOURCE = rx.asset("ago.jsx", shared=True)


class Ago(rx.Component):
    """The client's part: counts on while the page is open."""

    library = _SOURCE.importable_path
    tag = "Ago"

    at: rx.Var[str]
    zone: rx.Var[str]
    never: rx.Var[str]


def ago(at: rx.Var[str] | str, *, zone: rx.Var[str] | str = "", never: str = "never") -> rx.Component:
    """A moment given as RFC 3339 text; empty text shows `never`."""
    return Ago.create(at=at, zone=zone, never=never)
