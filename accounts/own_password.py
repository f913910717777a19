"""One's own password asked again before something that matters; attempts count as at the door."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions, throttle
from audit import log


def fits(form, field, user):
    """Whether what was typed into `field` is the user's password; why not, the form says. A wrong one is an event."""
    try:
        attempt = throttle.take_of(user)
    except throttle.Paused as paused:
        words = _("%(label)s輸入錯誤太多次，請等 %(minutes)d 分鐘再試。")
        form.add_error(field, words % {"label": form.fields[field].label, "minutes": paused.minutes})
        return False
    if actions.password_fits(user, form.cleaned_data[field]):
        throttle.give_back(attempt)
        return True
    with transaction.atomic():
        log.record("password.refused", by=user, target=user, school=user.school)
    form.add_error(field, _("%(label)s不正確，請再輸入一次。") % {"label": form.fields[field].label})
    return False
