"""`./compass bench [NAME ...] [--quick] [--gate]`: measure, print the table, keep it in benchmarks/results.md."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import HEAD, Figure

# Each names a module here with `measure(quick: bool) -> list[Figure]`.
BENCHMARKS = (
    "second_start", "page_load", "restore_drill", "audit_chain", "sign_in_timing", "live_path", "filter_feed",
    "clients", "client_memory", "queue_overhead", "bulk_ingest", "single_events", "long_past",
    "condition_counts", "lists", "import_contacts", "worklist",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results.md"


def main() -> int:
    """Run the benchmarks named, or all of them. With --gate, 1 when a gate is missed."""
    parser = argparse.ArgumentParser(prog="compass bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="a tenth of the size; nothing is kept")
    parser.add_argument("--gate", action="store_true", help="exit 1 when a gate is missed")
    options = parser.parse_args()
    figures: list[Figure] = []
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    if load > cores / 2:
        # What runs for long shares the cores with everybody, what is over at once does not: ratios are no longer fair.
        print(f"Load {load:.1f} on {cores} cores: these figures want a machine of their own.", file=sys.stderr)
    print(HEAD, flush=True)
    for name in options.names or BENCHMARKS:
        for figure in importlib.import_module(f"benchmarks.{name}").measure(quick=options.quick):
            figures.append(figure)
            print(figure.line(), flush=True)
    if not options.quick and not options.names:
        _keep(figures)
    return 1 if options.gate and not all(figure.holds for figure in figures) else 0


def _keep(figures: list[Figure]) -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    table = "\n".join([HEAD, *(figure.line() for figure in figures)])
    before = RESULTS.read_text().partition("\n## ")[2] if RESULTS.exists() else ""
    older = f"\n## {before}" if before else ""
    RESULTS.write_text(
        "# Measured\n\nNewest first; limit and product in the same run, median of three.\n"
        f"\n## {datetime.now(UTC):%Y-%m-%d}, {commit}\n\n{table}\n{older}"
    )


if __name__ == "__main__":
    sys.exit(main())
