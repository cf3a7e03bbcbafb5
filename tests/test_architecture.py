"""The structure, held by what the code imports: slices are entered by their face, pure modules stay pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SLICES = {
    "actions", "assignment", "conditions", "identity", "crm", "events", "imports", "demo", "notifications", "rules",
    "scoring", "together",
}  # fmt: skip
# Modules that compute: no database, no clock of their own, no network.
PURE = {
    "normalise", "validation", "verdict", "catalog", "permissions", "passwords", "throttle", "chain", "rows",
    "companies", "rhythm", "material", "stage", "visits", "talks", "stories", "world",
    "configuration", "formula", "timing", "bands", "rules", "shares",
    "definition", "patterns", "deciding", "making", "template_texts",
    "lifecycle", "presence", "ladder", "rotation",
    "mentions", "tree", "operators", "meaning", "reading", "evaluate", "explain", "editor",
}  # fmt: skip
IMPURE = {"sqlalchemy", "sqlmodel", "psycopg", "redis", "rq", "salescompass.kit.database", "salescompass.kit.jobs"}
MODULE_LINES = 300


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("salescompass", "workers", include_external_packages=True)


def test_the_floors_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_slice_is_entered_by_its_face_only(graph: grimp.ImportGraph) -> None:
    through_windows = []
    for module in sorted(graph.modules):
        home = ".".join(module.split(".")[:2])
        for target in graph.find_modules_directly_imported_by(module):
            parts = target.split(".")
            inside = parts[0] == "salescompass" and len(parts) > 2 and parts[1] in SLICES
            if inside and ".".join(parts[:2]) != home:
                through_windows.append(f"{module} -> {target}")
    assert through_windows == []


def test_pure_modules_touch_no_server(graph: grimp.ImportGraph) -> None:
    for module in graph.modules:
        parts = module.split(".")
        if len(parts) > 2 and parts[1] in SLICES and parts[-1] in PURE:
            assert not IMPURE & graph.find_modules_directly_imported_by(module), module


def test_there_are_no_circles(graph: grimp.ImportGraph) -> None:
    for slice_ in sorted(SLICES):
        inner = f"salescompass.{slice_}"
        for module in graph.find_children(inner):
            chain = graph.find_shortest_chain(module, inner)
            assert chain is None, f"{module} imports its own face: {chain}"


def test_screens_do_not_know_each_other(graph: grimp.ImportGraph) -> None:
    screens = {
        m for m in graph.find_children("salescompass.ui") if graph.find_children(m) and m.split(".")[-1] != "components"
    }
    for screen in screens:
        for module in {screen, *graph.find_descendants(screen)}:
            for target in graph.find_modules_directly_imported_by(module):
                other = next((s for s in screens if target == s or target.startswith(s + ".")), None)
                assert other in (None, screen), f"{module} -> {target}"
            if module.endswith(".state"):
                assert screen + ".page" not in graph.find_modules_directly_imported_by(module)


def test_modules_stay_readable() -> None:
    files = [*ROOT.glob("salescompass/**/*.py"), *ROOT.glob("workers/**/*.py"), *ROOT.glob("tests/**/*.py")]
    long = {str(f.relative_to(ROOT)): n for f in files if (n := len(f.read_text().splitlines())) > MODULE_LINES}
    assert long == {}


def test_functions_stay_short() -> None:
    long = {}
    for file in [*ROOT.glob("salescompass/**/*.py"), *ROOT.glob("workers/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > (120 if "/ui/" in str(file) else 40):
                    long[f"{file.relative_to(ROOT)}:{node.name}"] = lines
    assert long == {}


def test_sessions_across_tenants_are_opened_by_named_callers_only(graph: grimp.ImportGraph) -> None:
    callers = set()
    for package in ("salescompass", "workers"):
        for file in ROOT.glob(f"{package}/**/*.py"):
            if "system_session(" in file.read_text() and file.name != "database.py":
                callers.add(str(file.relative_to(ROOT)))
    assert callers == ACROSS_TENANTS


# Sign-in, key look-up, outbox sweep, the schedule, tenant administration, and who watches over all of it.
ACROSS_TENANTS = {
    "salescompass/cli/doctor.py",
    "salescompass/identity/accounts.py",
    "salescompass/identity/directory.py",
    "salescompass/identity/invitations.py",
    "salescompass/identity/keys.py",
    "salescompass/identity/letters.py",
    "salescompass/identity/resets.py",
    "salescompass/identity/revocation.py",
    "salescompass/identity/sessions.py",
    "salescompass/identity/sign_in.py",
    "salescompass/identity/tenants.py",
    "salescompass/kit/dead_letters.py",
    "salescompass/kit/metrics.py",
    "workers/schedule.py",
}
