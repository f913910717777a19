"""Whether the ledger agrees with bills, settlements and refunds; fails with the differences where it does not."""

from django.core.management.base import BaseCommand, CommandError

from billing.collection import balance
from billing.ledger.models import LedgerEntry
from registry.models import School


class Command(BaseCommand):
    help = "Compare the ledger with bills, settlements and refunds: as a whole and school by school."

    def handle(self, **options):
        found = [("all", *one) for one in balance.differences()]
        for school in School.objects.filter(ledger__isnull=False).distinct().order_by("code"):
            found += [(school.slug, *one) for one in balance.differences(school=school)]
        if found:
            lines = [f"{where} {what}: ledger {here}, elsewhere {there}" for where, what, here, there in found]
            raise CommandError("The ledger does not agree.\n" + "\n".join(lines))
        self.stdout.write(f"{LedgerEntry.objects.count()} entries, all in agreement")
