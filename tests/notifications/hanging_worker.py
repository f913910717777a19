"""A worker that takes a mail in hand and then hangs, for being killed: `python -m tests.notifications.hanging_worker`."""

import sys
import time

import django
from django.core.mail.backends.base import BaseEmailBackend


class HangingBackend(BaseEmailBackend):
    def send_messages(self, messages):
        sys.stdout.write("in hand\n")
        sys.stdout.flush()
        time.sleep(60)


if __name__ == "__main__":
    django.setup()
    from django.conf import settings

    from notifications.delivery import deliver_due

    settings.EMAIL_BACKEND = "tests.notifications.hanging_worker.HangingBackend"
    deliver_due()
