"""From the lines of a file to money for bills: the same rule before posting and when it is done."""

from datetime import datetime, time

from django.utils import timezone

from billing.bills.models import Bill
from billing.ledger.models import Account
from billing.payments import settling
from billing.payments.settling import Money

NOON = time(12)  # a file tells the day alone
FIELDS = {"write_off": "write_off_number", "virtual_account": "virtual_account"}


def bills_of(school_id, profile, codes):
    """{code: Bill} of a school, with the facts that are looked at; one query."""
    field = FIELDS[profile.by]
    found = Bill.objects.filter(school=school_id, **{f"{field}__in": codes})
    return {getattr(bill, field): bill for bill in found.only("state", "amount", "issued_at", field)}


def money_of(school_id, profile, sorted_line, bill):
    """The Money that a line (see `knowing.Sorted`) tells of, with what is wrong with it before a bill is looked at."""
    line = sorted_line.line
    trouble = sorted_line.trouble or ("" if bill else settling.NO_SUCH_BILL)
    if not trouble and bill.issued_at and line.paid_on < timezone.localdate(bill.issued_at):
        trouble = settling.WRONG_TIME
    return Money(
        key=sorted_line.key,
        account=Account(profile.account),
        amount=line.amount,
        paid_at=timezone.make_aware(datetime.combine(line.paid_on, NOON)),
        bill_id=bill.pk if bill else None,
        school_id=school_id,
        channel=line.channel,
        code=line.code,
        number=line.transaction,
        trouble=trouble,
    )
