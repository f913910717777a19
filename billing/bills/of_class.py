"""What a homeroom teacher sees of the bills of a class: who paid, who has not. No amounts, no items, no codes."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.models import Bill, BillBatch
from core.listing import Column, Filter, Listing
from registry.models import SchoolClass

MOST_BATCHES = 20
OPEN, PAID = "open", "paid"
IS_OPEN = Q(state=Bill.State.ISSUED)
IS_PAID = Q(state__in=Bill.SETTLED)


def word_of(bill: Bill) -> str:
    """Paid or not: what became of the money since is the business of the family and the cashier."""
    return _("未繳") if bill.state == Bill.State.ISSUED else _("已繳")


COLUMNS = (
    Column(
        "seat", gettext_lazy("座號"), lambda one: one.student.seat_number, order=("student__seat_number",),
        is_number=True, width=8,
    ),
    Column("number", gettext_lazy("學號"), lambda one: one.student.student_number, order=("student__student_number",)),
    Column("name", gettext_lazy("學生"), lambda one: one.student.name, order=("student__name",)),
    Column("due", gettext_lazy("繳費期限"), lambda one: one.due_on, order=("due_on",)),
    Column("state", gettext_lazy("繳費情形"), word_of),
)  # fmt: skip


@dataclass(frozen=True)
class BillsOfClass:
    """`listing`: the bills of one batch; None where families of the class have none yet."""

    listing: Listing | None
    paid: int = 0
    open: int = 0


def bills_of(request: HttpRequest, school_class: SchoolClass) -> BillsOfClass:
    """The bills of who is in the class today, of the batch that the address asks for or else of the last one."""
    known = Bill.objects.filter(IS_OPEN | IS_PAID, school=school_class.school_id, student__school_class=school_class)
    batches = list(BillBatch.objects.filter(pk__in=known.values("batch")).order_by("-pk")[:MOST_BATCHES])
    if not batches:
        return BillsOfClass(None)
    asked = request.GET.get("batch") or request.POST.get("batch")
    batch = next((one for one in batches if str(one.pk) == asked), batches[0])
    counts = known.filter(batch=batch).aggregate(paid=Count("pk", filter=IS_PAID), open=Count("pk", filter=IS_OPEN))
    listing = Listing(
        request,
        known.select_related("student"),
        name="bills-of-a-class",
        title=_("繳費情形") + f"-{school_class.name}-{batch.title}",
        columns=COLUMNS,
        filters=[
            Filter(
                "batch",
                _("繳費批次"),
                "batch",
                [(one.pk, str(one)) for one in batches],
                default=str(batch.pk),
                offers_all=False,
            ),
            Filter(
                "show",
                _("繳費情形"),
                lambda bills, value: bills.filter(IS_PAID if value == PAID else IS_OPEN),
                [(OPEN, _("未繳")), (PAID, _("已繳"))],
                is_links=True,
                counts={OPEN: counts["open"], PAID: counts["paid"]},
            ),
        ],
        sort="seat",
    )
    return BillsOfClass(listing, **counts)
