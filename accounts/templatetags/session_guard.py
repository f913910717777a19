from django import template

from accounts import login_flow, sessions

register = template.Library()


@register.inclusion_tag("components/session_guard.html", takes_context=True)
def session_guard(context):
    """The warning before a session ends; for who is logged in."""
    request = context["request"]
    return {
        "seconds": max(0, round(sessions.seconds_left(request.session))),
        "person": sessions.tell_apart(request.user),
        "login_url": login_flow.login_url_of(request.user),
        "csrf_token": context.get("csrf_token"),
    }
