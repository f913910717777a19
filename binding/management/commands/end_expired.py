from django.core.management.base import BaseCommand, CommandError

from binding.actions.expiry import end_expired


class Command(BaseCommand):
    help = "Let court orders begin, and end bindings, mandates, restrictions and links whose time is over."

    def handle(self, **options):
        counts = end_expired()
        failed = counts.pop("failed")
        for what, count in counts.items():
            self.stdout.write(f"{count} {what}")
        if failed:
            raise CommandError(f"{failed} could not end, see the log")
