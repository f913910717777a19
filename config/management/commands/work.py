"""All workers under one supervisor: loaded once, forked, started again when one ends."""

import gc
import logging
import os
import signal
import time
from dataclasses import dataclass

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from config.preload import load_pages
from core.failures import log_failure

logger = logging.getLogger(__name__)

WORKERS = {
    "mail": ["send_mail"],
    "tasks": ["db_worker", "--no-reload", "--verbosity", "0"],
    "reminders": ["send_reminders", "--forever"],
}
PATIENCE = 30  # seconds that a worker has to finish what it is at
SHORTEST_LIFE = 5  # seconds; one that ends sooner is started again after so long
STOPS = (signal.SIGTERM, signal.SIGINT)


@dataclass
class Child:
    name: str
    pid: int
    started: float


class Command(BaseCommand):
    help = "Run the mail, task and reminder workers until told to stop. Their code is in memory once."

    def handle(self, **options):
        load_pages()
        gc.collect()
        gc.freeze()
        self.is_stopping = False
        for number in STOPS:
            signal.signal(number, self.stop)
        self.children = {child.pid: child for child in map(start, WORKERS)}
        while self.children:
            self.wait_for_one()

    def stop(self, *_signal):
        """Tell all to finish; a second time, or when their time is over, they are ended."""
        for pid in self.children:
            os.kill(pid, signal.SIGKILL if self.is_stopping else signal.SIGTERM)
        self.is_stopping = True
        signal.signal(signal.SIGALRM, self.stop)
        signal.alarm(PATIENCE)

    def wait_for_one(self):
        pid, status = os.wait()
        child = self.children.pop(pid, None)
        if child is None or self.is_stopping:
            return
        logger.error("the %s worker ended (%s) and is started again", child.name, os.waitstatus_to_exitcode(status))
        time.sleep(max(0, SHORTEST_LIFE - (time.monotonic() - child.started)))
        if not self.is_stopping:
            again = start(child.name)
            self.children[again.pid] = again


def start(name):
    """Fork a worker. It has signals and connections of its own."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return Child(name, pid, time.monotonic())
    for number in (*STOPS, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        call_command(*WORKERS[name])
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except Exception as error:  # noqa: BLE001 – said in the log; the supervisor starts it again
        log_failure(logger, "the %s worker failed", name, error=error)
    finally:
        os._exit(code)
