"""Lists of bills: those of a batch with a column an item in the file, and those of students who left."""

from functools import partial

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.bills import batch_figures
from billing.bills.models import Bill
from core.listing import Column, Filter, Listing, Search
from registry.columns import by_seat
from registry.models import SchoolClass, Student

SIZE = 25
INSTEAD = gettext_lazy("請不要在這裡輸入證號，請用學號、姓名或銷帳編號查詢。")
# At the school that issued the bill no longer, or about to go.
LEFT = ~Q(student__school=F("school")) | Q(student__status__in=[*Student.ENDED, Student.Status.TRANSFERRING])
UNPAID, PAID = "unpaid", "paid"

WHOSE = Column("student", gettext_lazy("學生"), lambda one: one.whose, order=by_seat("student__"), width=24)
SEAT = (
    Column("class", gettext_lazy("班級"), lambda one: one.whose_parts[0], order=by_seat("student__"), width=10),
    Column(
        "seat", gettext_lazy("座號"), lambda one: one.whose_parts[1], order=("student__seat_number", "part"),
        is_number=True, width=8,
    ),
    Column("name", gettext_lazy("學生"), lambda one: one.whose_parts[2], order=("student__name",)),
)  # fmt: skip
BILL = (
    Column("number", gettext_lazy("學號"), lambda one: one.whose_number, order=("student__student_number",)),
    Column("amount", gettext_lazy("金額（元）"), lambda one: one.amount, order=("amount",), is_number=True),
    Column("state", gettext_lazy("狀態"), lambda one: one.get_state_display(), order=("state", "due_on")),
    Column("paid", gettext_lazy("繳費日"), lambda one: one.paid_on, order=("paid_on",), nulls_last=True),
)
PART = Column("part", gettext_lazy("期別"), lambda one: one.which_part, is_shown=False, width=18)
MORE = (
    Column("left", gettext_lazy("學籍"), lambda one: one.left_as, is_shown=False),
    Column("due", gettext_lazy("繳費期限"), lambda one: one.due_on, order=("due_on",), is_shown=False),
    Column("back", gettext_lazy("已退與待退金額"), lambda one: one.owed_back or "", is_shown=False),
    Column("code", gettext_lazy("銷帳編號"), lambda one: one.write_off_number, is_shown=False, width=20),
)


def bills_of_batch(request, batch):
    """The bills of a batch; the file has what the page lists, with a column an item."""
    names = [one["name"] for one in batch_figures.items_of(batch)]
    items = [Column(f"item-{n}", name, partial(_amount_of, name), is_shown=False) for n, name in enumerate(names)]
    rows = Bill.objects.filter(batch=batch).select_related("student__school_class", "batch").prefetch_related("items")
    classes = SchoolClass.objects.filter(students__bills__batch=batch, school=batch.school).distinct().in_order()
    return Listing(
        request,
        rows,
        name="bills-of-a-batch",
        title=f"{batch.title}-{batch.school_year}-{batch.semester}",
        columns=[*SEAT, BILL[0], PART, *items, *BILL[1:], *MORE],
        filters=[
            Filter("class", _("班級"), "student__school_class", list(classes.values_list("pk", "name"))),
            Filter("state", _("狀態"), "state", Bill.State.choices),
            Filter("left", _("學籍"), _left, [("left", _("離校、轉出"))]),
        ],
        search=Search(_("學號或姓名"), lambda bills, text: bills.of_whom(batch.school, text), instead=INSTEAD),
        sort="class",
        size=SIZE,
    )


def _amount_of(name, bill):
    return sum(one.amount for one in bill.items.all() if one.name == name) or None


def _left(bills, _value):
    return bills.filter(LEFT)


def bills_of_leavers(school):
    """What a school still has to settle with who left: open bills, and of this year what was paid for more than was had.

    Who graduated had all of the year.
    """
    unpaid = Q(state=Bill.State.ISSUED, amount__gt=0)
    paid = Q(state=Bill.State.PAID, amount__gt=0, batch__school_year=F("school__school_year"))
    kept = ~Q(student__status=Student.Status.GRADUATED)
    return Bill.objects.filter(LEFT, unpaid | (paid & kept), school=school)


def leavers(request):
    """The work list of who left, moved or is about to."""
    school = request.school
    rows = bills_of_leavers(school)
    counts = {UNPAID: rows.filter(state=Bill.State.ISSUED).count(), PAID: rows.filter(state=Bill.State.PAID).count()}
    choices = [(UNPAID, _("未繳")), (PAID, _("已繳，可能應退"))]
    title = Column("title", _("繳費單"), lambda one: one.title, order=("title",), width=24)
    return Listing(
        request,
        rows.select_related("student__school_class", "batch"),
        name="leavers",
        title=_("離校、轉出學生的未繳與應退"),
        columns=[WHOSE, BILL[0], Column("left", _("學籍"), lambda one: one.left_as), title, *BILL[1:], *MORE[1:]],
        filters=[Filter("kind", _("處理"), _of_kind, choices, is_links=True, counts=counts)],
        search=Search(_("學號或姓名"), lambda bills, text: bills.of_whom(school, text), instead=INSTEAD),
        sort="student",
        size=SIZE,
    )


def _of_kind(bills, value):
    return bills.filter(state=Bill.State.ISSUED if value == UNPAID else Bill.State.PAID)
