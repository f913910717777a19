from django.core.management.base import BaseCommand

from core.printing.batches import sweep
from registry.models import PaperFormBatch


class Command(BaseCommand):
    help = "Remove files of paper forms that were made more than a day ago."

    def handle(self, **options):
        self.stdout.write(f"{sweep(PaperFormBatch.objects.all())} removed")
