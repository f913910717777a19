"""What every page may ask of who is logged in, and events of log-in in words."""

from dataclasses import dataclass

from accounts import login_flow, sessions
from audit.words import words_of
from core.languages import joined
from registry.roles import Role


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


def role_words(roles):
    return joined(str(Role(role).label) for role in roles)


FILTERS = {"event_words": words_of, "role_words": role_words}
FUNCTIONS = {"home_of": login_flow.home_of, "session_end": session_end}
