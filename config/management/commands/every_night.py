"""All that is to be done once a night, one after the other; what fails is said at the end and stops nothing else."""

import logging

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core.failures import log_failure

logger = logging.getLogger(__name__)

COMMANDS = [
    "end_expired",  # first: bindings that ended yesterday
    "count_schools",
    "close_left_accounts",
    "sweep_sign_ons",
    "clearsessions",
    "prune_db_task_results",
    "forget_rosters",
    "forget_waiting_files",
    "remove_printed_files",
    "forget_bill_events",
    "forget_charge_tables",
    "check_ledger",
]


class Command(BaseCommand):
    help = "Do what is to be done once a night, soon after midnight."

    def handle(self, **options):
        failed = []
        for name in COMMANDS:
            self.stdout.write(f"{name}:")
            try:
                call_command(name, stdout=self.stdout, stderr=self.stderr)
            except (Exception, SystemExit) as error:
                # One broken job must not keep court orders or sign-ons from ending.
                log_failure(logger, "%s failed", name, error=error)
                failed.append(name)
        if failed:
            raise CommandError("failed: " + ", ".join(failed))
