"""What every page may ask of who is logged in, and events of log-in in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts import login_flow, sessions
from core.languages import joined
from registry.roles import Role

EVENTS = {
    "login.failed": _("登入失敗：密碼不對"),
    "login.succeeded": _("登入成功"),
    "password.refused": _("再次輸入密碼：不對"),
    "password.changed": _("改了密碼"),
    "password.reset": _("網路中心重設密碼"),
    "account.unlocked": _("網路中心解除鎖定"),
}


@dataclass(frozen=True)
class SessionEnd:
    """When a session ends of idleness (in seconds), whose it is, and where one logs in again."""

    seconds: int
    person: str
    login_url: str


def session_end(request):
    return SessionEnd(
        max(0, round(sessions.seconds_left(request.session))),
        sessions.tell_apart(request.user),
        login_flow.login_url_of(request.user),
    )


def event_words(event):
    return EVENTS.get(event, event)


def role_words(roles):
    return joined(str(Role(role).label) for role in roles)


FILTERS = {"event_words": event_words, "role_words": role_words}
FUNCTIONS = {"home_of": login_flow.home_of, "session_end": session_end}
