"""All workers under one supervisor: loaded once, forked, started again when one ends."""

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django_tasks_db.management.commands.db_worker import Command as DoTasks

from config.preload import load_mails
from core.failures import log_failure
from notifications.management.commands.send_mail import Command as SendMail
from review.reminders.management.commands.send_reminders import PAUSE
from review.reminders.management.commands.send_reminders import Command as SendReminders

logger = logging.getLogger(__name__)

PATIENCE = 30  # seconds that a worker has to finish what it is at
SHORTEST_LIFE = 5  # seconds; one that failed sooner is started again after so long
STOPS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Worker:
    """A command with its options. It runs until told to stop, or ends by itself and begins anew `pause` seconds later."""

    command: type[BaseCommand]
    options: tuple[str, ...] = ()
    pause: int = 0


# Each ends once it has done something, and what that needed of memory goes with its process.
WORKERS = {
    "mail": Worker(SendMail, ("--until-sent",)),
    "tasks": Worker(DoTasks, ("--no-reload", "--no-startup-delay", "--max-tasks", "1", "--verbosity", "0")),
    "reminders": Worker(SendReminders, ("--by-day",), pause=PAUSE),
}


@dataclass
class Child:
    name: str
    pid: int
    started: float


class Command(BaseCommand):
    help = "Run the mail, task and reminder workers until told to stop. Their code is in memory once."

    def handle(self, **options):
        rehearse()
        load_mails()
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
        pause = WORKERS[child.name].pause
        if status:
            code = os.waitstatus_to_exitcode(status)
            logger.error("the %s worker ended (%s) and is started again", child.name, code)
            pause = max(pause, SHORTEST_LIFE - (time.monotonic() - child.started))
        again = start(child.name, after=pause)
        self.children[again.pid] = again


def rehearse():
    """Looks that stop before their first mail: what a line of Python makes at its first run is shared then, too."""
    stopped = threading.Event()
    stopped.set()
    SendMail().look(stopped)
    SendReminders().look(stopped)


def start(name, after=0):
    """Fork a worker, which begins `after` so many seconds. It has signals and connections of its own."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return Child(name, pid, time.monotonic())
    for number in (*STOPS, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        time.sleep(after)
        call_command(WORKERS[name].command(), *WORKERS[name].options)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except Exception as error:  # noqa: BLE001 – said in the log; the supervisor starts it again
        log_failure(logger, "the %s worker failed", name, error=error)
    finally:
        os._exit(code)
