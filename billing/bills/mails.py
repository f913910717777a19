"""Mails about bills, each to one parent bound to the child: which bill, how much, until when; no codes."""

from collections.abc import Sequence
from datetime import datetime

from billing.bills.models import Bill
from binding.models import Binding
from notifications.mails import Draft, mail


@mail()
def bill_issued(bill: Bill, binding: Binding) -> Draft:
    """「新的繳費單」; of a bill that takes another's place it says so."""
    return _of_bill(bill, binding)


@mail()
def bill_split(bill: Bill, parts: Sequence[Bill], binding: Binding) -> Draft:
    """「繳費單可以分期繳」: the bill is void, and these parts take its place."""
    draft = _of_bill(bill, binding)
    draft.context["parts"] = parts
    return draft


@mail()
def bill_voided(bill: Bill, binding: Binding) -> Draft:
    """「繳費單作廢了」: nothing is owed any more, and the paper slip is worth nothing."""
    return _of_bill(bill, binding)


@mail()
def bill_reopened(bill: Bill, binding: Binding) -> Draft:
    """「繳費紀錄更正」: the school wrote down a payment by mistake, the bill is still owed."""
    return _of_bill(bill, binding)


@mail()
def bill_due_soon(bill: Bill, binding: Binding, *, not_after: datetime) -> Draft:
    """「繳費期限快到了」, not sent after the last day."""
    return _of_bill(bill, binding, not_after=not_after)


@mail()
def bill_overdue(bill: Bill, binding: Binding) -> Draft:
    """「繳費單已經過了期限」, the day after it."""
    return _of_bill(bill, binding)


def _of_bill(bill: Bill, binding: Binding, *, not_after: datetime | None = None) -> Draft:
    context = {"bill": bill, "title": bill.title_for_reader}
    to, student = binding.reader, binding.student
    return Draft(to=to, about=bill, school=bill.school, student=student, context=context, not_after=not_after)
