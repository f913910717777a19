"""Where mails go in development: real messages in a folder, read at /mail/."""

import mailbox

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


def open_mailbox():
    settings.MAILBOX_DIR.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(settings.MAILBOX_DIR, factory=None)


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, messages):
        box = open_mailbox()
        for message in messages:
            box.add(message.message().as_bytes())
        return len(messages)
