"""The mailbox of development; its addresses exist only where MAILBOX_DIR is set."""

import email
import email.policy

from csp.decorators import csp_replace, csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from notifications.mailbox import open_mailbox

NEWEST = 100


@login_not_required
def mail_list(request):
    box = open_mailbox()
    keys = sorted(box.keys(), reverse=True)[:NEWEST]
    letters = [(key, read(box, key)) for key in keys]
    letters.sort(
        key=lambda letter: str(letter[1]["Date"].datetime if letter[1]["Date"] else ""), reverse=True
    )
    return render(request, "notifications/mail_list.html", {"letters": letters})


@login_not_required
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def mail(request, key):
    letter = read(open_mailbox(), key)
    text = letter.get_body(["plain"]).get_content()
    return render(request, "notifications/mail.html", {"letter": letter, "text": text, "key": key})


@login_not_required
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
def mail_html(request, key):
    return HttpResponse(read(open_mailbox(), key).get_body(["html"]).get_content())


def read(box, key):
    try:
        return email.message_from_bytes(box.get_bytes(key), policy=email.policy.default)
    except KeyError as error:
        raise Http404 from error
