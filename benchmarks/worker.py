"""gunicorn with one worker, and a browser that asks it for pages."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.measure import Figure, children_of, cpu_of, middle

PATIENCE = 600  # seconds for gunicorn to be there, and for a page; a busy machine may need them
FORM = "application/x-www-form-urlencoded"
CSRF = "c" * 32


@dataclass
class Answer:
    status_code: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def cookies(self) -> dict[str, str]:
        pairs = (one.partition(";")[0].partition("=") for one in self.headers.get_all("Set-Cookie") or [])
        return {name: value for name, _equals, value in pairs}

    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Browser:
    """What a person's browser sends, asked as Django's test client is; `session` is one made by `session_of`."""

    worker: "Worker"
    session: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)  # headers of every request

    def __post_init__(self) -> None:
        from django.conf import settings

        self.cookies[settings.CSRF_COOKIE_NAME] = CSRF
        if self.session:
            self.cookies[settings.SESSION_COOKIE_NAME] = self.session

    def get(self, address: str, headers: dict[str, str] | None = None) -> Answer:
        return self.worker.ask("GET", address, {**self._headers(), **(headers or {})})

    def post(self, address: str, typed: dict | None = None, headers: dict[str, str] | None = None) -> Answer:
        form = urlencode({"csrfmiddlewaretoken": CSRF, **(typed or {})}, doseq=True)
        origin = {"Origin": f"https://{self.worker.host}", "Content-Type": FORM}
        return self.worker.ask("POST", address, {**self._headers(), **origin, **(headers or {})}, form)

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **self.extra}


@dataclass
class Work:
    """Something to ask for, given headers; what has to be there before it is made ready for so many times, unmeasured."""

    ask: Callable[[dict[str, str]], Answer]
    prepare: Callable[[int], Any] = lambda times: None


@dataclass
class Worker:
    socket: str
    pid: int
    host: str
    log: Path

    def ask(self, method: str, address: str, headers: dict[str, str], body: str | None = None) -> Answer:
        connection = _ThroughSocket(self.socket)
        with contextlib.closing(connection):
            about = {"Host": self.host, "X-Forwarded-Proto": "https", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
            connection.request(method, address, body, {**about, **headers})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def cpu(self) -> float:
        """Seconds so far, read once the worker waits for the next request."""
        before = -1.0
        while True:
            now, state = cpu_of(self.pid), Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
            if now == before and state == "S":
                return now
            before = now
            time.sleep(0.002)

    def spent(self, work: "Work", times: int) -> float:
        """Milliseconds of the worker a call of `work`."""
        work.prepare(times)
        before = self.cpu()
        for _time in range(times):
            work.ask({})
        return (self.cpu() - before) * 1000 / times


class _ThroughSocket(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


@contextlib.contextmanager
def serving() -> Iterator[Worker]:
    """The settings and the database are those of this process."""
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        path, log = f"{folder}/socket", Path(folder, "log")
        command = [sys.executable, "-m", "gunicorn", "benchmarks.wsgi:application", "--workers", "1"]
        command += ["--bind", f"unix:{path}", "--access-logfile", f"{folder}/access", "--log-file", str(log)]
        with log.open("w") as output:
            server = subprocess.Popen(command, env=os.environ, stdout=output, stderr=output)  # noqa: S603
        try:
            yield Worker(path, _pid_of_worker(server, log, path), settings.ALLOWED_HOSTS[0], log)
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _pid_of_worker(server: subprocess.Popen, log: Path, path: str) -> int:
    for _wait in range(PATIENCE * 10):
        if server.poll() is not None:
            break
        if Path(path).exists() and (found := children_of(server.pid)):
            return found[0]
        time.sleep(0.1)
    raise SystemExit(f"gunicorn is not there:\n{log.read_text()}")


def session_of(user) -> str:
    """A log-in that the service itself wrote."""
    from django.conf import settings
    from django.test import Client

    from tests.accounts.factories import log_in

    return log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value


def page_of(worker: Worker, browser: Browser, address: str, marker: str = "") -> Work:
    """The page, and no other."""
    return Work(lambda headers: checked(worker, address, browser.get(address, headers), marker))


def checked(worker: Worker, address: str, answer: Answer, marker: str = "", status: int = 200) -> Answer:
    if answer.status_code != status or marker.encode() not in answer.content:
        where = answer.headers.get("Location", "")
        raise SystemExit(
            f"{address}: {answer.status_code} {where} without {marker!r}\n{worker.log.read_text()[-3000:]}"
        )
    return answer


def figures_of(
    worker: Worker,
    works: dict[str, Work],
    *,
    bare: str = "/bare/",
    times: int = 8,
    bare_times: int = 24,
    rounds: int = 7,
) -> Iterator[Figure]:
    """CPU of each piece of work beside the bare view, taken in turns, and its queries."""
    yardstick = page_of(worker, Browser(worker), bare)
    pairs: dict[str, list[tuple[float, float]]] = {what: [] for what in works}
    queries = {}
    for what, work in works.items():
        worker.spent(work, 2)
        work.prepare(1)
        queries[what] = int(work.ask({"X-Count-Queries": "1"}).headers["X-Queries"])
    for _round in range(rounds):
        for what, work in works.items():
            pairs[what].append((worker.spent(work, times), worker.spent(yardstick, bare_times)))
    for what in works:
        yield middle(what, pairs[what], queries=queries[what])
