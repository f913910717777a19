"""What somebody sent after the session had run out: kept, sealed, until the same person has logged in again.

Only fields of text, never a file, a password, a code or an ID number. It lies in the session of the browser that sent it.
Whose it is the session that ran out tells; where a phone closed the browser and forgot the session, the form itself
does, by a signed word that it carries for families and parents (`field_for`).
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import pauses, rations, throttle
from accounts.sessions import left_behind, tell_apart
from audit import context
from core import crypto, identity
from registry.roles import AccountKind

KEY = "saved_post"
FIELD = "person_token"
MOST_A_NETWORK = 100  # within LOGIN_FAILURE_MINUTES; a school's families share one
MOST_CHARACTERS = 100_000
SECRET = re.compile(r"passw|confirmation|identity|token|captcha|csrf|code|secret", re.IGNORECASE)


@dataclass(frozen=True)
class SavedPost:
    """`url` is where it was to go, `page` the one it was typed on, `fields` pairs of name and text."""

    url: str
    page: str
    fields: list
    is_whole: bool


def keep(request):
    """Keep what was posted, for the one whose session ran out in this browser. Returns whether there was anything."""
    whose = left_behind(request.session) or _named_by_form(request)
    if whose is None:
        return False
    posted = [(name, text) for name, texts in request.POST.lists() for text in texts]
    fields = [(name, text) for name, text in posted if may_be_kept(name, text)]
    if not fields or sum(len(name) + len(text) for name, text in fields) > MOST_CHARACTERS:
        return False
    asked = {name for name, _text in posted} - {"csrfmiddlewaretoken", FIELD}
    kept = {
        "whose": whose,
        "url": request.get_full_path(),
        "page": page_of(request),
        "fields": fields,
        "is_whole": asked == {name for name, _text in fields} and not request.FILES,
    }
    request.session[KEY] = crypto.encrypt(json.dumps(kept))
    return True


def field_for(request):
    """What each form of a family or parent carries, as HTML; blank for others, whose desks have many forms a page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.kind == AccountKind.STAFF:
        return SafeString("")
    word = TimestampSigner(salt=FIELD).sign(tell_apart(user))
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, word)


def _named_by_form(request):
    """Whose form it is by its signed word. So few from one network that strangers fill no table with one of theirs."""
    try:
        age = settings.SESSION_COOKIE_AGE
        whose = TimestampSigner(salt=FIELD).unsign(request.POST.get(FIELD, ""), max_age=age)
        rations.consume("saved-post", throttle.network_of(context.current().ip_address), limit=MOST_A_NETWORK)
    except BadSignature:
        return None
    except pauses.Paused:
        pauses.begin()
        return None
    return whose


def may_be_kept(name, text):
    return not SECRET.search(name) and not identity.is_in(text)


def page_of(request):
    """The page of ours that the form stood on, or nothing."""
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came_from.netloc != request.get_host() or not came_from.path.startswith("/"):
        return ""
    return f"/{came_from.path.lstrip('/')}"


def take_out(request):
    """What this person sent too late, or None; it is shown once."""
    sealed = request.session.pop(KEY, None)
    if sealed is None:
        return None
    kept = json.loads(crypto.decrypt(sealed))
    if kept.pop("whose") != tell_apart(request.user):
        return None
    return SavedPost(**kept)
