"""What the mail worker does for billing at each of its looks."""

from django.dispatch import receiver

from billing.actions import asking
from billing.sandbox import delivery
from notifications.signals import worker_looked


@receiver(worker_looked)
def deliver_sandbox_callbacks(sender, *, should_stop, **kwargs):
    return delivery.deliver_due(should_stop=should_stop)


@receiver(worker_looked)
def ask_about_missed_callbacks(sender, *, should_stop, **kwargs):
    return asking.ask_about_missed(should_stop=should_stop)
