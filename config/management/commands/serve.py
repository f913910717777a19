"""The web server and the workers in one terminal, for trying and developing."""

import signal
import subprocess
import sys
import threading

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve pages, send mail and reminders, do long tasks; Ctrl-C stops all of it, and so does the end of one."

    def add_arguments(self, parser):
        parser.add_argument("--address", default="localhost:8000")

    def handle(self, *, address, **options):
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        manage = [sys.executable, "manage.py"]
        children = [
            subprocess.Popen([*manage, "send_mail", "--interval", "2"]),  # noqa: S603
            subprocess.Popen([*manage, "send_reminders", "--forever"]),  # noqa: S603
            subprocess.Popen([*manage, "db_worker", "--no-reload", "--verbosity", "0"]),  # noqa: S603
            subprocess.Popen([*manage, "runserver", address, "--noreload"]),  # noqa: S603
        ]
        try:
            while not stop.wait(0.5) and all(child.poll() is None for child in children):
                pass
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=10)
