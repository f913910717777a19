"""What follows from a log-in, and from what people do in the rooms below, which know no people."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts import reauthentication, sessions
from accounts.models import User
from audit import log
from notifications.signals import message_bounced, message_resent
from registry.signals import students_moved_school


@receiver(user_logged_in)
def note_log_in(sender, *, request, user, **kwargs):
    sessions.note_beginning(request, user)
    reauthentication.note_authentication(request.session)


@receiver(message_resent)
def record_resent_mail(sender, *, message, by, **kwargs):
    log.record("message.resent", by=by, target=message)


@receiver(message_bounced)
def record_bounced_mail(sender, *, message, **kwargs):
    log.record("message.bounced", target=message, data={"as": message.bounced_as, "code": message.server_code})


@receiver(students_moved_school)
def take_family_account_along(sender, *, students, **kwargs):
    """The family keeps its account and password; its name is P and the new school's student number."""
    for student in students:
        User.objects.filter(student=student).update(school=student.school_id)
