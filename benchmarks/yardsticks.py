"""Bare work to compare with, in this process: rows written in bulk, statements one by one, pages set."""

from collections.abc import Callable
from pathlib import Path

LINES = Path(__file__).with_name("yardstick.typ")


def rows(count: int) -> Callable[[], None]:
    """As many events written in bulk, and nothing else."""
    from django.db import transaction

    from audit.models import Event

    def write():
        with transaction.atomic():
            Event.objects.bulk_create((Event(event="bare", data={"n": n}) for n in range(count)), batch_size=1000)
            transaction.set_rollback(True)

    return write


def statements(count: int) -> Callable[[], None]:
    """As many statements that find one row by its key, without Django."""
    from django.db import connection

    def ask():
        with connection.cursor() as cursor:
            for key in range(count):
                cursor.execute("SELECT * FROM audit_event WHERE id = %s", [key])
                cursor.fetchall()

    return ask


def sheets(count: int) -> Callable[[], object]:
    """As many pages of one line, set by typst."""
    import typst

    return lambda: typst.compile(LINES, sys_inputs={"sheets": str(count)})


def rolled_back(work: Callable[[], object]) -> Callable[[], None]:
    """`work`, whose rows go again."""
    from django.db import transaction

    def run():
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run
