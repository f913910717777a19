"""Forms whose answer could be used to find something out, or to send mails: so many postings in a while, no more."""

from django.utils.translation import gettext as _

from accounts import throttle


def allows(form, what, who, *, limit):
    """Whether this posting of `what` by `who` is within the ration of `limit` a window; else the form says so."""
    try:
        throttle.ration(what, who, limit=limit)
    except throttle.Paused as paused:
        words = _("短時間內送出太多次了，請等 %(minutes)d 分鐘再試。您填寫的內容還在這一頁。")
        form.add_error(None, words % {"minutes": paused.minutes})
        return False
    return True
