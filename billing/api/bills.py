"""A bill as other systems read it: facts and amounts, never a name, never who paid."""

from django.db.models import Prefetch
from django.utils import timezone

from billing.bills import codes
from billing.bills.models import Bill
from billing.payments.models import Settlement
from oidc import pairwise


def with_facts(bills):
    """Three queries more, however many bills."""
    applied = Settlement.objects.filter(state=Settlement.State.APPLIED)
    return bills.select_related("batch", "school", "student", "agent", "replaced_by").prefetch_related(
        "items", "refunds", Prefetch("settlements", queryset=applied, to_attr="applied")
    )


def as_told(bill, client):
    """One bill of `with_facts` as JSON; amounts are whole New Taiwan dollars."""
    told = {
        "id": bill.pk,
        "student_id": pairwise.student(bill.student, client),
        "school_code": bill.school.code,
        "title": bill.title,
        "school_year": bill.batch.school_year,
        "semester": bill.batch.semester,
        "items": [{"name": one.name, "amount": one.amount} for one in bill.items.all()],
        "amount": bill.amount,
        "currency": "TWD",
        "due_on": bill.due_on.isoformat(),
        "state": public_state(bill),
        "is_payable": bill.can_be_paid,
        "paid_on": bill.paid_on.isoformat() if bill.paid_on else None,
        "replaced_by": _successor(bill),
        "instalment": {"of": bill.part_of_id, "part": bill.part, "parts": bill.parts} if bill.part_of_id else None,
        "updated": timezone.localtime(updated_at(bill)).isoformat(timespec="seconds"),
    }
    return told | ways_to_pay(bill) if bill.can_be_paid else told


def public_state(bill):
    """As other systems call it: what is issued is open."""
    return "open" if bill.state == Bill.State.ISSUED else bill.state


def ways_to_pay(bill):
    """Codes of a bill that can be paid now. One that can't has none, so that nobody pays it."""
    store, account = codes.store_codes(bill), codes.bank_account(bill)
    told: dict[str, object] = {"store_codes": list(store) if store else None, "virtual_account": None}
    if account:
        told["virtual_account"] = {"bank_code": bill.agent.bank_code if bill.agent else "", "account": account}
    return told


def updated_at(bill):
    """When anything that is told of it changed last."""
    moments = [bill.issued_at, bill.voided_at]
    moments += [moment for one in bill.applied for moment in (one.told_at, one.resolved_at)]
    own = {one.pk for one in bill.applied}  # what was paid twice changes nothing of the bill
    refunds = [one for one in bill.refunds.all() if one.settlement_id in own]
    moments += [moment for one in refunds for moment in (one.due_at, one.refunded_at)]
    return max((one for one in moments if one), default=bill.batch.made_at)


def _successor(bill):
    successor = getattr(bill, "replaced_by", None)
    return successor.pk if successor and successor.state not in Bill.NOT_YET else None
