"""The benchmarks' own arithmetic: a gate that cannot be missed measures nothing."""

from __future__ import annotations

import importlib

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.figure import Figure


@pytest.mark.parametrize(
    ("limit", "product", "gate", "at_least", "holds"),
    [
        (10.0, 14.0, 1.5, False, True),
        (10.0, 16.0, 1.5, False, False),
        (100.0, 25.0, 0.2, True, True),
        (100.0, 15.0, 0.2, True, False),
        (0.0, 1.0, 2.0, False, False),
    ],
)
def test_a_gate_holds_on_its_own_side_only(
    limit: float, product: float, gate: float, at_least: bool, holds: bool
) -> None:
    figure = Figure("0", "test", limit, product, "s", gate, at_least=at_least)
    assert figure.holds is holds
    assert ("holds" if holds else "MISSED") in figure.line()


def test_every_benchmark_can_be_started() -> None:
    for name in BENCHMARKS:
        assert callable(importlib.import_module(f"benchmarks.{name}").measure)
