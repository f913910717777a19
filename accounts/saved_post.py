"""What somebody sent after the session had run out: kept, sealed, until the same person has logged in again.

Only fields of text, never a file, a password, a code or an ID number. It lies in the session of the browser that sent it.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.sessions import LEFT_BEHIND
from core import crypto, identity

KEY = "saved_post"
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
    whose = request.session.get(LEFT_BEHIND)
    if whose is None:
        return False
    posted = [(name, text) for name, texts in request.POST.lists() for text in texts]
    fields = [(name, text) for name, text in posted if may_be_kept(name, text)]
    if not fields or sum(len(name) + len(text) for name, text in fields) > MOST_CHARACTERS:
        return False
    asked = {name for name, _text in posted} - {"csrfmiddlewaretoken"}
    kept = {
        "whose": whose,
        "url": request.get_full_path(),
        "page": page_of(request),
        "fields": fields,
        "is_whole": asked == {name for name, _text in fields} and not request.FILES,
    }
    request.session[KEY] = crypto.encrypt(json.dumps(kept))
    return True


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
    if kept.pop("whose") != str(request.user.pk):
        return None
    return SavedPost(**kept)
