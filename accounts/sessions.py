"""Entering a session at any of the doors."""

from django.contrib.auth import login

from accounts.oidc import sign_ons


def enter(request, user):
    """Log `user` in. Whoever else sat at this browser is signed out first, at every client too."""
    if request.user.is_authenticated and request.user.pk != user.pk:
        sign_ons.end_session(request.session)
    login(request, user, backend="accounts.backends.AccountBackend")
