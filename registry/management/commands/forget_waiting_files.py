from django.core.management.base import BaseCommand

from registry.waiting_files import forget_files


class Command(BaseCommand):
    help = "Let go of files that waited for a form to be sent again, and were not within a day."

    def handle(self, **options):
        self.stdout.write(f"{forget_files()} forgotten")
