"""Where mails go in development: real messages in a folder, read at /mail/."""

import mailbox

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend


def open_mailbox():
    folder = settings.MAILBOX_DIR
    if folder is None:
        raise ImproperlyConfigured("There is a mailbox only where MAILBOX_DIR is set.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(folder, factory=None)


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, messages):
        box = open_mailbox()
        for message in messages:
            box.add(message.message().as_bytes())
        return len(messages)
