"""Whether the books agree with everything else."""

from django.db.models import Sum

from billing.bills.models import Bill
from billing.ledger.models import MONEY, Account, LedgerEntry
from billing.payments.models import Refund, Settlement


def differences(entries=None, **scope):
    """[(what, in the ledger, elsewhere)] where the books and the rows they tell of differ; empty when all is well.

    `scope` narrows to one school (`school=…`). Five queries, however many rows.
    """
    balances = LedgerEntry.objects.filter(**scope).balances()
    open_bills = Bill.objects.filter(state=Bill.State.ISSUED, **scope)
    owed = Refund.objects.owed()
    paid_back = Refund.objects.filter(state=Refund.State.REFUNDED)
    if scope:
        owed, paid_back = (rows.filter(settlement__school=scope["school"]) for rows in (owed, paid_back))
    settlements = Settlement.objects.filter(**scope)
    came = _sum(settlements.filter(is_money=True)) - _sum(paid_back)
    told = [
        ("balance", sum(balances.values()), 0),
        ("receivable", balances.get(Account.RECEIVABLE, 0), _sum(open_bills)),
        ("refunds", -balances.get(Account.REFUNDS, 0), _sum(owed)),
        ("suspense", -balances.get(Account.SUSPENSE, 0), _sum(settlements.work_list())),
        ("money", sum(balances.get(one, 0) for one in MONEY), came),
    ]
    return [(what, ledger, elsewhere) for what, ledger, elsewhere in told if ledger != elsewhere]


def _sum(rows):
    return rows.aggregate(total=Sum("amount"))["total"] or 0
