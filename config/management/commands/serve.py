"""The web server and the mail worker in one terminal, for trying and developing."""

import signal
import subprocess
import sys

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Serve on http://localhost:8000 and send mail; Ctrl-C stops both."

    def add_arguments(self, parser):
        parser.add_argument("--address", default="localhost:8000")

    def handle(self, *, address, **options):
        manage = [sys.executable, "manage.py"]
        children = [
            subprocess.Popen([*manage, "send_mail", "--interval", "2"]),  # noqa: S603
            subprocess.Popen([*manage, "runserver", address, "--noreload"]),  # noqa: S603
        ]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            children[1].wait()
        except KeyboardInterrupt:
            self.stdout.write("")
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(timeout=10)
