"""Draws docs/states.md from the tables of moves in the code."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.models import SSOAccount
from billing.bills.models import Bill, BillBatch
from billing.payments.models import Payment, Refund, Settlement
from binding.models import (
    Applicant,
    Application,
    Binding,
    CorrectionRequest,
    CourtOrder,
    CustodyRestriction,
    Delegation,
    EmailCorrection,
    Withdrawal,
    WithdrawalAnswer,
)
from oidc.models import SigningKey
from registry.models import PaperFormBatch, RosterImport
from staff.models import StaffImport

MACHINES = [
    ("Application", Application.MOVES, Application.Status),
    ("Review of an applicant", Applicant.MOVES, Applicant.Review),
    ("Correction request", CorrectionRequest.MOVES, CorrectionRequest.Status),
    ("Binding", Binding.MOVES, Binding.State),
    ("Correction of an address", EmailCorrection.MOVES, EmailCorrection.State),
    ("Court order", CourtOrder.MOVES, CourtOrder.State),
    ("Custody restriction", CustodyRestriction.MOVES, CustodyRestriction.State),
    ("Delegation", Delegation.MOVES, Delegation.State),
    ("Request to withdraw consent", Withdrawal.MOVES, Withdrawal.State),
    ("Answer of a person bound", WithdrawalAnswer.MOVES, WithdrawalAnswer.State),
    ("SSO account", SSOAccount.MOVES, SSOAccount.State),
    ("Signing key", SigningKey.MOVES, SigningKey.State),
    ("Import of teachers", StaffImport.MOVES, StaffImport.State),
    ("Roster import", RosterImport.MOVES, RosterImport.State),
    ("Batch of paper forms", PaperFormBatch.MOVES, PaperFormBatch.State),
    ("Batch of bills", BillBatch.MOVES, BillBatch.State),
    ("Bill", Bill.MOVES, Bill.State),
    ("Payment", Payment.MOVES, Payment.State),
    ("Settlement", Settlement.MOVES, Settlement.State),
    ("Refund", Refund.MOVES, Refund.State),
]
HEAD = "# States\n\nDrawn by `make docs` from the `MOVES` tables in the models; a test compares.\n"
FILE = Path(settings.BASE_DIR) / "docs" / "states.md"


@translation.override(settings.LANGUAGE_CODE)
def draw():
    return "\n".join([HEAD, *(draw_machine(*machine) for machine in MACHINES)])


def draw_machine(title, moves, states):
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
