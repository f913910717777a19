"""A mail's own HTML, shown in a frame of ours."""

from csp.decorators import csp
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.clickjacking import xframe_options_sameorigin

BOX = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


def boxed(view):
    """A page that is a mail's own HTML: shown in a frame of ours, without scripts."""
    return login_not_required(xframe_options_sameorigin(csp(BOX)(view)))
