"""Open bills that one family pays at once: of the same child, of its siblings at the school, and what was ticked."""

from collections.abc import Sequence

from django.db.models import Q

from billing.bills.models import Bill
from binding.models import Binding
from registry.models import School

MOST = 30


def open_with(bill: Bill, ticked: Sequence[int] = ()) -> list[Bill]:
    """Bills of the same school that may be paid with `bill`, the child's own first. One query.

    Siblings are children to whom the same parents are bound today.
    """
    bound = Binding.objects.active()
    parents = bound.filter(student=bill.student_id).values("account")
    children = bound.filter(account__in=parents).values("student")
    whose = Q(student=bill.student_id) | Q(student__in=children) | Q(pk__in=list(ticked))
    rows = _open(bill.school).filter(whose).exclude(pk=bill.pk)
    return sorted(rows[:MOST], key=lambda one: (one.student_id != bill.student_id, one.student_id, one.due_on, one.pk))


def _open(school: School):
    bills = Bill.objects.filter(school=school, state=Bill.State.ISSUED, amount__gt=0)
    return bills.select_related("student__school_class", "batch").order_by("student", "due_on", "pk")
