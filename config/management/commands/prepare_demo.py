"""Makes the database of `make run`, anew where an older version left one: until the first release tables change freely."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone


class Command(BaseCommand):
    help = "Migrate the demo database; one of an older version is put aside first, and a new one is begun."

    def handle(self, **options):
        if settings.PRODUCTION:
            raise CommandError("prepare_demo is for trying out; in production run manage.py migrate.")
        drawn = Drawn.of_connection()
        if drawn.is_older:
            self.stdout.write(self.put_aside(drawn))
        call_command("migrate", verbosity=0)
        drawn.note()

    def put_aside(self, drawn):
        if connection.vendor != "sqlite":
            name = connection.settings_dict["NAME"]
            raise CommandError(f"The database {name} is of an older version. Make an empty one, and run this again.")
        kept = drawn.file.with_name(f"{drawn.file.stem}-{timezone.localtime():%Y%m%d-%H%M%S}.sqlite3")
        connection.close()
        for ending in ("", "-wal", "-shm"):
            if (part := Path(f"{drawn.file}{ending}")).exists():
                part.rename(f"{kept}{ending}")
        return f"The demo database was made by an older version. It is kept as {kept.name}; a new one begins."


class Drawn:
    """By which migrations the database was made: their digest is kept in a file beside it."""

    def __init__(self, file, mark):
        self.file, self.mark = file, mark

    @classmethod
    def of_connection(cls):
        name = Path(str(connection.settings_dict["NAME"]))
        folder = name.parent if connection.vendor == "sqlite" else settings.VAR_DIR
        return cls(name, folder / f"{name.stem}.schema")

    @property
    def is_older(self):
        """Whether it has tables, and other ones than the migrations of today make."""
        if connection.vendor == "sqlite" and not self.file.exists():
            return False
        if "django_migrations" not in connection.introspection.table_names():
            return False
        return not self.mark.exists() or self.mark.read_text() != digest_of_migrations()

    def note(self):
        self.mark.write_text(digest_of_migrations())


def digest_of_migrations():
    """SHA-256 (hex) of the migrations of our own rooms."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        if folder.is_relative_to(settings.BASE_DIR):
            for file in sorted(folder.glob("[0-9]*.py")):
                digest.update(file.read_bytes())
    return digest.hexdigest()
