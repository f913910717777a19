"""Sessions: how one begins, how long it lasts, and its end."""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, login, update_session_auth_hash
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import device_cookie, throttle, trusted_devices, user_agents
from accounts.backends import read_with_session
from accounts.models import BrowserSession, User
from accounts.models.sessions import DEVICE, KIND, SEEN, STARTED
from accounts.signals import session_ended
from audit import log
from core.one_time_links import digest_of
from registry.roles import AccountKind

LEFT_BEHIND = "left_behind"  # whose session ran out in this browser
MINUTE = 60  # seconds; `seen_at` is written once a minute at most


def enter(request, user):
    """Log `user` in under a new key. Whoever else sat at this browser is signed out first, at every client too."""
    if request.user.is_authenticated and request.user.pk != user.pk:
        session_ended.send(User, session=request.session)
    login(request, user, backend="accounts.backends.AccountBackend")
    request.session.cycle_key()
    request.session.pop(LEFT_BEHIND, None)
    if not user.owes_second_factor or trusted_devices.let_in(request, user):
        know_device(request, user)


def know_device(request, user):
    """Everything was shown: from now on this browser is known for this account."""
    device_cookie.note(request, throttle.key_of(*throttle.scope_of(user)), user)


def stay_logged_in(request, user):
    """Keep this session after a new password or an end of all sessions, which log out everywhere else."""
    user.refresh_from_db(fields=["session_epoch", "password"])
    update_session_auth_hash(request, user)
    if not user.owes_second_factor or user.is_verified():
        know_device(request, user)


def note_beginning(request, user):
    """Write into the session when it began, whose kind it is and on what device."""
    now = time.time()
    request.session.update({STARTED: now, SEEN: now, KIND: user.kind, DEVICE: user_agents.device_of(request)})


def person_of(request):
    """Who is behind the session; nobody when it was idle for too long, or is too old."""
    session = request.session
    if SESSION_KEY in session:
        if seconds_left(session) <= 0:
            run_out(session)
        elif session[SEEN] < time.time() - MINUTE:
            session[SEEN] = time.time()
    token = read_with_session.set(session.person)
    try:
        return get_user(request)
    finally:
        read_with_session.reset(token)


def stay(session):
    """Begin the time without use anew."""
    session[SEEN] = time.time()


def seconds_left(session):
    """Until the session ends if nothing is done."""
    if STARTED not in session:
        return 0
    ends = min(session[SEEN] + idle_minutes(session[KIND]) * 60, session[STARTED] + settings.SESSION_COOKIE_AGE)
    return ends - time.time()


def idle_minutes(kind):
    return settings.STAFF_IDLE_MINUTES if kind == AccountKind.STAFF else settings.IDLE_MINUTES


def run_out(session):
    """The time is over: clients hear of it as of a log-out. Whose it was stays, for what they were about to send."""
    whose = session[SESSION_KEY]
    session_ended.send(User, session=session)
    session.flush()
    session[LEFT_BEHIND] = whose


def ran_out(session):
    """Whether somebody was at this browser until the time was over, and did not log in since."""
    return LEFT_BEHIND in session


def mark_of(session):
    """A word for this log-in that may be kept beside what was typed in it; "" before there is one.

    The key of a session changes with a log-in and with a new password, and is gone after a log-out or when its time is
    over: then the mark is no log-in's any longer. Another browser of the same account has another.
    """
    return digest_of(session.session_key)[:24] if session.session_key else ""


def tell_apart(user):
    """A word for the person that pages carry, so that a page left open is not sent by somebody else."""
    return _word_for(user.pk)


def left_behind(session):
    """The word (`tell_apart`) for whose session ran out in this browser, or None."""
    return _word_for(session[LEFT_BEHIND]) if LEFT_BEHIND in session else None


def _word_for(pk):
    return salted_hmac("person-of-a-page", str(pk)).hexdigest()[:16]


def of(user):
    """The sessions of `user` that last, the one used last first."""
    now = timezone.now()
    return BrowserSession.objects.filter(
        user=user,
        seen_at__gt=now - timedelta(minutes=idle_minutes(user.kind), seconds=MINUTE),
        started_at__gt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    ).order_by("-seen_at")


@transaction.atomic
def end(rows, *, by):
    """Sign out elsewhere: these sessions and what clients were given in them. Returns how many ended."""
    ended = 0
    for row in rows:
        kept = row.get_decoded()
        if BrowserSession.objects.filter(pk=row.pk).delete()[0]:
            session_ended.send(User, session=kept)
            ended += 1
    if ended:
        log.record("session.ended_elsewhere", by=by, target=by, data={"sessions": ended})
    return ended
