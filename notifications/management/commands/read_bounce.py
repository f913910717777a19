"""One bounce, as the relay hands it over."""

import logging
import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from core.failures import log_failure
from notifications.bounces.taking import take

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Read one mail to the bounce address on standard input, as a pipe of the mail server gives it."
    requires_system_checks: list[str] = []  # one process a bounce

    def add_arguments(self, parser):
        parser.add_argument("--recipient", default="", help="the address on its envelope, if the relay names it")

    def handle(self, *, recipient, **options):
        """Ends with EX_TEMPFAIL where the relay is to keep it and try again; else well, so that no answer is sent."""
        raw = sys.stdin.buffer.read(settings.BOUNCE_MAX_BYTES)
        while sys.stdin.buffer.read(settings.BOUNCE_MAX_BYTES):
            pass  # a relay that cannot write all of it would take that for a failure
        if not settings.BOUNCE_DOMAIN:
            logger.error("BOUNCE_DOMAIN is not set, so no bounce can be ours")
            sys.exit(os.EX_TEMPFAIL)
        try:
            self.stdout.write(take(raw, recipient=recipient))
        except Exception as error:  # noqa: BLE001 – the relay would send back what we could not read yet
            log_failure(logger, "a bounce could not be written down", error=error)
            sys.exit(os.EX_TEMPFAIL)
