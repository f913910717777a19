from django.core.management.base import BaseCommand

from billing.bills.charge_tables import forget_tables


class Command(BaseCommand):
    help = "Forget tables of charges whose columns nobody confirmed within a week."

    def handle(self, **options):
        self.stdout.write(f"{forget_tables()} forgotten")
