"""So many uses in a while, no more: of forms that could find something out or send mails, of payments, of the API."""

from django.forms import Form
from django.utils.translation import ngettext

from accounts import counters
from accounts.pauses import Paused
from accounts.throttle import key_of


def consume(what: str, who: object, *, limit: int, minutes: int | None = None) -> None:
    """Count one use of `what` by `who`; raise `Paused` after `limit` within `minutes` (LOGIN_FAILURE_MINUTES)."""
    key = key_of(what, who)
    counter = counters.count([key], minutes=minutes)[key]
    if counter.attempts > limit:
        raise Paused(counter.seconds_left)


def allows(form: Form, what: str, who: object, *, limit: int) -> bool:
    """Whether this posting of `what` by `who` is within the ration of `limit` a window; else the form says so."""
    try:
        consume(what, who, limit=limit)
    except Paused as paused:
        words = ngettext(
            "短時間內送出太多次了，請等 %(minutes)d 分鐘再試。您填寫的內容還在這一頁。",
            "短時間內送出太多次了，請等 %(minutes)d 分鐘再試。您填寫的內容還在這一頁。",
            paused.minutes,
        )
        form.add_error(None, words % {"minutes": paused.minutes})
        return False
    return True
