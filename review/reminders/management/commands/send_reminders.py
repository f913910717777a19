"""Reminders before the deadline."""

import logging
import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from core.failures import log_failure
from notifications.signals import reminders_looked
from review.reminders.sending import send_due

logger = logging.getLogger(__name__)

PAUSE = 3600  # seconds between two looks
DAYTIME = range(8, 20)  # hours of the day at which a mail is no disturbance


class Command(BaseCommand):
    help = "Mail the families that are due: on their school's ladder, and for their bills; as often a day as wanted."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="look every hour by day, until told to stop")
        parser.add_argument("--by-day", action="store_true", help="do nothing at night")

    def handle(self, *, forever, by_day, **options):
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if not forever:
            return self.once(stop) if is_day() or not by_day else None
        while not stop.is_set():
            if is_day():
                self.look(stop)
            close_old_connections()
            stop.wait(PAUSE)
        return None

    def once(self, stop):
        try:
            counts = send_due(should_stop=stop.is_set)
        finally:
            others, failed = self.others(stop)
        self.stdout.write(f"{counts.mails + others} mails, {counts.schools} schools")
        if counts.failed:
            raise CommandError(f"{len(counts.failed)} schools failed, see the log")
        if failed:
            raise CommandError("reminders of another room failed, see the log")

    def others(self, stop):
        """(mails, failures) of the rooms that remind families of something of their own."""
        mails, failed = 0, 0
        for _receiver, answer in reminders_looked.send_robust(type(self), should_stop=stop.is_set):
            if isinstance(answer, Exception):
                log_failure(logger, "reminders of another room failed", error=answer)
                failed += 1
            else:
                mails += answer
        return mails, failed

    def look(self, stop):
        """One look; what fails is said in the log, and the bills' reminders have their turn all the same."""
        try:
            send_due(should_stop=stop.is_set)
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database does not answer (%s), trying again", type(error).__name__)
        except Exception as error:
            log_failure(logger, "reminders failed", error=error)
        self.others(stop)


def is_day():
    return timezone.localtime().hour in DAYTIME
