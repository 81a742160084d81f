"""Which benchmarks are there? `python -m tests.bench NAME… [--json] [--rounds N]`; without a name it lists them.

Each name belongs to a module whose `benchmark(name)` returns what measures it. Lines of `name ratio low high rounds`,
or with --json one object a line, go to standard output; what each round gave goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

import orjson

from tests.bench.measured import FEWEST_ROUNDS, Benchmark
from tests.bench.reads.comparisons import COMPARISONS

MODULES = {
    "append.64": "tests.bench.writes.append",
    "append.16": "tests.bench.writes.append",
    "append.tenfold.64": "tests.bench.writes.append",
    "append.tenfold.16": "tests.bench.writes.append",
    "append.library": "tests.bench.writes.append",
    "append.stale": "tests.bench.writes.append",
    "order.late": "tests.bench.writes.order",
    "mutation.cpu": "tests.bench.writes.mutation",
    "mutation.view": "tests.bench.writes.mutation",
    "connections.process": "tests.bench.writes.connections",
    "project.library": "tests.bench.views.following",
    "rebuild.library": "tests.bench.views.following",
    "lag.p50_ms": "tests.bench.views.following",
    "read_your_writes.library": "tests.bench.views.following",
    "as_of.record": "tests.bench.views.past",
    "as_of.list": "tests.bench.views.past",
    "as_of.statistics": "tests.bench.views.past",
    "as_of.sort": "tests.bench.views.past",
    **dict.fromkeys((each.name for each in COMPARISONS), "tests.bench.reads.measure"),
}


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmarks that are named, one after the other."""
    parser = argparse.ArgumentParser(prog="bench", description="性能比值 | Ratios, measured side by side.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(MODULES)}; a prefix takes all below it")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help=f"{FEWEST_ROUNDS} unless told")
    parser.add_argument("--events", type=int, help="how many events the views are measured on; 1,000,000 unless told")
    given = parser.parse_args(arguments)
    if given.events:
        os.environ["SHANGHUI_BENCH_EVENTS"] = str(given.events)
    asked = [each.replace("-", "_") for each in given.names]
    chosen = [name for name in MODULES if any(f"{name}.".startswith(f"{each}.") for each in asked)]
    if not chosen:
        parser.print_help(sys.stderr)
        sys.exit(2 if given.names else 0)
    for name in chosen:
        found = _benchmark(name)(given.rounds, _note)
        print(orjson.dumps(found._asdict()).decode() if given.json else found, flush=True)  # noqa: T201  # its result


def _benchmark(name: str) -> Benchmark:
    found: Benchmark = import_module(MODULES[name]).benchmark(name)
    return found


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  # for whoever watches


if __name__ == "__main__":
    main()
