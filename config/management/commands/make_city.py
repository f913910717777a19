import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.synthetic_city.families import make_families
from config.synthetic_city.people import People
from config.synthetic_city.school import make_school

PASSWORD = "synthetic staff password"  # noqa: S105 – printed on purpose, refused in production


class Command(BaseCommand):
    help = "Make a synthetic city: schools, classes, students, staff, families at every stage."

    def add_arguments(self, parser):
        parser.add_argument("--schools", type=int, default=3)
        parser.add_argument("--students", type=int, default=900, help="of each school")
        parser.add_argument("--class-size", type=int, default=30)
        parser.add_argument("--families", type=int, default=64, help="of each school, at every stage in turn")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same people")

    def handle(self, *, schools, students, class_size, families, seed, **options):
        if settings.PRODUCTION:
            raise CommandError("A synthetic city has public passwords; it is not for production.")
        if not 1 <= class_size <= 99:
            raise CommandError("A class has 1 to 99 seats.")
        started = time.perf_counter()
        people = People(seed)
        for number in range(1, schools + 1):
            school, created = make_school(number, people, students=students, class_size=class_size, password=PASSWORD)
            walked = make_families(school, people, count=families) if created else 0
            self.stdout.write(f"{school.slug}: {students if created else 0} students, {walked} families")
        self.stdout.write(f"{time.perf_counter() - started:.1f} s; staff log in with: {PASSWORD}")
