"""The mail worker."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from notifications.delivery import deliver_due
from notifications.signals import worker_looked

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the mails of the outbox, and what else waits to go out, until told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")
        parser.add_argument("--interval", type=float, default=5, help="seconds between two looks")

    def handle(self, *, once, interval, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            sent = self.look(stop)
            if once:
                self.stdout.write(f"{sent} sent")
                return
            if not sent:
                stop.wait(interval)
            # Between two looks, as Django does between two requests: a server that came back is found.
            close_old_connections()

    def look(self, stop):
        try:
            sent = deliver_due(should_stop=stop.is_set)
            for _receiver, others in worker_looked.send(type(self), should_stop=stop.is_set):
                sent += others
            return sent
        except Error as error:
            logger.warning("the database does not answer (%s), trying again", type(error).__name__)
            return 0
