from django.core.management.base import BaseCommand

from billing.paper.models import SlipBatch
from core.printing.batches import sweep


class Command(BaseCommand):
    help = "Remove files of bills' slips that were made more than a day ago."

    def handle(self, **options):
        self.stdout.write(f"{sweep(SlipBatch.objects.all())} removed")
