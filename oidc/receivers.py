"""What happens to sessions and accounts, as far as clients are concerned."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from accounts.signals import account_left, password_changed, session_ended, sessions_ended
from notifications.signals import worker_looked
from oidc import logout_notices, sign_ons


@receiver(user_logged_out)
def end_sign_on(sender, *, request, **kwargs):
    sign_ons.end_session(request.session)


@receiver(session_ended)
def end_sign_on_of_session(sender, *, session, **kwargs):
    sign_ons.end_session(session)


@receiver(password_changed)
def end_sign_ons(sender, *, user, **kwargs):
    sign_ons.end_all_of([user])


@receiver(sessions_ended)
def end_sign_ons_of_all(sender, *, users, **kwargs):
    sign_ons.end_all_of(users)


@receiver(account_left)
def disconnect_services(sender, *, user, **kwargs):
    sign_ons.disconnect_all(user)


@receiver(worker_looked)
def deliver_logout_notices(sender, *, should_stop, **kwargs):
    return logout_notices.deliver_due(should_stop=should_stop)
