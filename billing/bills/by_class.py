"""How far each class has paid a batch: for the page, and to hand to the teachers."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills.batch_figures import students_of
from billing.bills.models import Bill, BillBatch
from core.charts import EMPTY, FULL, HATCHED, Bars, Kind, Row
from core.formats import roc_short
from core.spreadsheets import Page, build_report

KINDS = (
    Kind("paid", gettext_lazy("已繳"), FULL),
    Kind("partly", gettext_lazy("已繳部分期數"), HATCHED),
    Kind("open", gettext_lazy("未繳"), EMPTY),
)


@dataclass(frozen=True)
class ClassPaid:
    """One class of the school, or (`key` None) who left it: students, each once, and dollars that are open.

    Of `unpaid` students who have an open bill, `partly` ones have paid another: they pay in instalments.
    """

    key: int | None
    name: str
    known: int
    unpaid: int
    paying: int
    open_total: int

    @property
    def all(self) -> int:
        return self.known

    @property
    def paid(self) -> int:
        return self.known - self.unpaid

    @property
    def partly(self) -> int:
        return self.paying - self.paid

    @property
    def open(self) -> int:
        return self.known - self.paying

    def count_of(self, kind: str) -> int:
        """Students of a key of KINDS."""
        return {"paid": self.paid, "partly": self.partly, "open": self.open}[kind]

    @property
    def percent(self) -> int:
        return self.paid * 100 // self.all if self.all else 0


def classes_of(batch: BillBatch) -> list[ClassPaid]:
    """By class in order, who left last. Two queries, however many bills."""
    state = Bill.State
    figures: dict[str, Any] = {
        **{name: count for name, count in students_of().items() if name != "people"},
        "open_total": Sum("amount", filter=Q(state=state.ISSUED), default=0),
    }
    bills = Bill.objects.filter(batch=batch, state__in=[state.ISSUED, *Bill.SETTLED]).order_by()
    here = bills.filter(student__school=F("school"))
    groups = here.values(key=F("student__school_class"), name=F("student__school_class__name")).annotate(**figures)
    found = [ClassPaid(**one) for one in groups.order_by("student__school_class__sort_key", "name")]
    gone = bills.exclude(student__school=F("school")).aggregate(**figures)
    if gone["known"]:
        found.append(ClassPaid(key=None, name=_("已轉出"), **gone))
    return found


def chart_of(classes: list[ClassPaid], address: str) -> Bars:
    rows = [
        Row(
            one.name,
            {kind.key: one.count_of(kind.key) for kind in KINDS},
            _("已繳 %(paid)d／%(all)d") % {"paid": one.paid, "all": one.all},
            f"{address}?state=issued&class={one.key}" if one.key else f"{address}?state=issued&left=left",
        )
        for one in classes
    ]
    return Bars.of(_("各班繳費情形"), rows, kinds_of(classes))


def kinds_of(classes: list[ClassPaid]) -> list[Kind]:
    """Nobody pays in instalments: nothing is said of it."""
    return [kind for kind in KINDS if kind.key != "partly" or any(one.partly for one in classes)]


def unpaid_workbook(batch: BillBatch) -> bytes:
    """The .xlsx for the teachers: a sheet a class of what is not paid yet, and which part of a bill in instalments.

    No items: nobody's discount is anybody's business.
    """
    bills = Bill.objects.filter(batch=batch, state=Bill.State.ISSUED, student__school=F("school"))
    sheets: dict[str, list] = {}
    for one in bills.select_related("student__school_class", "batch").in_seating_order("part"):
        child = one.student
        line = [child.seat_number, child.student_number, child.name, one.which_part, roc_short(one.due_on)]
        sheets.setdefault(one.student.school_class.name, []).append(line)
    head = [_("座號"), _("學號"), _("姓名"), _("期別"), _("繳費期限")]
    widths = [8, 14, 16, 18, 14]
    pages = [Page(name, head, lines, widths) for name, lines in sheets.items()]
    return build_report(pages or [Page(_("未繳名單"), head, [], widths)])
