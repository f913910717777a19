"""What a web worker and the other workers keep for themselves, and what a worker costs until its first page.

Goals: 28 MB private after the first page and 45 MB after every page once, 0.4 s of CPU to the first page; the supervisor
with mail, tasks and reminders 110 MB together.
"""

import html
import os
import re
import subprocess
import sys
import time

from benchmarks import people
from benchmarks.measure import Figure, Goal, children_of, cpu_of, private_megabytes
from benchmarks.worker import Browser, serving, session_of

GOALS = {
    "CPU to the first page": Goal(most=400),
    "private after the first page": Goal(most=28),
    "private after every page once": Goal(most=45),
    "supervisor and its workers": Goal(most=110),
}
WORKERS = 3
LEFT_OUT = re.compile(r"^/(static|admin|i18n|logout|mail)/|/(export|file|slip\.pdf|receipt\.pdf)|\.(xlsx|pdf|wav|ics)")


def measure():
    with serving() as worker:
        Browser(worker).get("/bench/")
        yield Figure("CPU to the first page", worker.cpu() * 1000)
        yield Figure("private after the first page", private_megabytes(worker.pid), unit="MB")
        for address, user in people.homes():
            walk(Browser(worker, session_of(user) if user else ""), address)
        yield Figure("private after every page once", private_megabytes(worker.pid), unit="MB")
    yield Figure("supervisor and its workers", workers_megabytes(), unit="MB")


def walk(browser, start):
    """Every page that is linked from the first, one of each kind; what is printed or exported has a worker of its own."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop()
        kind = re.sub(r"[0-9]+|[A-Za-z0-9_-]{20,}", "#", address)
        if kind in seen or LEFT_OUT.search(address):
            continue
        seen.add(kind)
        answer = browser.get(address)
        assert answer.status_code < 500, address
        waiting += map(html.unescape, re.findall(r'href="(/[^"#]*)"', answer.content.decode(errors="ignore")))


def workers_megabytes():
    """Megabytes once all of them are there and wait."""
    command = [sys.executable, "manage.py", "work"]
    supervisor = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        spent = -1.0
        for _second in range(300):
            time.sleep(1)
            pids = [supervisor.pid, *children_of(supervisor.pid)]
            before, spent = spent, sum(map(cpu_of, pids))
            if len(pids) > WORKERS and spent - before < 0.02:
                return sum(map(private_megabytes, pids))
        raise SystemExit("the workers never came to rest")
    finally:
        supervisor.terminate()
        supervisor.wait(60)
