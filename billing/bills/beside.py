"""What billing puts beside the registry's students: how far the bills of each are, for the cashier alone (ADR 41)."""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.bills.models import Bill
from core.listing import Column, Filter
from registry.desks import Beside
from registry.models import School, Student
from registry.roles import Role

# The first that is so of any bill of the student; money to be paid back and what is overdue come before the rest.
STATES = {
    "refund": (_("待退款"), Q(state=Bill.State.REFUND_DUE)),
    "overdue": (_("逾期未繳"), Q(state=Bill.State.ISSUED)),
    "open": (_("待繳費"), Q(state=Bill.State.ISSUED)),
    "paid": (_("已繳清"), Q(state__in=Bill.SETTLED)),
}
NONE = "none"


def with_bills(school: School, students: QuerySet[Student]) -> QuerySet[Student]:
    """Each with `bills_are`, a key of STATES or NONE: asked of the rows of a page alone, as of answers (review.beside)."""
    mine = Bill.objects.filter(school=school, student=OuterRef("pk")).order_by()
    late = Q(due_on__lt=timezone.localdate())
    whens = [
        When(Exists(mine.filter(condition, late if key == "overdue" else Q())), then=Value(key))
        for key, (_word, condition) in STATES.items()
    ]
    return students.annotate(bills_are=Case(*whens, default=Value(NONE), output_field=CharField()))


def word_of(one: Any) -> str:
    return str(STATES[one.bills_are][0]) if one.bills_are in STATES else ""


STUDENTS = Beside(
    columns=(Column("bills", pgettext_lazy("many", "繳費單"), word_of, order=("bills_are",), width=12),),
    filters=(
        Filter(
            "bills",
            pgettext_lazy("many", "繳費單"),
            "bills_are",
            [*((key, word) for key, (word, _condition) in STATES.items()), (NONE, _("沒有繳費單"))],
        ),
    ),
    roles=frozenset({Role.CASHIER}),
    prepare=with_bills,
    order=20,
)
