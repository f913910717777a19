"""One's own password asked again before something that matters; attempts count as at log-in."""

import time

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import passwords, throttle
from audit import log

AUTHENTICATED_AT = "authenticated_at"


def note_authentication(session):
    """Remember when the password was shown, to the split second: a log-in asked for comes after the asking."""
    session[AUTHENTICATED_AT] = time.time()


def authenticated_at(session):
    """When the password was last shown in this session: seconds since 1970; 0.0 where it never was."""
    return session.get(AUTHENTICATED_AT, 0.0)


def fits(form, field, user):
    """Whether what was typed into `field` is the user's password; why not, the form says. A wrong one is an event."""
    try:
        attempt = throttle.consume_of(user)
    except throttle.Paused as paused:
        words = ngettext(
            "%(label)s輸入錯誤太多次，請等 %(minutes)d 分鐘再試。",
            "%(label)s輸入錯誤太多次，請等 %(minutes)d 分鐘再試。",
            paused.minutes,
        )
        form.add_error(field, words % {"label": form.fields[field].label, "minutes": paused.minutes})
        return False
    if passwords.password_fits(user, form.cleaned_data[field]):
        throttle.clear(attempt)
        return True
    with transaction.atomic():
        log.record("password.refused", by=user, target=user, school=user.school)
    form.add_error(field, _("%(label)s不正確，請再輸入一次。") % {"label": form.fields[field].label})
    return False
