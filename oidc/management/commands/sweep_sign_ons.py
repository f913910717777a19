from django.core.management.base import BaseCommand

from oidc import sign_ons


class Command(BaseCommand):
    help = "End sign-ons that ran out of time and forget those, with their tokens, that ended two days ago."

    def handle(self, **options):
        ended, forgotten = sign_ons.sweep()
        self.stdout.write(f"{ended} ended, {forgotten} rows forgotten")
