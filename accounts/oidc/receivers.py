"""What happens to sessions at the doors, as far as clients are concerned."""

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from accounts import sessions
from accounts.oidc import logout_notices, sign_ons
from accounts.signals import sessions_ended
from notifications.signals import worker_looked


@receiver(user_logged_in)
def note_authentication(sender, *, request, user, **kwargs):
    sessions.note_beginning(request, user)
    sign_ons.note_authentication(request.session)


@receiver(user_logged_out)
def end_sign_on(sender, *, request, **kwargs):
    sign_ons.end_session(request.session)


@receiver(sessions_ended)
def end_sign_ons(sender, *, user, **kwargs):
    sign_ons.end_all_of(user)


@receiver(worker_looked)
def deliver_logout_notices(sender, *, should_stop, **kwargs):
    return logout_notices.deliver_due(should_stop=should_stop)
