"""The task worker inside a test."""

from unittest import mock

from django.core.management import call_command


def do_waiting_tasks():
    """Do all that waits, in the test's own transaction, as `manage.py db_worker` does it."""
    with mock.patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", verbosity=0)
