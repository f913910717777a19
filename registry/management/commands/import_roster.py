from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from registry.models import School
from registry.roster import import_roster


class Command(BaseCommand):
    help = "Import a school's roster (CSV or Excel). Prints every error of a bad file and writes nothing of it."

    def add_arguments(self, parser):
        parser.add_argument("school", help="the school's name in addresses, such as erdai")
        parser.add_argument("file", type=Path)
        parser.add_argument("--new-classes", action="store_true", help="classes not known yet are no slips")
        parser.add_argument("--confirmed", action="store_true", help="what the roster asks was looked at")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *, school, file, dry_run, new_classes, confirmed, **options):
        school = self.find_school(school)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        result = import_roster(
            school=school,
            data=data,
            name=file.name,
            dry_run=dry_run,
            takes_new_classes=new_classes,
            confirmed=confirmed,
        )
        for bad_row in result.errors:
            self.stderr.write(str(bad_row))
        if result.errors:
            raise CommandError(f"{len(result.errors)} errors, nothing written")
        for question in result.questions:
            for place in question.places:
                self.stderr.write(f"? {place}")
        if not result.is_good:
            raise CommandError("The roster asks what stands above, nothing written. With --confirmed it is imported.")
        self.stdout.write(", ".join(f"{count} {what}" for what, count in result.counts.items()))

    def find_school(self, slug):
        try:
            return School.objects.get(slug=slug)
        except School.DoesNotExist:
            raise CommandError(f"There is no school {slug}.") from None
