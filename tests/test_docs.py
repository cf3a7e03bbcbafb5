"""Documentation that is wrong fails the build."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([FZ]\d+) \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$")


@cache
def _functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _rows() -> dict[str, tuple[str, list[str]]]:
    found = {}
    for line in (ROOT / "docs/features.md").read_text().splitlines():
        if match := ROW.match(line):
            row, _, state, tests = match.groups()
            found[row] = (state.strip(), [t.strip().strip("`") for t in tests.split(",") if t.strip()])
    return found


def test_every_feature_has_its_row() -> None:
    expected = [f"F{n}" for n in range(1, 221)] + [f"Z{n}" for n in range(1, 26)]
    assert list(_rows()) == expected


def test_a_feature_is_done_only_with_tests_that_exist() -> None:
    for row, (state, tests) in _rows().items():
        assert re.fullmatch(r"done|not yet|= F\d+|part: .+; not yet .+", state), f"{row}: {state}"
        if state.startswith(("done", "part")):
            assert tests, f"{row} names no test"
        for test in tests:
            file, _, function = test.partition("::")
            assert function in _functions(ROOT / file), f"{row}: {test} does not exist"


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
            if not target.startswith(("http", "mailto:")):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_decision_is_short_and_says_why() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in decisions:
        text = page.read_text()
        assert len(text.splitlines()) <= 45, page.name
        for part in ("**Decided.**", "**Why.**"):
            assert part in text, f"{page.name} has no {part}"
