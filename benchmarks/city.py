"""Pages in a whole city beside the same school alone: CPU of the web process and of its database session, a request.

    python -m benchmarks.city [--one URL --city URL] [--rounds 5] [--requests 8] [--only PAGE …]

Makes both databases in a PostgreSQL of its own (minutes), or measures two that are there: `make_city` as it is, and
`make_city --schools 1 --students 938`. Both have the school's rows from one pattern. Ends with 1 above a goal.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
from contextlib import contextmanager, nullcontext

from benchmarks.city_pages import GOALS, pages_of_school
from benchmarks.measure import HEADING, judge, middle, spent

SLUGS = ["synthetic-1", "synthetic-121"]  # the school alone; its copy in the midst of the city
ONE = ["--schools", "1", "--students", "938"]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "ENVIRONMENT": "development",
    "DEBUG": "off",
    "LOGIN_FAILURE_LIMIT": "1000000",
}


@contextmanager
def databases():
    """(URL of the school alone, of the city) in a cluster that goes at the end."""
    from tests.support.throwaway_postgres import cluster, find_programs

    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL's server programs are not installed: nothing can be measured.")
    with cluster(programs) as server:
        urls = [server.replace("/postgres?", f"/{name}?") for name in ("one", "city")]
        for url, name, sizes in zip(urls, ("one", "city"), (ONE, []), strict=True):
            subprocess.run([programs / "psql", "-qX", server, "-c", f"CREATE DATABASE {name}"], check=True)
            for command in (["migrate", "--verbosity", "0"], ["make_city", *sizes]):
                run = [sys.executable, "manage.py", *command]
                subprocess.run(run, env={**os.environ, **ENVIRONMENT, "DATABASE_URL": url}, check=True)
        yield urls


class Site:
    """A process that has one of the databases, and answers with what a page cost."""

    def __init__(self, url):
        self.here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve, args=[there, url], daemon=True)
        process.start()

    def ask(self, page, requests):
        """CPU milliseconds a request."""
        self.here.send((page, requests))
        return self.here.recv() / requests


def serve(pipe, url):
    os.environ.update(ENVIRONMENT, DATABASE_URL=url)
    import django

    django.setup()
    from registry.models import School

    pages = pages_of_school(School.objects.order_by("pk").filter(slug__in=SLUGS).last())

    def visit(page):
        answer, status = pages[page](), 302 if page.endswith("log-in") else 200
        assert answer.status_code == status, f"{page}: {answer.status_code} {answer.content[:2000].decode()}"

    while True:
        page, requests = pipe.recv()
        visit(page)
        pipe.send(spent(lambda: [visit(page) for _request in range(requests)]))  # noqa: B023


def figures(urls, goals, *, rounds, requests):
    """The city beside the one; they take turns, and who is first alternates."""
    one, city = map(Site, urls)
    for page in goals:
        pairs = []
        for turn in range(rounds):
            costs = {site: site.ask(page, requests) for site in ((one, city) if turn % 2 else (city, one))}
            pairs.append((costs[city], costs[one]))
        yield middle(page, pairs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--one")
    parser.add_argument("--city")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=8)
    parser.add_argument("--only", nargs="+", metavar="PAGE", default=list(GOALS))
    options = parser.parse_args()
    goals = {page: GOALS[page] for page in options.only}
    are_there = options.one and options.city
    with nullcontext([options.one, options.city]) if are_there else databases() as urls:
        print(HEADING, flush=True)
        rows = []
        for row in judge(goals, figures(urls, goals, rounds=options.rounds, requests=options.requests)):
            rows.append(row)
            print(row, flush=True)
    sys.exit(0 if all(row.is_met for row in rows) else 1)


if __name__ == "__main__":
    main()
