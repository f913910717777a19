"""How much of what is charged this school year is paid: for the census, which knows no bills."""

from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from billing.bills.models import Bill
from core.school_year import FIRST_MONTH, ROC_OFFSET
from registry.models import School
from registry.signals import Money


def money_by_school(school: School | None = None) -> dict[int, Money]:
    """{key of a school: its Money}; what is thrown away or given back counts for nothing. One query a school year.

    A bill in instalments is one, paid when all its parts are.
    """
    is_open = Q(state=Bill.State.ISSUED)
    kept = Q(state__in=Bill.SETTLED) & (Q(owed_back__lt=F("amount")) | Q(amount=0))
    whole = Coalesce("part_of", "pk")
    schools = School.objects.active() if school is None else School.objects.filter(pk=school.pk)
    found: dict[int, Money] = {}
    for year in schools.order_by().values_list("school_year", flat=True).distinct():
        bills = Bill.objects.filter(
            is_open | kept,
            issued_at__date__gte=date(year + ROC_OFFSET, FIRST_MONTH, 1),
            school__in=schools.filter(school_year=year),
        )
        rows = (
            bills.order_by()
            .values(key=F("school"))
            .annotate(
                bills=Count(whole, distinct=True),
                open=Count(whole, filter=is_open, distinct=True),
                owed=Sum(F("amount") - F("owed_back")),
                received=Sum(F("amount") - F("owed_back"), filter=~is_open, default=0),
            )
        )
        for row in rows:
            key = row.pop("key")
            found[key] = Money(paid=row["bills"] - row.pop("open"), **row)
    return found
