"""The mailbox of development; its addresses exist only where MAILBOX_DIR is set."""

import email
import email.policy
from datetime import UTC, datetime

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render

from notifications.framing import boxed
from notifications.mailbox import open_mailbox

NEWEST = 100


@login_not_required
def mail_list(request):
    box = find_mailbox()
    keys = sorted(box.keys(), reverse=True)[:NEWEST]
    letters = [(key, letter, sent_at(letter)) for key, letter in ((key, read(box, key)) for key in keys)]
    letters.sort(key=lambda row: row[2] or datetime.min.replace(tzinfo=UTC), reverse=True)
    return render(request, "notifications/mail_list.html", {"letters": letters})


@login_not_required
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def mail(request, key):
    letter = read(find_mailbox(), key)
    context = {
        "letter": letter,
        "text": part(letter, "plain"),
        "has_html": part(letter, "html") is not None,
        "key": key,
    }
    return render(request, "notifications/mail.html", context)


@boxed
def mail_html(request, key):
    html = part(read(find_mailbox(), key), "html")
    if html is None:
        raise Http404
    return HttpResponse(html)


def find_mailbox():
    if settings.MAILBOX_DIR is None:
        raise Http404
    return open_mailbox()


def part(letter, subtype):
    """The text of a mail's plain or html part, or None: what Django itself mails has one part only."""
    body = letter.get_body([subtype])
    return body.get_content() if body else None


def sent_at(letter):
    """When it was sent, or None. Django names no zone (-0000), which means UTC and parses as naive."""
    moment = letter["Date"].datetime if letter["Date"] else None
    if moment is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment


def read(box, key):
    try:
        return email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
    except KeyError as error:
        raise Http404 from error
