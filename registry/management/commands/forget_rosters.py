from django.core.management.base import BaseCommand

from registry.roster import forget_old_imports


class Command(BaseCommand):
    help = "Let go of rosters that were uploaded over a week ago and never decided."

    def handle(self, **options):
        forgotten = 0
        while some := forget_old_imports():
            forgotten += some
        self.stdout.write(f"{forgotten} forgotten")
