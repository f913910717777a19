"""Every mail of the house with sample data, in every language; its pages exist only where MAILBOX_DIR is set."""

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from config.mail_samples import samples
from notifications.framing import boxed
from notifications.mails import MAILS
from notifications.models import Message


@login_not_required
def mail_list(request: HttpRequest) -> HttpResponse:
    subjects = {message.kind: message.subject for message in samples(get_language())}
    return render(request, "notifications/preview_list.html", {"mails": sorted(subjects.items())})


@login_not_required
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def mail(request: HttpRequest, kind: str) -> HttpResponse:
    shown = [(code, name, _samples_of(kind, code)) for code, name in settings.LANGUAGES]
    context = {"kind": kind, "says": MAILS[kind].__doc__, "is_sensitive": MAILS[kind].is_sensitive}
    return render(request, "notifications/preview.html", context | {"by_language": shown})


@boxed
def mail_html(request: HttpRequest, kind: str, language: str, number: int) -> HttpResponse:
    """The HTML of the sample `number`, counted from 0."""
    found = _samples_of(kind, language)
    if number >= len(found):
        raise Http404
    return HttpResponse(found[number].html)


def _samples_of(kind: str, language: str) -> list[Message]:
    if kind not in MAILS or language not in dict(settings.LANGUAGES):
        raise Http404
    return [message for message in samples(language) if message.kind == kind]
