"""What the workers do for billing at each of their looks, and who hears of bills."""

from django.dispatch import receiver

from billing.api import webhooks
from billing.api.models import WebhookDelivery
from billing.bills import releasing, reminders
from billing.bills.shares import money_by_school
from billing.family.overview import due_of
from billing.payments import gateway_polling, notify
from billing.payments.sandbox import delivery
from billing.signals import bills_issued, bills_paid, bills_reopened, bills_voided
from binding.signals import launcher_shown
from notifications.signals import objections_asked, reminders_looked, worker_looked
from registry.signals import money_asked


@receiver(worker_looked)
def deliver_sandbox_callbacks(sender, *, should_stop, **kwargs):
    return delivery.deliver_due(should_stop=should_stop)


@receiver(worker_looked)
def ask_about_missed_callbacks(sender, *, should_stop, **kwargs):
    return gateway_polling.ask_about_missed(should_stop=should_stop)


@receiver(worker_looked)
def release_batches(sender, *, should_stop, **kwargs):
    return releasing.release_due(should_stop=should_stop)


@receiver(worker_looked)
def deliver_webhooks(sender, *, should_stop, **kwargs):
    return webhooks.deliver_due(should_stop=should_stop)


@receiver(money_asked)
def tell_what_is_paid(sender, *, school, **kwargs):
    return money_by_school(school)


@receiver(launcher_shown)
def tell_what_is_due(sender, *, user, **kwargs):
    return due_of(user)


@receiver(objections_asked)
def object_to_mail(sender, *, message, **kwargs):
    return notify.objection_to(message)


@receiver(reminders_looked)
def remind_of_bills(sender, *, should_stop, **kwargs):
    return reminders.send_due(should_stop=should_stop)


@receiver(bills_issued)
def post_issued(sender, *, bills, **kwargs):
    webhooks.notify(WebhookDelivery.Kind.ISSUED, bills)


@receiver(bills_paid)
def post_paid(sender, *, bills, **kwargs):
    reminders.stop(bills)
    webhooks.notify(WebhookDelivery.Kind.SETTLED, bills)


@receiver(bills_voided)
def post_voided(sender, *, bills, **kwargs):
    reminders.stop(bills)
    webhooks.notify(WebhookDelivery.Kind.VOIDED, bills)


@receiver(bills_reopened)
def post_reopened(sender, *, bills, **kwargs):
    webhooks.forget(bills)
    webhooks.notify(WebhookDelivery.Kind.ISSUED, bills)
