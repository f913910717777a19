from django.core.management.base import BaseCommand

from accounts.sso_accounts import close_those_over


class Command(BaseCommand):
    help = "Close the SSO accounts whose owners left and did not come back in time."

    def handle(self, **options):
        self.stdout.write(f"{close_those_over()} closed")
