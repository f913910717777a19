"""Slips that were printed, and the bill to print one slip of, as lists."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from billing.bills.models import Bill
from billing.paper.models import BillSlipBatch
from core.listing import Column, Filter, Listing, Search
from core.printing.lists import MADE_AT, MADE_BY, STATE
from registry.columns import by_seat

COLUMNS = (
    MADE_AT,
    STATE,
    Column("batch", gettext_lazy("繳費批次"), lambda one: str(one.batch), order=("batch__title",), width=24),
    Column(
        "class",
        gettext_lazy("班級"),
        lambda one: one.school_class.name if one.school_class else _("全校"),
        order=("school_class__sort_key", "school_class__name"),
        nulls_last=True,
    ),
    Column("total", gettext_lazy("張數"), lambda one: one.total, order=("total",), is_number=True, width=8),
    Column("left_out", gettext_lazy("沒有印"), lambda one: one.left_out, order=("left_out",), is_number=True, width=8),
    MADE_BY,
)


def list_of_batches(request: Any, batches: QuerySet[BillSlipBatch]) -> Listing:
    """`batches`, the last first."""
    return Listing(
        request,
        batches,
        name="slips",
        title=_("印繳費單"),
        columns=COLUMNS,
        filters=[Filter("state", _("狀態"), "state", BillSlipBatch.State.choices)],
        sort="-made",
        size=20,
    )


def state_of(bill: Bill) -> str:
    return str(_("已逾期") if bill.is_overdue else bill.get_state_display())


BILLS = (
    Column("student", gettext_lazy("學生"), lambda one: one.whose, order=by_seat("student__"), width=24),
    Column("title", pgettext_lazy("many", "繳費單"), lambda one: one.title, order=("title",), width=24),
    Column("amount", gettext_lazy("金額"), lambda one: one.amount, order=("amount",), is_number=True),
    Column("state", gettext_lazy("狀態"), state_of),
    Column("file", gettext_lazy("下載")),
)


def list_of_found(request: Any) -> Listing:
    """Bills by the number under the barcode, or by the student's number; none before one was typed."""
    return Listing(
        request,
        Bill.objects.none(),
        name="bills-to-print",
        title=_("找到的繳費單"),
        prefix="one_",
        columns=BILLS,
        search=Search(_("銷帳編號或學號"), lambda _none, text: _numbered(request.school, text)),
        size=20,
    )


def _numbered(school: Any, text: str) -> QuerySet[Bill]:
    code = text.replace(" ", "")
    numbered = Q(write_off_number=code) | Q(virtual_account=code) | Q(student__student_number=code)
    bills = Bill.objects.filter(numbered, school=school).exclude(state=Bill.State.DRAFT)
    return bills.select_related("student__school_class").order_by("-pk")
