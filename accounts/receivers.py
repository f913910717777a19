"""What people do in the rooms below, which know no people, is written to the event log here."""

from django.dispatch import receiver

from audit import log
from notifications.signals import message_resent


@receiver(message_resent)
def record_resent_mail(sender, *, message, by, **kwargs):
    log.record("message.resent", by=by, target=message)
