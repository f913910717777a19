"""How batches of bills stand, added up by the database."""

from dataclasses import dataclass

from django.db.models import Aggregate, Count, Exists, F, Max, OuterRef, Q, Sum
from django.utils import timezone

from billing.bills.models import Bill, BillBatch, BillItem
from binding.models import Binding
from registry.models import Student


def batches_of(school):
    """Batches with students (`people`, of them `paid`, `open`, `overdue`) and dollars (`all_total`, `paid_total`).

    Who pays in instalments is one student: overdue where a part is, open while any is, paid when all are.
    """
    state = Bill.State
    late = Q(bills__due_on__lt=timezone.localdate())
    students: dict[str, Aggregate] = {
        "people": _students(~Q(bills__state=state.VOID)),
        "not_yet": _students(Q(bills__state__in=Bill.NOT_YET)),
        "unpaid": _students(Q(bills__state=state.ISSUED)),
        "overdue": _students(Q(bills__state=state.ISSUED) & late),
    }
    kept = F("bills__amount") - F("bills__owed_back")
    dollars: dict[str, Aggregate] = {
        "all_total": Sum("bills__amount", filter=~Q(bills__state=state.VOID), default=0),
        "paid_total": Sum(kept, filter=Q(bills__state__in=Bill.SETTLED), default=0),
    }
    batches = BillBatch.objects.filter(school=school).annotate(**students, **dollars)
    batches = batches.annotate(paid=F("people") - F("not_yet") - F("unpaid"), open=F("unpaid") - F("overdue"))
    return batches.order_by("-school_year", "-semester", "-pk")


def _students(which):
    return Count("bills__student", filter=which, distinct=True)


@dataclass(frozen=True)
class Figures:
    """Of one batch: {state: (bills, dollars)}, and its students, who have several bills where they pay in instalments.

    `paid` students owe nothing any more, `unpaid` ones have an open bill, of them `overdue` ones a late one and `partly`
    ones another that is paid.
    """

    by_state: dict[str, tuple[int, int]]
    people: int
    paid: int
    unpaid: int
    overdue: int
    partly: int
    owed_back: int = 0

    def count(self, *states):
        return sum(self.by_state.get(one, (0, 0))[0] for one in states)

    @property
    def ready(self):
        """Bills that have their codes, void ones left out."""
        return self.all - self.count(Bill.State.DRAFT)

    @property
    def known(self):
        """Bills that families know of, void ones left out."""
        return self.ready - self.count(Bill.State.WAITING)

    @property
    def all(self):
        return sum(count for state, (count, _sum) in self.by_state.items() if state != Bill.State.VOID)

    @property
    def total(self):
        return sum(total for state, (_count, total) in self.by_state.items() if state != Bill.State.VOID)

    @property
    def paid_total(self):
        """What came, without what goes back."""
        return sum(self.by_state.get(one, (0, 0))[1] for one in Bill.SETTLED) - self.owed_back

    @property
    def open(self):
        return self.count(Bill.State.ISSUED)


def figures_of(batch):
    bills = Bill.objects.filter(batch=batch).order_by()
    by_state = {
        one["state"]: (one["count"], one["total"])
        for one in bills.values("state").annotate(count=Count("pk"), total=Sum("amount"))
    }
    late = Q(state=Bill.State.ISSUED, due_on__lt=timezone.localdate())
    found = bills.exclude(state=Bill.State.VOID).aggregate(
        **students_of(), overdue=Count("student", filter=late, distinct=True), owed_back=Sum("owed_back", default=0)
    )
    known, paying = found.pop("known"), found.pop("paying")
    return Figures(by_state, paid=known - found["unpaid"], partly=paying + found["unpaid"] - known, **found)


def students_of() -> dict[str, Aggregate]:
    """What is counted of bills of one batch: each student once, however many parts the bill is in.

    `people` all, `known` those whose families know of it, `unpaid` of these with an open bill, `paying` with a paid one.
    """
    is_open, is_paid = Q(state=Bill.State.ISSUED), Q(state__in=Bill.SETTLED)
    whose = {"people": Q(), "known": is_open | is_paid, "unpaid": is_open, "paying": is_paid}
    return {name: Count("student", filter=which, distinct=True) for name, which in whose.items()}


def without_a_parent(batch):
    """How many students' bills nobody is mailed about, for no parent of theirs is bound."""
    bound = Binding.objects.active().filter(student=OuterRef("student"), account__user__is_active=True)
    bills = Bill.objects.filter(batch=batch, state__in=Bill.ON_PAPER).exclude(Exists(bound))
    return bills.order_by().values("student").distinct().count()


def items_of(batch):
    """[{name, count, total}] in the order of the table; void bills are left out."""
    items = BillItem.objects.filter(bill__batch=batch).exclude(bill__state=Bill.State.VOID).order_by()
    students = Count("bill__student", distinct=True)
    sums = items.values("name").annotate(count=students, total=Sum("amount"), place=Max("position"))
    return sums.order_by("place", "name")


def without_a_bill(batch):
    """Students of this year whom the batch leaves out."""
    charged = Bill.objects.filter(batch=batch).exclude(state=Bill.State.VOID).values("student")
    students = Student.objects.of_this_year().filter(school=batch.school).exclude(pk__in=charged)
    return students.select_related("school_class").in_seating_order()
