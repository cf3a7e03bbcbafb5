"""The admin's guide names what the code has, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from salescompass.identity import BUILT_IN, PERMISSIONS, SCOPES
from salescompass.identity.flag_registry import FLAGS

GUIDE = (Path(__file__).parents[2] / "docs/admin_guide.md").read_text()


def named(pattern: str) -> set[str]:
    """What the first column of the guide's tables names."""
    return {name for cell in re.findall(r"^\| (`.+?) \|", GUIDE, re.M) for name in re.findall(pattern, cell)}


def test_the_guide_names_every_permission() -> None:
    assert named(r"`([a-z]+\.[a-z]+)`") == set(PERMISSIONS)


def test_the_guide_names_every_feature() -> None:
    assert named(r"`([a-z]+_[a-z_]+)`") == set(FLAGS)


def test_the_guide_names_every_scope_and_role() -> None:
    for scope in SCOPES:
        assert f"`{scope}`" in GUIDE or f"`{scope.split(':')[0]}`" in GUIDE, scope
    for name, _ in BUILT_IN.values():
        assert re.search(rf"^\| .*{name}.* \|", GUIDE, re.M), name
