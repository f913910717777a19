"""The mail worker."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from core.failures import log_failure
from notifications.delivery import deliver_due
from notifications.signals import worker_looked

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the mails of the outbox, and what else waits to go out, until told to stop."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is due now, then end")
        parser.add_argument("--until-sent", action="store_true", help="end after the first look that sent any")
        parser.add_argument("--interval", type=float, default=5, help="seconds between two looks")

    def handle(self, *, once, until_sent, interval, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            sent = self.look(stop)
            if once:
                self.stdout.write(f"{sent} sent")
                if self.failed:
                    raise CommandError(f"{self.failed} queues failed, see the log")
                return
            if sent and until_sent:
                return
            if not sent:
                stop.wait(interval)
            # Between two looks, as Django does between two requests: a server that came back is found.
            close_old_connections()

    def look(self, stop):
        """How many were delivered in one look at every queue; one that fails keeps no other from its turn."""
        answers = [self.mails(stop)]
        answers += [answer for _receiver, answer in worker_looked.send_robust(type(self), should_stop=stop.is_set)]
        failures = [one for one in answers if isinstance(one, Exception)]
        for failure in failures:
            self.note(failure)
        self.failed = len(failures)
        return sum(one for one in answers if not isinstance(one, Exception))

    def mails(self, stop):
        try:
            return deliver_due(should_stop=stop.is_set)
        except Exception as error:  # noqa: BLE001 – said in the log, and the other queues have their turn
            return error

    def note(self, failure):
        if isinstance(failure, OperationalError | InterfaceError):
            logger.warning("the database does not answer (%s), trying again", type(failure).__name__)
        else:
            log_failure(logger, "a queue failed", error=failure)
