"""What `make bench` measures on: a PostgreSQL of its own, filled once and copied for each benchmark, production's settings."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.throwaway_postgres import cluster, find_programs

HOST = "bench.example"
FILLED = "filled"


@dataclass
class Site:
    """`environment` is that of a process that looks at the database it was copied for."""

    url: str  # of the cluster's first database
    environment: dict[str, str]

    @contextmanager
    def copy(self, name: str) -> Iterator[dict[str, str]]:
        """The environment with a database of its own, filled."""
        self._say(f'CREATE DATABASE "{name}" TEMPLATE {FILLED}')
        try:
            yield self.of(name)
        finally:
            self._say(f'DROP DATABASE "{name}" WITH (FORCE)')

    def of(self, database: str) -> dict[str, str]:
        return {**self.environment, "DATABASE_URL": self.url.replace("/postgres?", f"/{database}?")}

    def _say(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def filled_site() -> Iterator[Site]:
    programs = find_programs()
    if programs is None:
        raise SystemExit("PostgreSQL's server programs are not installed: nothing can be measured.")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, cluster(programs) as url:
        site = Site(url, _environment(Path(folder)))
        site._say(f"CREATE DATABASE {FILLED}")
        for command in (
            ["manage.py", "migrate"],
            ["manage.py", "collectstatic", "--noinput"],
            ["-m", "benchmarks.site"],
        ):
            quiet = ["--verbosity", "0"] if command[0] == "manage.py" else []
            subprocess.run([sys.executable, *command, *quiet], env=site.of(FILLED), check=True)  # noqa: S603
        yield site


def _environment(folder: Path) -> dict[str, str]:
    """Production's, with keys that live as long as the run; without TLS, for nobody else listens."""
    import base64

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ENVIRONMENT": "production",
        "DEBUG": "off",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": f"{HOST},testserver",
        "BEHIND_TLS_PROXY": "on",
        "SECURE_SSL_REDIRECT": "off",
        "PAYMENT_SANDBOX": "off",
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": f"no-reply@{HOST}.test",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "IDENTITY_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "IDENTITY_FINGERPRINT_KEY": secrets.token_urlsafe(32),
        "PAIRWISE_SALT": secrets.token_urlsafe(32),
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        # what is asked again and again from one place is no attack here
        "LOGIN_FAILURE_LIMIT": "1000000",
        "STAFF_IDLE_MINUTES": "600",
        "IDLE_MINUTES": "600",
    }


def main() -> None:
    """Fill the database of this environment."""
    import django

    django.setup()
    from django.db import connection

    from benchmarks.people import make_all

    make_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
