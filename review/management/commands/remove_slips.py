from django.core.management.base import BaseCommand

from core.printing.batches import sweep
from review.reminders.models import SlipBatch


class Command(BaseCommand):
    help = "Remove files of reminder slips that were made more than a day ago."

    def handle(self, **options):
        self.stdout.write(f"{sweep(SlipBatch.objects.all())} removed")
