from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.api.models import WebhookDelivery

KEPT = timedelta(days=90)


class Command(BaseCommand):
    help = "Forget events of bills that services were told of, or could not be told, three months ago."

    def handle(self, **options):
        over = WebhookDelivery.objects.exclude(state=WebhookDelivery.State.QUEUED)
        forgotten, _by_model = over.filter(created_at__lt=timezone.now() - KEPT).delete()
        self.stdout.write(f"{forgotten} forgotten")
