"""How batches of bills stand, added up by the database."""

from dataclasses import dataclass

from django.db.models import Aggregate, Count, Exists, F, Max, OuterRef, Q, Sum
from django.utils import timezone

from billing.bills.models import Bill, BillBatch, BillItem
from binding.models import Binding
from registry.models import Student


def batches_of(school):
    """Batches with their figures: {all_bills, paid, open, overdue} and the same with `_total` in dollars."""
    state, today = Bill.State, timezone.localdate()
    whose = {
        "all_bills": ~Q(bills__state=state.VOID),
        "paid": Q(bills__state__in=Bill.SETTLED),
        "open": Q(bills__state=state.ISSUED, bills__due_on__gte=today),
        "overdue": Q(bills__state=state.ISSUED, bills__due_on__lt=today),
    }
    figures: dict[str, Aggregate] = {name: Count("bills", filter=which) for name, which in whose.items()}
    figures |= {f"{name}_total": Sum("bills__amount", filter=which, default=0) for name, which in whose.items()}
    kept = F("bills__amount") - F("bills__owed_back")
    figures["paid_total"] = Sum(kept, filter=whose["paid"], default=0)
    return BillBatch.objects.filter(school=school).annotate(**figures).order_by("-school_year", "-semester", "-pk")


@dataclass(frozen=True)
class Figures:
    """Of one batch: {state: (bills, dollars)}; overdue bills are among the issued ones."""

    by_state: dict[str, tuple[int, int]]
    overdue: tuple[int, int]
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
    def paid(self):
        return self.count(*Bill.SETTLED)

    @property
    def open(self):
        return self.count(Bill.State.ISSUED)


def figures_of(batch):
    bills = Bill.objects.filter(batch=batch).order_by()
    by_state = {
        one["state"]: (one["count"], one["total"])
        for one in bills.values("state").annotate(count=Count("pk"), total=Sum("amount"))
    }
    late = bills.filter(state=Bill.State.ISSUED, due_on__lt=timezone.localdate())
    overdue = late.aggregate(count=Count("pk"), total=Sum("amount", default=0))
    back = bills.aggregate(total=Sum("owed_back", default=0))["total"]
    return Figures(by_state, (overdue["count"], overdue["total"]), back)


def without_a_parent(batch):
    """How many bills nobody is mailed about, for no parent of the student is bound."""
    bound = Binding.objects.active().filter(student=OuterRef("student"), account__user__is_active=True)
    return Bill.objects.filter(batch=batch, state__in=Bill.ON_PAPER).exclude(Exists(bound)).count()


def items_of(batch):
    """[{name, count, total}] in the order of the table; void bills are left out."""
    items = BillItem.objects.filter(bill__batch=batch).exclude(bill__state=Bill.State.VOID).order_by()
    sums = items.values("name").annotate(count=Count("pk"), total=Sum("amount"), place=Max("position"))
    return sums.order_by("place", "name")


def without_a_bill(batch):
    """Students of this year whom the batch leaves out."""
    charged = Bill.objects.filter(batch=batch).exclude(state=Bill.State.VOID).values("student")
    students = Student.objects.of_this_year().filter(school=batch.school).exclude(pk__in=charged)
    return students.select_related("school_class").in_seating_order()
