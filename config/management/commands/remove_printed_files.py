from django.core.management.base import BaseCommand

from core.printing.batches import sweep
from core.printing.models import PrintBatch


class Command(BaseCommand):
    help = "Remove files of paper forms, reminder slips and bills that were made more than a day ago."

    def handle(self, **options):
        removed = sum(sweep(model.objects.all()) for model in PrintBatch.__subclasses__())
        self.stdout.write(f"{removed} removed")
