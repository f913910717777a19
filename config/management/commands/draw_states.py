"""Draws docs/states.md from the tables of moves in the code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.models import EmailChange, SSOAccount
from billing.bills.models import Bill, BillBatch
from billing.collection.models import CounterPayment, Receipt
from billing.payments.models import Payment, Refund, RefundFile, RefundLine, Settlement
from binding.models import (
    AddressProof,
    Applicant,
    Application,
    Binding,
    CorrectionRequest,
    CourtOrder,
    CustodyRestriction,
    Delegation,
    EmailCorrection,
    PersonCorrection,
    Withdrawal,
    WithdrawalAnswer,
)
from oidc.models import SigningKey
from registry.models import PaperFormBatch, RosterImport, Student
from staff.models import StaffImport

MACHINES = [
    ("Application", Application),
    ("Review of an applicant", Applicant),
    ("Mailbox of an applicant", AddressProof),
    ("Correction request", CorrectionRequest),
    ("Binding", Binding),
    ("Correction of an e-mail", EmailCorrection),
    ("Correction of a name or number", PersonCorrection),
    ("Court order", CourtOrder),
    ("Custody restriction", CustodyRestriction),
    ("Delegation", Delegation),
    ("Request to withdraw consent", Withdrawal),
    ("Answer of a person bound", WithdrawalAnswer),
    ("SSO account", SSOAccount),
    ("Own change of the e-mail", EmailChange),
    ("Signing key", SigningKey),
    ("Import of teachers", StaffImport),
    ("Student", Student),
    ("Roster import", RosterImport),
    ("Batch to print", PaperFormBatch),
    ("Batch of bills", BillBatch),
    ("Bill", Bill),
    ("Payment", Payment),
    ("Settlement", Settlement),
    ("Payment at the counter", CounterPayment),
    ("Number of a receipt book", Receipt),
    ("Refund", Refund),
    ("File of refunds for the bank", RefundFile),
    ("Line of such a file", RefundLine),
]
HEAD = "# States\n\nDrawn by `make docs` from the `MOVES` tables in the models; a test compares.\n"
FILE = Path(settings.BASE_DIR) / "docs" / "states.md"


@translation.override(settings.LANGUAGE_CODE)
def draw():
    return "\n".join([HEAD, *(draw_machine(*machine) for machine in MACHINES)])


def draw_machine(title, model):
    moves = model.MOVES
    states: Any = type(next(iter(moves)))
    lines = [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state.value}: {state.name} {state.label}" for state in states]
    reachable = {target for targets in moves.values() for target in targets}
    firsts = [state for state in states if state not in reachable] or list(states)[:1]
    lines += [f"    [*] --> {state.value}" for state in firsts]
    for source, targets in moves.items():
        lines += [f"    {source.value} --> {target.value}" for target in states if target in targets]
    return "\n".join([*lines, "```", ""])


class Command(BaseCommand):
    help = "Draw docs/states.md."

    def handle(self, **options):
        FILE.write_text(draw(), encoding="utf-8")
        self.stdout.write(str(FILE.relative_to(settings.BASE_DIR)))
