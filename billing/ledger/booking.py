"""How each move of money is booked."""

from billing.ledger.models import Account, LedgerEntry

ISSUED = "issued"
VOIDED = "voided"
SETTLED = "settled"
RESOLVED = "resolved"
WITHDRAWN = "withdrawn"
CANCELLED = "cancelled"
REFUNDED = "refunded"
HANDED_OVER = "handed_over"
REVERSED = "reversed"
KEPT = "kept"  # a refund that was due is not; what was paid stays


def of_issue(bill):
    """A family owes the amount of a bill from the moment it is issued."""
    return LedgerEntry(
        school_id=bill.school_id,
        debit=Account.RECEIVABLE,
        credit=Account.INCOME,
        amount=bill.amount,
        what=ISSUED,
        bill=bill,
    )


def of_void(bill):
    """A void bill is owed no longer."""
    return LedgerEntry(
        school_id=bill.school_id,
        debit=Account.INCOME,
        credit=Account.RECEIVABLE,
        amount=bill.amount,
        what=VOIDED,
        bill=bill,
    )


def book(*, debit, credit, amount, what, school_id, bill_id=None, settlement=None):
    return LedgerEntry.objects.create(
        debit=debit,
        credit=credit,
        amount=amount,
        what=what,
        school_id=school_id,
        bill_id=bill_id,
        settlement=settlement,
    )
