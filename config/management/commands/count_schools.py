from django.core.management.base import BaseCommand

from review.census.daily import count_today


class Command(BaseCommand):
    help = "Keep today's figures of every school, for the census to compare with."

    def handle(self, **options):
        self.stdout.write(f"{count_today()} schools counted")
