"""What is wrong with the settings of mail: commands that check, as the mail worker does, refuse to start."""

import re
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+")
MAILBOX = re.compile(r"[a-z0-9._-]{1,20}")  # with key and signature below the 64 octets of RFC 5321


@checks.register("mail")
def mail_can_be_answered_for(app_configs, **kwargs):
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    imap = urlsplit(settings.BOUNCE_IMAP_URL)
    wrong = {
        "DEFAULT_FROM_EMAIL must be an address of your own: no mail server takes mail of localhost.": (
            settings.PRODUCTION and not DOMAIN.fullmatch(host.lower())
        ),
        "BOUNCE_DOMAIN must be a domain, such as bounces.example.tw.": (
            bool(settings.BOUNCE_DOMAIN) and not DOMAIN.fullmatch(settings.BOUNCE_DOMAIN)
        ),
        "BOUNCE_MAILBOX must be at most 20 letters, digits, dots, hyphens and underscores.": (
            not MAILBOX.fullmatch(settings.BOUNCE_MAILBOX)
        ),
        "BOUNCE_IMAP_URL must be like imaps://user:password@mail.example.tw/INBOX.": (
            bool(settings.BOUNCE_IMAP_URL) and not (imap.scheme == "imaps" and imap.hostname and imap.username)
        ),
    }
    return [
        checks.Error(words, hint="See docs/settings.md.", id=f"notifications.E00{number}")
        for number, (words, is_wrong) in enumerate(wrong.items(), start=1)
        if is_wrong
    ]
