"""How each move of money is booked, and whether the books agree with everything else."""

from django.db.models import Sum

from billing.models import MONEY, Account, Bill, LedgerEntry, Refund, Settlement

ISSUED = "issued"
VOIDED = "voided"
SETTLED = "settled"
RESOLVED = "resolved"
WITHDRAWN = "withdrawn"
CANCELLED = "cancelled"
REFUNDED = "refunded"
HANDED_OVER = "handed_over"

# Where the money of a settlement goes to, by what it is.
GOES_TO = {
    Settlement.State.APPLIED: Account.RECEIVABLE,
    Settlement.State.DUPLICATE: Account.REFUNDS,
    Settlement.State.UNKNOWN: Account.SUSPENSE,
    Settlement.State.MISMATCH: Account.SUSPENSE,
}


def of_settlement(settlement):
    """Money came: it lies in its account, and pays a bill, is owed back, or is looked into."""
    return LedgerEntry(
        school_id=settlement.school_id,
        debit=settlement.account,
        credit=GOES_TO[settlement.state],
        amount=settlement.amount,
        what=SETTLED,
        bill_id=settlement.bill_id,
        settlement=settlement,
    )


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


def differences(entries=None, **scope):
    """[(what, in the ledger, elsewhere)] where the books and the rows they tell of differ; empty when all is well.

    `scope` narrows to one school (`school=…`). Five queries, however many rows.
    """
    balances = LedgerEntry.objects.filter(**scope).balances()
    open_bills = Bill.objects.filter(state=Bill.State.ISSUED, **scope)
    due = Refund.objects.filter(state=Refund.State.REFUND_DUE)
    paid_back = Refund.objects.filter(state=Refund.State.REFUNDED)
    if scope:
        due, paid_back = (rows.filter(settlement__school=scope["school"]) for rows in (due, paid_back))
    settlements = Settlement.objects.filter(**scope)
    withdrawn = settlements.filter(state=Settlement.State.RESOLVED, is_money=False)
    came = _sum(settlements) - _sum(withdrawn) - _sum(paid_back)
    told = [
        ("balance", sum(balances.values()), 0),
        ("receivable", balances.get(Account.RECEIVABLE, 0), _sum(open_bills)),
        ("refunds", -balances.get(Account.REFUNDS, 0), _sum(due)),
        ("suspense", -balances.get(Account.SUSPENSE, 0), _sum(settlements.work_list())),
        ("money", sum(balances.get(one, 0) for one in MONEY), came),
    ]
    return [(what, ledger, elsewhere) for what, ledger, elsewhere in told if ledger != elsewhere]


def _sum(rows):
    return rows.aggregate(total=Sum("amount"))["total"] or 0
