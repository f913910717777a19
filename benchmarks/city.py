"""Pages in a whole city beside the same school alone: CPU of the web process and its database session, a request.

    python -m benchmarks.city [--one URL --city URL] [--rounds 5] [--requests 10] [--only NAME,…]

Makes both databases in a PostgreSQL of its own (minutes), or measures two that `make_city` made: the city as it is,
`--schools 1 --students 938` for the one. Both have the school's rows from the same pattern. Exits 1 above a goal.
"""

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import django

GOALS = {"city census": 1.2}
GOAL = 1.1  # × the school alone
SLUGS = ["synthetic-1", "synthetic-121"]  # the school alone; its copy in the midst of the city
PASSWORD = "synthetic staff password"  # noqa: S105
ONE = ["--schools", "1", "--students", "938"]
ENVIRONMENT = {"ENVIRONMENT": "development", "DEBUG": "off", "LOGIN_FAILURE_LIMIT": "1000000"}


@contextmanager
def databases():
    """({"one": URL, "city": URL}) of a cluster that goes at the end; making them takes minutes."""
    from tests.support.throwaway_postgres import cluster, find_programs

    programs = find_programs()
    assert programs, "PostgreSQL's server programs are not installed."
    with cluster(programs) as server:
        urls = {name: server.replace("/postgres?", f"/{name}?") for name in ("one", "city")}
        for name, sizes in (("one", ONE), ("city", [])):
            subprocess.run([programs / "psql", "-qX", server, "-c", f"CREATE DATABASE {name}"], check=True)
            for command in (["migrate", "--verbosity", "0"], ["make_city", *sizes]):
                run = [sys.executable, "manage.py", *command]
                subprocess.run(run, env={**os.environ, **ENVIRONMENT, "DATABASE_URL": urls[name]}, check=True)
        yield urls


class Site:
    """A process that has one of the databases, and answers with what a page cost."""

    def __init__(self, url, only):
        self.here, there = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self.process = context.Process(target=serve, args=[there, url, only], daemon=True)
        self.process.start()
        self.pages = self.here.recv()

    def ask(self, name, requests):
        """(CPU ms of the process, of the database, wall ms) a request."""
        self.here.send((name, requests))
        return self.here.recv()


def serve(pipe, url, only):
    os.environ.update(ENVIRONMENT, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings")
    django.setup()
    from benchmarks.city_pages import pages_of_school
    from registry.models import School

    pages = pages_of_school(School.objects.order_by("pk").filter(slug__in=SLUGS).last(), password=PASSWORD)
    pipe.send([name for name in pages if not only or name in only])
    while True:
        name, requests = pipe.recv()
        pipe.send(cost_of(pages[name], requests, status=302 if name.endswith("log-in") else 200))


def cost_of(ask, requests, *, status):
    from django.db import connection

    def ask_well():
        answer = ask()
        assert answer.status_code == status, f"{answer.status_code} {answer.content[:3000].decode()}"

    ask_well()
    backend = connection.connection.info.backend_pid
    started = time.process_time(), cpu_of(backend), time.perf_counter()
    for _request in range(requests):
        ask_well()
    ended = time.process_time(), cpu_of(backend), time.perf_counter()
    return tuple((end - start) * 1000 / requests for start, end in zip(started, ended, strict=True))


def cpu_of(pid):
    """Seconds that a process had a processor for."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def measure(urls, *, rounds, requests, only):
    """Names of pages above their goal; prints a line each. The two take turns, and who is first alternates."""
    sites = {name: Site(url, only) for name, url in urls.items()}
    print(f"{'page':28}  one: CPU (database)   city: CPU (database)   ratio  goal   wall")
    above = []
    for page in sites["one"].pages:
        costs = {name: [] for name in sites}
        for turn in range(rounds):
            for name in sorted(sites, reverse=turn % 2 == 1):
                costs[name].append(sites[name].ask(page, requests))
        cpu = {name: [web + base for web, base, _wall in found] for name, found in costs.items()}
        ratio = statistics.median(city / one for city, one in zip(cpu["city"], cpu["one"], strict=True))
        wall = statistics.median(c[2] / o[2] for c, o in zip(costs["city"], costs["one"], strict=True))
        goal = GOALS.get(page, GOAL)
        base = {name: statistics.median(one[1] for one in found) for name, found in costs.items()}
        median = {name: statistics.median(found) for name, found in cpu.items()}
        figures = "   ".join(f"{median[name]:8.1f} ms ({base[name]:6.1f})" for name in ("one", "city"))
        print(
            f"{page:28} {figures}  {ratio:6.2f}  {goal:.1f}  {wall:5.2f}{'  ABOVE' if ratio > goal else ''}", flush=True
        )
        above += [page] * (ratio > goal)
    return above


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--one")
    parser.add_argument("--city")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=10)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    options = parser.parse_args()
    how = {"rounds": options.rounds, "requests": options.requests, "only": options.only}
    if options.one and options.city:
        above = measure({"one": options.one, "city": options.city}, **how)
    else:
        with databases() as urls:
            above = measure(urls, **how)
    sys.exit(f"above the goal: {', '.join(above)}" if above else 0)


if __name__ == "__main__":
    main()
