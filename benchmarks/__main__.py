"""Runs benchmarks, each in a process and on a database of its own: `make bench`, or `make bench ONLY="pages memory"`.

Prints what each measured beside its yardstick and its goal; ends with 1 when a goal is not met or a benchmark breaks.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from importlib import import_module

BENCHMARKS = [
    "pages", "memory", "sign_on", "registry_pages", "census", "batch_approval", "reminders", "roster_import",
    "issue_bills", "collection_file", "paper_forms", "slips",
]  # fmt: skip
BY_HAND = ["city_pages"]  # held by `make bench-city`: what it measures takes long to make


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; none: all")
    parser.add_argument("--one", metavar="MODULE", help="measure this here, in the environment that is there")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped then
    if options.one:
        return measure_here(options.one)
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return run(options.names or BENCHMARKS)


def run(names: list[str]) -> int:
    from benchmarks.measure import HEADING
    from benchmarks.site import filled_site

    began = time.monotonic()
    print(f"{len(names)} benchmarks; CPU, the middle of some rounds; the database is filled", flush=True)
    with filled_site() as site:
        print(HEADING, flush=True)
        missed = []
        for name in names:
            with site.copy(name) as environment:
                if run_one(f"benchmarks.{name}", environment):
                    missed.append(name)
    print(f"{(time.monotonic() - began) / 60:.1f} minutes; " + (f"NOT MET: {', '.join(missed)}" if missed else "ok"))
    return 1 if missed else 0


def run_one(module: str, environment: dict[str, str]) -> int:
    """In a process of its own: its memory is its own, and what it breaks it breaks for itself."""
    command = [sys.executable, "-m", "benchmarks", "--one", module]
    return subprocess.run(command, env=environment).returncode  # noqa: S603


def measure_here(name: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from benchmarks.measure import judge

    module = import_module(name)
    print(name.rpartition(".")[2], flush=True)
    are_met = True
    for row in judge(module.GOALS, module.measure()):
        print(row, flush=True)
        are_met = are_met and row.is_met
    return 0 if are_met else 1


if __name__ == "__main__":
    sys.exit(main())
