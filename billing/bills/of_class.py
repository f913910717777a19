"""What a homeroom teacher sees of the bills of a class: who paid, who has not. No amounts, no items, no codes.

A row a student, also where the bill is in parts; how many of them are paid is said.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.models import Bill, BillBatch
from core.listing import Column, Filter, Listing
from registry.models import SchoolClass, Student

MOST_BATCHES = 20
OPEN, PAID = "open", "paid"
IS_OPEN = Q(state=Bill.State.ISSUED)
IS_PAID = Q(state__in=Bill.SETTLED)


def word_of(student: Any) -> str:
    """Paid or not: what became of the money since is the business of the family and the cashier."""
    if not student.unpaid:
        return _("已繳")
    if student.paid:
        return _("已繳 %(paid)d 期，共 %(all)d 期") % {"paid": student.paid, "all": student.paid + student.unpaid}
    return _("未繳")


COLUMNS = (
    Column(
        "seat", gettext_lazy("座號"), lambda one: one.seat_number, order=("seat_number",),
        is_number=True, width=8,
    ),
    Column("number", gettext_lazy("學號"), lambda one: one.student_number, order=("student_number",)),
    Column("name", gettext_lazy("學生"), lambda one: one.name, order=("name",)),
    Column("due", gettext_lazy("繳費期限"), lambda one: one.due_on, order=("due_on",)),
    Column("state", gettext_lazy("繳費情形"), lambda one: one.word),
)  # fmt: skip


@dataclass(frozen=True)
class BillsOfClass:
    """`listing`: the students of one batch; None where families of the class have no bill yet."""

    listing: Listing | None
    paid: int = 0
    open: int = 0


def bills_of(request: HttpRequest, school_class: SchoolClass) -> BillsOfClass:
    """Who of the class of today paid the batch that the address asks for, or else the last one."""
    known = Bill.objects.filter(IS_OPEN | IS_PAID, school=school_class.school_id, student__school_class=school_class)
    batches = list(BillBatch.objects.filter(pk__in=known.values("batch")).order_by("-pk")[:MOST_BATCHES])
    if not batches:
        return BillsOfClass(None)
    asked = request.GET.get("batch") or request.POST.get("batch")
    batch = next((one for one in batches if str(one.pk) == asked), batches[0])
    students = _students_of(known.filter(batch=batch))
    counts = students.aggregate(paid=Count("pk", filter=Q(unpaid=0)), open=Count("pk", filter=Q(unpaid__gt=0)))
    listing = Listing(
        request,
        students,
        name="bills-of-a-class",
        title=_("繳費情形") + f"-{school_class.name}-{batch.title}",
        columns=COLUMNS,
        filters=[
            Filter(
                "batch",
                _("繳費批次"),
                lambda rows, _batch: rows,  # they are of it already
                [(one.pk, str(one)) for one in batches],
                default=str(batch.pk),
                offers_all=False,
            ),
            Filter(
                "show",
                _("繳費情形"),
                lambda rows, value: rows.filter(unpaid=0) if value == PAID else rows.filter(unpaid__gt=0),
                [(OPEN, _("未繳")), (PAID, _("已繳"))],
                is_links=True,
                counts={OPEN: counts["open"], PAID: counts["paid"]},
            ),
        ],
        sort="seat",
        decorate=_told,
    )
    return BillsOfClass(listing, **counts)


def _students_of(bills):
    """Students with `paid` and `unpaid` bills of these, and the last day of the first that is open (`due_on`)."""
    is_open = Q(bills__state=Bill.State.ISSUED)
    return Student.objects.filter(bills__in=bills).annotate(
        paid=Count("bills", filter=~is_open),
        unpaid=Count("bills", filter=is_open),
        due_on=Coalesce(Min("bills__due_on", filter=is_open), Min("bills__due_on")),
    )


def _told(students):
    """Each with the `word` for it, and whether something `is_overdue`."""
    for one in students:
        one.word = word_of(one)
        one.is_overdue = bool(one.unpaid) and one.due_on < timezone.localdate()
    return students
