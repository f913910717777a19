import time

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import User
from config.environment import ENVIRONMENT
from config.synthetic_city.city import copy_schools, make_patterns
from registry.models import School

PASSWORD = "synthetic staff password"  # noqa: S105 – printed on purpose, refused outside development


class Command(BaseCommand):
    help = "Make a synthetic city in an empty database: schools with families at every stage and a year of bills."

    def add_arguments(self, parser):
        parser.add_argument("--schools", type=int, default=240)
        parser.add_argument("--students", type=int, default=225_000, help="of the whole city")
        parser.add_argument("--class-size", type=int, default=30)
        parser.add_argument("--families", type=int, help="that did something, of each school; default: a third")
        parser.add_argument("--patterns", type=int, default=3, help="schools by the real steps; others are copies")
        parser.add_argument("--processes", type=int, default=2, help="that copy at once (PostgreSQL)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same people")
        parser.add_argument("--outside-development", action="store_true")

    def handle(self, *, schools, students, class_size, families, patterns, processes, seed, **options):
        if ENVIRONMENT != "development" and not options["outside_development"]:
            raise CommandError(
                "A synthetic city has public passwords; it is for development (ENVIRONMENT=development)."
            )
        if School._meta.db_table not in connection.introspection.table_names():
            raise CommandError("The database has no tables yet; run manage.py migrate first.")
        if School.objects.exists():
            raise CommandError("There are schools already; a city is made in an empty database.")
        if not 1 <= class_size <= 99:
            raise CommandError("A class has 1 to 99 seats.")
        self.started = time.perf_counter()
        User.objects.create_superuser("admin", password=PASSWORD)
        each = -(-students // schools)
        made, strides = make_patterns(
            min(patterns, schools),
            seed=seed,
            password=make_password(PASSWORD),
            note=self.note,
            students=each,
            class_size=class_size,
            families=each // 3 if families is None else families,
        )
        copy_schools(made, strides, schools=schools, processes=processes, note=self.note)
        self.note(f"{schools} schools with {each} students each; whoever has a password has: {PASSWORD}")

    def note(self, what):
        self.stdout.write(f"{time.perf_counter() - self.started:6.1f} s  {what}")
