from django.core.management.base import BaseCommand, CommandError

from oidc import keys


class Command(BaseCommand):
    help = "Sign with the next key from now on, and make another one to follow it."

    def add_arguments(self, parser):
        parser.add_argument("--first", action="store_true", help="only make the first keys, if there are none")
        parser.add_argument(
            "--stolen", action="store_true", help="nobody is to believe what the current key has signed"
        )

    def handle(self, *, first, stolen, **options):
        if first:
            made = keys.make_first()
            self.stdout.write("made the first signing keys" if made else "there are signing keys already")
            return
        try:
            self.stdout.write(f"signing with {keys.rotate(is_stolen=stolen)}")
        except keys.NoSigningKey:
            raise CommandError("There are no signing keys yet: use --first.") from None
