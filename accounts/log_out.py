"""Logging out, and what is said on the page that follows."""

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import login_flow
from accounts.models import User
from accounts.signals import leaving
from audit import log


def log_out(request, *, also=""):
    """End the session of who is logged in; return the address where one logs in again.

    It says there that one is logged out, what rooms above answered to `leaving`, and `also`.
    """
    user = request.user
    front = login_flow.login_url_of(user)
    with transaction.atomic():
        said = [words for _receiver, words in leaving.send(User, user=user)]
        log.record("logout", by=user, target=user)
    logout(request)
    for words in filter(None, [_("已登出。"), *said, also]):
        messages.info(request, words)
    return front
